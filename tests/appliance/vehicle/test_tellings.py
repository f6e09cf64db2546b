"""Which events a fact of a stop becomes: keys, citations, places, ages."""

import msgspec

from appliance.clock import Stamp
from appliance.vehicle import tellings
from appliance.vehicle.book import Book, Place
from appliance.vehicle.moments import elapsed
from appliance.vehicle.tellings import Telling, finished
from protocol.documents import PlannedStop
from protocol.event import Key
from protocol.stops import Arrived, Corrected, Departed

SQUARE = Place(lat=48.1, lon=-1.6)
WORD, OTHER_WORD, OURS = Key(7, 1), Key(7, 2), Key(9, 4)


def at(minute: float, *, boot_id: str = "boot-1", utc: int | None = None) -> Stamp:
    return Stamp(boot_id, round(minute * 60_000), utc, "gps" if utc else "none", 0)


def written(told: list[Telling], key: Key = OURS) -> list[Arrived | Departed | Corrected]:
    """The events as written an hour into the boot; a stop without a key gets `key` by its first."""
    events = []
    for telling in told:
        events.append(finished(telling, at(60)))
        telling.stop.key = telling.stop.key or key
    return events


def ago(minute: float) -> int:
    return round((60 - minute) * 60_000)


def a_stop(book: Book, minute: float = 10, place: Place | None = SQUARE) -> None:
    written(tellings.arrived(book, 1, at(minute), place, None))


def test_a_stop_seen_by_the_gps_is_known_by_its_first_event() -> None:
    book = Book()
    assert written(tellings.arrived(book, 1, at(10), SQUARE, None)) == [
        Arrived(source="gps", ago=ago(10), lat=48.1, lon=-1.6)
    ]
    assert written(tellings.departed(book, 1, at(40), None)) == [
        Departed(source="gps", stop=OURS, ago=ago(40))
    ]
    assert (book.standing, book.latest and book.latest.departed) == (None, at(40))


def test_the_planned_stop_gives_its_name_its_commune_and_its_class() -> None:
    planned = PlannedStop(
        id="halles",
        name="Les Halles",
        lat=48.1,
        lon=-1.6,
        commune="35238",
        opens=540,
        closes=720,
        territory_class="qpv",
        zoning_year=2024,
    )
    place = Place(lat=48.1000004, lon=-1.6, planned=planned, uncertain=True)
    assert written(tellings.arrived(Book(), 1, at(10), place, None)) == [
        Arrived(
            source="gps",
            ago=ago(10),
            lat=48.1,
            lon=-1.6,
            planned="halles",
            name="Les Halles",
            commune="35238",
            territory_class="qpv",
            zoning_year=2024,
            uncertain=True,
        )
    ]


def test_a_word_said_first_is_the_key_and_told_by_us_only_with_a_place() -> None:
    book = Book()
    assert tellings.arrived(book, 1, at(9), None, WORD) == []
    assert written(tellings.confirmed(book, 1, None, SQUARE, None)) == [
        Arrived(source="both", stop=WORD, cites=WORD, ago=ago(9), lat=48.1, lon=-1.6)
    ]
    assert written(tellings.arrived(Book(), 1, at(9), SQUARE, WORD)) == [
        Arrived(source="both", stop=WORD, cites=WORD, ago=ago(9), lat=48.1, lon=-1.6)
    ]


def test_a_word_said_after_gives_its_time_is_cited_and_the_place_stays() -> None:
    book = Book()
    a_stop(book)
    assert written(tellings.confirmed(book, 1, at(12), None, WORD)) == [
        Arrived(source="both", stop=OURS, cites=WORD, ago=ago(12), lat=48.1, lon=-1.6)
    ]


def test_a_departure_said_is_cited_but_two_words_alone_need_nothing_from_us() -> None:
    book = Book()
    a_stop(book)
    assert written(tellings.departed(book, 1, at(40), WORD)) == [
        Departed(source="both", stop=OURS, cites=WORD, ago=ago(40))
    ]
    alone = Book()
    tellings.arrived(alone, 1, at(9), None, WORD)
    assert tellings.departed(alone, 1, at(40), OTHER_WORD) == []


def test_a_stop_of_the_driver_that_nobody_ended_is_ended_by_us() -> None:
    book = Book()
    tellings.arrived(book, 1, at(9), None, WORD)
    assert written(tellings.departed(book, 1, at(40), None)) == [
        Departed(source="gps", stop=WORD, ago=ago(40))
    ]


def test_after_a_break_at_the_same_place_the_stop_goes_on_elsewhere_it_does_not() -> None:
    for lat, kind in ((48.1003, Corrected), (48.11, Arrived)):
        book = Book()
        a_stop(book)
        tellings.departed(book, 1, at(40), WORD, paused=True)
        (event,) = written(tellings.arrived(book, 2, at(50), Place(lat=lat, lon=-1.6), None))
        assert isinstance(event, kind)
    assert written(tellings.departed(book, 2, at(55), None))[0].TYPE == "stop.departed"


def test_what_is_said_of_an_unknown_stop_tells_nothing() -> None:
    book = Book()
    assert tellings.confirmed(book, 5, at(1), SQUARE, WORD) == []
    assert tellings.departed(book, 5, at(1), None) == []


def test_time_between_two_boots_is_told_by_utc_or_not_at_all() -> None:
    assert elapsed(at(1), at(4)) == 180_000
    assert elapsed(at(1), at(2, boot_id="boot-2")) is None
    assert elapsed(at(1, utc=1_000_000), at(2, boot_id="boot-2", utc=1_300_000)) == 300_000


def test_a_book_kept_over_a_restart_is_the_same() -> None:
    book = Book()
    a_stop(book)
    tellings.confirmed(book, 1, at(12), None, WORD)
    assert msgspec.json.decode(msgspec.json.encode(book), type=Book) == book
