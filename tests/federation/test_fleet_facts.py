"""What is read of every vehicle at once: from a real ledger and real published tours."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from federation import database, outbox
from federation.config import Store
from federation.coverage import Past
from federation.fleet_facts import FleetReader, VehicleFacts
from federation.registry import Box, Registry, Vehicle
from protocol.messages import JournalStatus, Place
from protocol.unit import ClockSet

from .bench import Bench, link, status
from .van import TRUSTED, UNIT, Van

NINE = 1_779_951_600_000  # Thursday 2026-05-28, 09:00 in Paris
MINUTE = 60_000
GERMAINE = Vehicle(
    1, "Germaine", "camion", "Europe/Paris", None, "passages", False, 1, "Les Lilas", 1, "nord",
    "Nord", (Box("van-old", 0, 10), Box(UNIT, 10, None)),
)  # fmt: skip
TOUR = (
    b'{"tours":[{"day":"2026-05-28","name":"Jeudi","stops":[{"id":"valmont","name":"Valmont",'
    b'"lat":49.08,"lon":6.7,"commune":"57690","opens":540,"closes":720}]},'
    b'{"day":"not a day","name":"x","stops":[]}]}'
)
Read = Callable[[int], dict[str, VehicleFacts]]


@pytest.fixture
def read(bench: Bench) -> Read:
    reader, store = FleetReader(), bench.store

    def look(now: int) -> dict[str, VehicleFacts]:
        with ExitStack() as stack:
            ledger = stack.enter_context(database.reading_ledger(store))
            web = stack.enter_context(database.reading_web(store))
            reader.load(ledger, web, Registry((GERMAINE,)), now)
        return {each.key: each for each in reader.vehicles(now)}

    return look


def received_at(bench: Bench, moment: int) -> None:
    bench.ingest._utc = lambda: moment


def morning(van: Van) -> Van:
    van.append(ClockSet(boot_id="boot-1", boottime=0, utc=NINE, source="gps", error=20))
    return van.notes(4)


def test_a_vehicle_goes_by_the_box_that_rides_in_it_now(bench: Bench, read: Read) -> None:
    bench.arrive(link("van-old"), link(), link("van-simone", online=False))
    found = read(NINE)
    assert list(found) == ["v1", "u:van-simone"]
    assert (found["v1"].unit, found["v1"].name) == (UNIT, "Germaine")
    assert (found["u:van-simone"].vehicle, found["u:van-simone"].name) == (None, "van-simone")


def test_it_is_complete_up_to_the_last_word_when_nothing_waits(bench: Bench, read: Read) -> None:
    received_at(bench, NINE + 10 * MINUTE)
    word = {"screen": [JournalStatus(epoch=7, head=5, watermark=5)]}
    bench.arrive(link(), morning(Van()).delivery(1, 5))
    bench.arrive(status(journals=word, utc=NINE + 9 * MINUTE))
    box = read(NINE + 11 * MINUTE)["v1"].box
    assert box is not None
    assert (box.backlog, box.complete_to) == (0, NINE + 9 * MINUTE)


def test_and_up_to_the_last_row_before_what_waits_on_board(bench: Bench, read: Read) -> None:
    received_at(bench, NINE + 10 * MINUTE)
    word = {"screen": [JournalStatus(epoch=7, head=12, watermark=3)]}
    bench.arrive(link(), morning(Van()).delivery(1, 3))
    bench.arrive(status(journals=word, utc=NINE + 9 * MINUTE))
    box = read(NINE + 11 * MINUTE)["v1"].box
    assert box is not None
    assert (box.backlog, box.complete_to) == (9, NINE + 3000)


def test_the_published_tour_says_where_it_should_be(bench: Bench, read: Read) -> None:
    received_at(bench, NINE - 30 * MINUTE)
    outbox.publish(bench.store, TRUSTED.documents, [UNIT], "tour", TOUR, NINE)
    bench.arrive(link())
    bench.arrive(status(duty="on"), link(online=False))
    assert read(NINE + 44 * MINUTE)["v1"].standing.why == "short"
    verdict = read(NINE + 45 * MINUTE)["v1"].standing
    assert (verdict.state, verdict.place, verdict.until) == ("missing", "Valmont", NINE)


def test_past_stops_teach_that_a_place_has_no_network(bench: Bench, read: Read) -> None:
    silent = Past(3, 2)
    assert (silent.teaches, Past(4, 1).teaches, Past(1, 1).teaches) == (
        "white", "covered", "unknown",
    )  # fmt: skip
    assert silent.plus(Past(2, 0)) == Past(5, 2)


def test_where_it_stands_is_the_word_of_the_box(bench: Bench, read: Read) -> None:
    bench.arrive(link(), status(place=Place(name="Marché", lat=49.1, lon=6.7, arrived=NINE)))
    box = read(NINE)["v1"].box
    assert box is not None
    assert box.where is not None
    assert (box.where.name, box.where.lat) == ("Marché", 49.1)
    bench.arrive(status(place=Place(name="École", arrived=NINE)))
    again = read(NINE)["v1"].box
    assert again is not None
    assert again.where is not None
    assert again.where.name == "École"


def test_what_changed_is_seen_again_and_a_certificate_that_ended_is_a_trouble(
    bench: Bench, read: Read
) -> None:
    bench.arrive(link())
    bench.arrive(status(certificate_until=NINE - 1, faults=("disk low",)))
    bench.ledger.database.execute("UPDATE certificate SET not_after = ?", (NINE - 1,))
    assert [each.code for each in read(NINE)["v1"].troubles] == ["certificate_ended", "disk"]
    bench.arrive(status(certificate_until=NINE + 10**10))
    assert read(NINE)["v1"].troubles == []


def test_nothing_is_read_before_there_is_a_ledger(tmp_path: Path) -> None:
    reader, store = FleetReader(), Store(data=tmp_path)
    with database.reading_web(store) as web:
        reader.load(None, web, Registry((GERMAINE,)), NINE)
    assert [each.standing.why for each in reader.vehicles(NINE)] == ["never_heard"]
