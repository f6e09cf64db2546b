"""What the screen knows again after its journal was damaged and put aside."""

from pathlib import Path

from appliance.clock import Anchor, Stamp
from appliance.journal import Journal
from appliance.twins.clock import SettableClock
from protocol.day import Closed
from protocol.duty import Ended, Started
from protocol.event import Event
from protocol.stops import Arrived
from protocol.visits import CheckedIn
from ui import memory

MORNING = 1_795_000_000_000
DAY = 86_400_000


class Screen:
    """A screen's journal, and what the screen would read in it."""

    def __init__(self, folder: Path) -> None:
        self.path, self.clock = folder / "screen.db", SettableClock()
        self.open()

    def open(self) -> None:
        self.journal = Journal.open(self.path, name="screen", clock=self.clock)
        now = self.clock.boottime()
        self.journal.anchor = Anchor(self.clock.boot_id, now, MORNING, "gps", 50)

    def says(self, *events: Event) -> None:
        for event in events:
            self.journal.append(event)

    def checks_in(self, *numbers: int) -> None:
        self.says(*(CheckedIn(number=n, door="logement", theme="logement") for n in numbers))

    def is_put_aside(self) -> None:
        """The file is damaged while nobody has it open."""
        self.journal.close()
        with self.path.open("r+b") as file:
            file.write(b"no journal at all")
        self.open()

    def next_number(self, days_later: int = 0) -> int:
        utc = MORNING + days_later * DAY
        now = Stamp(self.clock.boot_id, self.clock.boottime(), utc, "gps", 50)
        return memory.next_number(self.path, now, self.journal.anchor, "Europe/Paris")

    def knows(self) -> tuple[int, str, bool]:
        return self.next_number(), memory.last_duty(self.path), memory.said_arrived(self.path)


def test_what_was_said_before_a_file_was_put_aside_is_still_known(tmp_path: Path) -> None:
    screen = Screen(tmp_path)
    screen.checks_in(1, 2)
    screen.says(Started(), Arrived(source="driver"))
    screen.is_put_aside()
    assert screen.knows() == (3, "on", True)
    screen.checks_in(3)
    screen.is_put_aside()
    assert len(list((tmp_path / "aside").glob("*.db"))) == 2
    assert screen.knows() == (4, "on", True)
    screen.journal.close()


def test_the_newest_word_wins_and_a_day_over_is_not_looked_for(tmp_path: Path) -> None:
    screen = Screen(tmp_path)
    screen.checks_in(1, 2)
    screen.says(Started())
    screen.is_put_aside()
    assert screen.next_number(days_later=1) == 1
    screen.says(Ended(), Closed())
    assert screen.knows() == (1, "off", False)
    screen.journal.close()


def test_a_file_put_aside_that_cannot_be_read_refuses_no_check_in(tmp_path: Path) -> None:
    screen = Screen(tmp_path)
    screen.checks_in(1)
    screen.is_put_aside()
    (aside,) = (tmp_path / "aside").glob("*.db")
    aside.chmod(0o640)
    aside.write_bytes(b"damaged" * 500)
    assert screen.next_number() == 1
    screen.journal.close()
