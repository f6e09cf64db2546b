"""What is told is written with the memory, or neither; a refusal loses nothing."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from appliance.clock import Stamp
from appliance.errors import JournalRefused
from appliance.journal import Journal, JournalReader
from appliance.twins.clock import SettableClock
from appliance.vehicle import memory, tellings
from appliance.vehicle.book import Place
from appliance.vehicle.memory import Memory
from appliance.vehicle.scribe import MOST, RETRY, Scribe
from appliance.vehicle.store import VehicleStore
from protocol import stops
from protocol.event import Key
from protocol.unit import Booted

SQUARE = Place(lat=48.1, lon=-1.6)


class Desk:
    def __init__(self, folder: Path) -> None:
        self.clock = SettableClock(1_000_000)
        self.path = folder / "vehicle.db"
        self.journal = Journal.open(self.path, name="vehicle", clock=self.clock)
        self.store = VehicleStore(self.journal)
        self.memory = Memory(boot_id=self.clock.boot_id)
        self.scribe = Scribe(self.journal, self.store, self.memory)

    def ago(self, seconds: int) -> Stamp:
        return Stamp(self.clock.boot_id, self.clock.now - seconds * 1000, None, "none", 0)

    def events(self) -> list[object]:
        types = [kind.TYPE for kind in (stops.Arrived, stops.Departed, stops.Corrected, Booted)]
        with JournalReader.open(self.path) as reader:
            return [entry.event for entry in reader.entries(types)]

    def the_disk_is_full(self) -> None:
        (pages,) = self.journal.database.conn.execute("PRAGMA page_count").fetchone()
        self.journal.database.conn.execute(f"PRAGMA max_page_count = {pages}")
        with suppress(JournalRefused):
            for _ in range(1000):
                self.journal.append(Booted(version="x" * 80))

    def there_is_room_again(self) -> None:
        self.journal.database.conn.execute("PRAGMA max_page_count = 1000000")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.journal.close()


def test_a_stop_gets_the_key_of_its_first_event_and_the_next_ones_name_it(desk: Desk) -> None:
    book = desk.memory.book
    for telling in tellings.arrived(book, 1, desk.ago(190), SQUARE, None):
        desk.scribe.tell(telling)
    for telling in tellings.departed(book, 1, desk.ago(4), None):
        desk.scribe.tell(telling)
    desk.scribe.write()
    stop = Key(desk.journal.epoch, 1)
    assert desk.events() == [
        stops.Arrived(source="gps", ago=190_000, lat=48.1, lon=-1.6),
        stops.Departed(source="gps", stop=stop, ago=4000),
    ]
    remembered = memory.recall(desk.store)
    assert remembered.book == book
    assert book.stops[1].key == stop


def test_what_a_full_disk_refused_is_written_once_there_is_room_with_its_true_age(
    desk: Desk,
) -> None:
    (telling,) = tellings.arrived(desk.memory.book, 1, desk.ago(190), SQUARE, None)
    desk.the_disk_is_full()
    head = desk.journal.head
    desk.scribe.tell(telling)
    desk.scribe.attempt(100.0, desk.scribe.write)
    desk.scribe.attempt(101.0, desk.scribe.write)
    assert (desk.scribe.refused, desk.journal.head, telling.stop.key) == (1, head, None)
    assert "full" in desk.scribe.trouble
    desk.there_is_room_again()
    desk.clock.advance(60)
    desk.scribe.attempt(100.0 + RETRY, desk.scribe.write)
    assert desk.events()[-1] == stops.Arrived(source="gps", ago=250_000, lat=48.1, lon=-1.6)
    assert (desk.scribe.trouble, desk.scribe.behind) == ("", False)


def test_of_too_much_that_is_untold_the_oldest_gives_way_and_is_counted(desk: Desk) -> None:
    for number in range(MOST + 3):
        desk.scribe.tell(Booted(version=str(number)))
    desk.scribe.write()
    assert desk.events()[0] == Booted(version="3")
    assert (desk.scribe.dropped, len(desk.events())) == (3, MOST)


def test_a_memory_of_another_version_is_begun_anew(desk: Desk) -> None:
    with desk.journal.atomic():
        desk.store.remember("vehicle", b'{"duty": 3}')
    assert memory.recall(desk.store) == Memory()
