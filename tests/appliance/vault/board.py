"""A board with its card: the screen's journal, the vault in it, and everything that can happen."""

from pathlib import Path

from appliance.clock import Anchor
from appliance.journal import Journal
from appliance.twins.clock import SettableClock
from appliance.vault import RosterView, Vault
from appliance.vault.pins import Kdf
from protocol.documents import Roster, RosterLine

UTC = 1_795_000_000_000
"""18 November 2026, 12:06 in Paris."""
HOUR, DAY = 3_600_000, 86_400_000
QUICK = Kdf(memory=64, passes=1)
"""For tests of anything but the cost of a guess."""
PIN, OTHER = "482193", "730518"
UNIT, ZONE = "van-germaine", "Europe/Paris"
SECRET = b"E" * 32


def line(number: int = 1, name: str = "Aïcha", workshop: str = "cv") -> RosterLine:
    return RosterLine(workshop=workshop, number=number, first_name=name, phone="06 12 34 56 78")


class Board:
    """Used in a `with`. `secret`: what the board has of its own; None: strict mode."""

    def __init__(
        self,
        folder: Path,
        secret: bytes | None = SECRET,
        *,
        kdf: Kdf = QUICK,
        utc: int | None = UTC,
    ) -> None:
        self.path, self.clock = folder / "data" / "screen.db", SettableClock()
        self.secret, self.kdf, self.utc = secret, kdf, utc
        self.start()

    def start(self) -> None:
        """The screen's process begins."""
        self.journal = Journal.open(self.path, name="screen", clock=self.clock)
        self.it_is(self.utc)
        self.vault = Vault(self.journal, unit=UNIT, zone=ZONE, secret=self.secret, kdf=self.kdf)
        self.vault.step()

    def it_is(self, utc: int | None) -> None:
        """The clock is set, or not known."""
        self.utc = utc
        boot = self.clock.boot_id
        now = self.clock.boottime()
        self.journal.anchor = None if utc is None else Anchor(boot, now, utc, "gps", 50)

    def hours_pass(self, hours: float) -> None:
        """Seen by every clock."""
        self.clock.advance(hours * 3600)
        self.utc = None if self.utc is None else self.utc + round(hours * HOUR)
        self.vault.step()

    def power_is_cut(self, *, utc: int | None = None, boottime: int = 20_000) -> None:
        """And comes back; `utc`: what the new boot takes the time to be."""
        self.journal.close()
        self.clock.reboot(boottime)
        self.utc = utc
        self.start()

    def signs_up(self, *lines: RosterLine) -> None:
        """On this screen."""
        for one in lines:
            with self.journal.atomic():
                self.vault.add(one)

    def names(self, document: Roster | None = None) -> list[str]:
        """As staff see them."""
        return [line.first_name for line in self.view(document).lines]

    def view(self, document: Roster | None = None) -> RosterView:
        return self.vault.roster(document or Roster())

    def __enter__(self) -> "Board":
        return self

    def __exit__(self, *_: object) -> None:
        self.journal.close()
