"""What is told of a stop when the GPS, the driver, or both speak of it."""

import msgspec

from appliance.clock import Stamp
from appliance.vehicle import logbook
from appliance.vehicle.logbook import Logbook, Place, Stop, Telling, elapsed
from protocol.documents import PlannedStop
from protocol.event import Key
from protocol.stops import Arrived, Corrected, Departed

SQUARE = Place(lat=48.1, lon=-1.6)
WORD, OTHER_WORD, OURS = Key(7, 1), Key(7, 2), Key(9, 4)


def at(minute: float, *, boot_id: str = "boot-1", utc: int | None = None) -> Stamp:
    return Stamp(boot_id, round(minute * 60_000), utc, "gps" if utc else "none", 0)


def written(tellings: list[Telling], key: Key = OURS) -> list[tuple[str, str, Key | None]]:
    """What they say, once the writer gave a stop without a key the key of its first event."""
    told = []
    for telling in tellings:
        telling.stop.key = telling.stop.key or key
        told.append((telling.event.TYPE, getattr(telling.event, "source", ""), telling.stop.key))
    return told


def a_stop_by_gps(book: Logbook, minute: float = 10) -> None:
    written(logbook.sensed_arrival(book, at(minute), SQUARE))


def test_a_stop_seen_by_the_gps_alone_arrives_and_departs_by_it() -> None:
    book = Logbook()
    (arrival,) = logbook.sensed_arrival(book, at(10), SQUARE)
    assert arrival.event == Arrived(source="gps", lat=48.1, lon=-1.6)
    assert arrival.at == at(10)
    written([arrival])
    (departure,) = logbook.sensed_departure(book, at(40))
    assert (departure.event, departure.at) == (Departed(source="gps"), at(40))
    assert departure.stop.key == OURS
    assert book == Logbook(last=departure.stop)


def test_the_planned_stop_gives_its_name_and_commune() -> None:
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
    (arrival,) = logbook.sensed_arrival(Logbook(), at(10), place)
    assert arrival.event == Arrived(
        source="gps",
        lat=48.1,
        lon=-1.6,
        planned="halles",
        name="Les Halles",
        commune="35238",
        territory_class="qpv",
        zoning_year=2024,
        uncertain=True,
    )


def test_a_driver_who_confirms_gives_the_time_and_is_cited_and_the_place_stays() -> None:
    book = Logbook()
    a_stop_by_gps(book, 10)
    (arrival,) = logbook.said_arrived(book, WORD, at(12), SQUARE)
    assert arrival.event == Arrived(source="both", cites=WORD, lat=48.1, lon=-1.6)
    assert (arrival.at, arrival.stop.key) == (at(12), OURS)


def test_a_word_said_much_later_confirms_and_moves_no_time() -> None:
    book = Logbook()
    a_stop_by_gps(book, 10)
    (arrival,) = logbook.said_arrived(book, WORD, at(50), SQUARE)
    assert (arrival.at, arrival.event.cites) == (at(10), WORD)


def test_a_driver_who_speaks_first_gives_the_stop_its_key_and_its_time() -> None:
    book = Logbook()
    assert logbook.said_arrived(book, WORD, at(9), None) == []
    (arrival,) = logbook.sensed_arrival(book, at(9.5), SQUARE)
    assert arrival.event == Arrived(source="both", cites=WORD, lat=48.1, lon=-1.6)
    assert (arrival.at, arrival.stop.key) == (at(9), WORD)
    assert written(logbook.sensed_departure(book, at(30))) == [("stop.departed", "gps", WORD)]


def test_a_driver_seen_standing_needs_no_three_minutes() -> None:
    book = Logbook()
    assert written(logbook.said_arrived(book, WORD, at(9), SQUARE)) == [
        ("stop.arrived", "both", WORD)
    ]
    assert logbook.sensed_arrival(book, at(9), SQUARE) == []


def test_a_second_touch_tells_nothing_new() -> None:
    book = Logbook()
    a_stop_by_gps(book)
    logbook.said_arrived(book, WORD, at(11), SQUARE)
    assert logbook.said_arrived(book, OTHER_WORD, at(12), SQUARE) == []


def test_a_departure_said_by_the_driver_is_told_once_and_the_gps_adds_nothing() -> None:
    book = Logbook()
    a_stop_by_gps(book)
    (departure,) = logbook.said_departed(book, WORD, at(40))
    assert (departure.event, departure.at) == (Departed(source="both", cites=WORD), at(40))
    assert logbook.sensed_departure(book, at(41)) == []
    assert logbook.sensed_return(book) == []


def test_a_departure_said_on_the_road_confirms_the_one_seen_and_keeps_its_time() -> None:
    book = Logbook()
    a_stop_by_gps(book)
    logbook.sensed_departure(book, at(40))
    (departure,) = logbook.said_departed(book, WORD, at(45))
    assert (departure.event, departure.at) == (Departed(source="both", cites=WORD), at(40))
    assert logbook.said_departed(book, OTHER_WORD, at(46)) == []


def test_a_departure_said_long_after_or_of_no_stop_is_the_drivers_word_alone() -> None:
    book = Logbook()
    assert logbook.said_departed(book, WORD, at(5)) == []
    a_stop_by_gps(book)
    logbook.sensed_departure(book, at(40))
    assert logbook.said_departed(book, WORD, at(60)) == []


def test_a_stop_of_the_driver_alone_is_closed_by_the_driver_without_a_word_of_ours() -> None:
    book = Logbook()
    logbook.said_arrived(book, WORD, at(9), None)
    assert logbook.said_departed(book, OTHER_WORD, at(30)) == []
    assert book.open is None


def test_a_vehicle_that_had_only_moved_a_little_takes_its_departure_back() -> None:
    book = Logbook()
    a_stop_by_gps(book)
    logbook.sensed_departure(book, at(40))
    (correction,) = logbook.sensed_return(book)
    assert isinstance(correction.event, Corrected)
    assert (correction.event.still_there, correction.stop.key) == (True, OURS)
    assert book.open is not None
    assert logbook.sensed_return(book) == []


def test_the_end_of_duty_ends_the_stop_and_cites_the_word_that_ended_it() -> None:
    book = Logbook()
    a_stop_by_gps(book)
    (departure,) = logbook.duty_over(book, at(60), WORD, pause=False)
    assert (departure.event, departure.at) == (Departed(source="both", cites=WORD), at(60))
    assert logbook.duty_over(book, at(61), None, pause=False) == []


def test_a_service_that_ended_by_itself_cites_nobody() -> None:
    book = Logbook()
    a_stop_by_gps(book)
    assert written(logbook.duty_over(book, at(60), None, pause=False)) == [
        ("stop.departed", "gps", OURS)
    ]


def test_after_a_pause_at_the_same_place_the_stop_goes_on_elsewhere_it_does_not() -> None:
    for place, told in (
        (Place(lat=48.1003, lon=-1.6), "stop.corrected"),
        (Place(lat=48.11, lon=-1.6), "stop.arrived"),
    ):
        book = Logbook()
        a_stop_by_gps(book)
        logbook.duty_over(book, at(60), WORD, pause=True)
        (telling,) = logbook.sensed_arrival(book, at(90), place)
        assert told == telling.event.TYPE


def test_time_between_two_boots_is_told_by_utc_or_not_at_all() -> None:
    assert elapsed(at(1), at(4)) == 180_000
    assert elapsed(at(1), at(2, boot_id="boot-2")) is None
    assert elapsed(at(1, utc=1_000_000), at(2, boot_id="boot-2", utc=1_300_000)) == 300_000


def test_a_stop_kept_over_a_restart_is_the_same() -> None:
    book = Logbook(open=Stop(key=OURS, source="both", arrived=at(1), word=WORD, place=SQUARE))
    assert msgspec.json.decode(msgspec.json.encode(book), type=Logbook) == book
