"""What changes beside the ledger, or long after: clocks, zones, places, forgetting, workers."""

from contextlib import closing
from pathlib import Path

import pytest

from federation import cli, lines
from federation.config import Store
from federation.ledger import Ledger
from federation.people.retention import DAY, Forgetting
from federation.places import Place
from federation.projections.projector import LOOK_SECONDS, Projector
from federation.projections.rebuilding import rebuild
from federation.spans import Span
from protocol.event import Key
from protocol.retention import RULES
from protocol.stops import Arrived, Departed
from protocol.topics import partition
from protocol.unit import ClockSet
from protocol.visits import CheckedIn
from protocol.workshops import Attended, SignedUp
from tests.federation.van import UNIT, Van
from tests.support import write_toml

from .ground import HOUR, MARKET, NOON, basis, follow, project, read, store, tables, tell, van_at

IN = CheckedIn(number=1, door="sante", theme="sante")


def days(ledger: Ledger) -> list[str]:
    return [row["day"] for row in read(ledger.database, "visit")]


def test_a_clock_learnt_late_dates_the_whole_boot_its_sums_and_its_stop(ledger: Ledger) -> None:
    van, vehicle = van_at(None), van_at(None, epoch=9, journal="vehicle")
    tell(vehicle, Arrived(source="gps", commune="59009"))
    van.boottime = 30 * 60_000
    tell(van, IN)
    store(ledger, van, vehicle)
    projector = project(ledger.database)
    (row,) = read(ledger.database, "visit")
    assert (row["dated"], row["stop_seq"]) == (0, None)
    vehicle.append(ClockSet(boot_id="boot-1", boottime=0, utc=NOON, source="gps", error=1))
    store(ledger, vehicle)
    follow(projector)
    (row,) = read(ledger.database, "visit")
    assert (row["dated"], row["day"], row["stop_seq"], row["stop_commune"]) == (
        1, "2026-05-04", 1, "59009",
    )  # fmt: skip
    periods = {row["period"] for row in read(ledger.database, "aggregate")}
    assert periods == {"2026", "2026-05", "2026-05-04"}


def test_a_visit_is_at_the_stop_of_its_time_until_the_van_has_left(ledger: Ledger) -> None:
    van, vehicle = van_at(), van_at(epoch=9, journal="vehicle")
    tell(van, *[IN] * 4, apart=30 * 60_000)
    vehicle.boottime = 20 * 60_000
    tell(vehicle, Arrived(source="gps", lat=MARKET.lat, lon=MARKET.lon))
    store(ledger, van, vehicle)
    projector = project(ledger.database)
    assert [row["stop_seq"] for row in read(ledger.database, "visit")].count(1) == 3
    vehicle.boottime = 70 * 60_000
    tell(vehicle, Departed(source="gps"))
    store(ledger, vehicle)
    follow(projector)
    communes = [row["stop_commune"] for row in read(ledger.database, "visit")]
    assert communes.count(MARKET.commune) == 2


@pytest.mark.parametrize(
    ("zone", "day"), [("America/Cayenne", "2026-05-04"), ("Europe/Paris", "2026-05-05")]
)
def test_days_are_cut_where_the_vehicle_is_and_again_when_it_moves(
    ledger: Ledger, zone: str, day: str
) -> None:
    van = van_at(NOON + 14 * HOUR)
    tell(van, IN)
    store(ledger, van)
    now = ["America/Guadeloupe"]
    projector = Projector(ledger.database, lambda: basis(lambda _unit: now[0]))
    follow(projector)
    assert days(ledger) == ["2026-05-04"]
    now[0] = zone
    follow(projector, LOOK_SECONDS)
    assert days(ledger) == [day]
    assert {row["period"] for row in read(ledger.database, "aggregate")} == {"2026", "2026-05", day}


def test_a_zone_that_nobody_knows_stops_nothing(ledger: Ledger) -> None:
    van = van_at()
    tell(van, IN)
    store(ledger, van)
    project(ledger.database, basis(lambda _unit: "Europe/Nowhere"))
    assert days(ledger) == ["2026-05-04"]


def test_a_place_that_is_known_later_gives_stops_and_visits_their_commune(ledger: Ledger) -> None:
    van, vehicle = van_at(), van_at(epoch=9, journal="vehicle")
    tell(vehicle, Arrived(source="gps", lat=MARKET.lat, lon=MARKET.lon))
    van.boottime = 60_000
    tell(van, IN)
    store(ledger, van, vehicle)
    known: list[Place] = []
    projector = Projector(ledger.database, lambda: basis(places=known))
    follow(projector)
    assert read(ledger.database, "visit")[0]["stop_commune"] == "non_communique"
    known.append(MARKET)
    follow(projector, LOOK_SECONDS)
    assert read(ledger.database, "visit")[0]["stop_commune"] == MARKET.commune
    assert read(ledger.database, "stop")[0]["name"] == MARKET.name


def test_a_position_that_the_ledger_forgot_is_gone_from_its_row_and_no_figure_moves(
    ledger: Ledger,
) -> None:
    van, vehicle = van_at(), van_at(epoch=9, journal="vehicle")
    tell(vehicle, Arrived(source="gps", lat=MARKET.lat, lon=MARKET.lon))
    tell(van, IN)
    store(ledger, van, vehicle, received=NOON)
    projector = project(ledger.database)
    before = tables(ledger.database)
    forgetting = Forgetting(ledger.database, lambda: basis().places, 3000)
    with ledger.transaction():
        forgetting.turn(0.0, NOON + (RULES["federation.positions"].days + 1) * DAY)
    follow(projector)
    after = tables(ledger.database)
    (stop,) = after.pop("stop")
    assert (stop.pop("lat"), stop.pop("lon")) == (None, None)
    (was,) = before.pop("stop")
    assert (was.pop("lat"), was.pop("lon")) == (MARKET.lat, MARKET.lon)
    assert (stop, after) == (was, before)


def test_whether_a_name_can_be_opened_shows_the_moment_it_is_erased(ledger: Ledger) -> None:
    van = van_at()
    tell(van, SignedUp(workshop="cv", number=1))
    store(ledger, van)
    project(ledger.database)
    (event,) = ledger.database.execute("SELECT event FROM signed_up").fetchone()
    seen = []
    for envelope in (b"sealed", None):
        ledger.database.execute(
            "INSERT INTO sealed (event, envelope) VALUES (?, ?)"
            " ON CONFLICT (event) DO UPDATE SET envelope = excluded.envelope",
            (event, envelope),
        )
        seen.append(read(ledger.database, "sign_up")[0]["has_envelope"])
    assert seen == [1, 0]


def test_attendance_tells_the_key_that_a_sign_up_is_known_by_whichever_row_came_first(
    ledger: Ledger,
) -> None:
    van = van_at()
    tell(van, SignedUp(workshop="cv", number=1))
    card = van.restored()
    van._rotate(1)
    tell(van, Attended(workshop="cv", status="seen", sign_up=Key(van.epoch, 1)))
    store(ledger, van)
    projector = project(ledger.database)
    seen = []
    for _ in range(2):
        (line,), (made,) = read(ledger.database, "attendance"), read(ledger.database, "sign_up")
        assert (line["sign_up_epoch"], line["sign_up_seq"]) == (made["epoch"], made["seq"])
        seen.append(made["epoch"])
        with ledger.transaction():
            ledger.store(card.batch(1, 1), NOON)
            lines.mark_copies(ledger.database, card.unit, card.epoch, Span(1, 1))
        follow(projector)
    assert seen == [van.epoch, card.epoch]


def test_a_turn_ends_with_its_time_and_the_next_one_goes_on(ledger: Ledger) -> None:
    van = van_at()
    tell(van, *[IN] * 300)
    store(ledger, van)
    seconds = iter(range(10_000))
    projector = Projector(ledger.database, basis, clock=lambda: float(next(seconds)))
    turns = 1
    while projector.step(0.0, budget=0.5):
        turns += 1
    assert turns > 1
    assert len(days(ledger)) == 300
    assert not projector.step(1.0, budget=0.5)


def test_each_worker_follows_its_own_partitions_and_takes_over_where_another_was(
    ledger: Ledger,
) -> None:
    vans = [van_at(unit=UNIT), van_at(unit="van-paulette")]
    for van in vans:
        tell(van, IN)
    store(ledger, *vans)
    mine, its = (partition(van.unit) for van in vans)
    assert mine != its
    follow(Projector(ledger.database, basis, partitions=[mine]))
    assert [row["unit"] for row in read(ledger.database, "visit")] == [UNIT]
    follow(Projector(ledger.database, basis, partitions=[mine, its]))
    assert [row["unit"] for row in read(ledger.database, "visit")] == [UNIT, "van-paulette"]
    before = tables(ledger.database)
    rebuild(ledger.database, basis())
    assert tables(ledger.database) == before


def test_a_time_that_no_calendar_has_is_no_time(ledger: Ledger) -> None:
    van: Van = van_at(2**52)
    tell(van, IN, Arrived(source="gps", ago=2**53))
    store(ledger, van)
    project(ledger.database)
    assert [row["dated"] for row in read(ledger.database, "visit")] == [0]


class TestTheCommand:
    def test_it_makes_all_again_and_says_how_far(
        self, store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        config = _config(store, tmp_path)
        with closing(Ledger.open(store)) as ledger:
            van = van_at()
            tell(van, IN, IN)
            _arrive(ledger, van)
        assert cli.main(["--config", str(config), "rebuild"]) == 0
        assert "made again, up to event 2" in capsys.readouterr().out
        with closing(Ledger.open(store)) as ledger:
            assert len(read(ledger.database, "visit")) == 2

    def test_while_ingest_works_it_refuses_in_one_sentence(
        self, store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        config = _config(store, tmp_path)
        with closing(Ledger.open(store)):
            assert cli.main(["--config", str(config), "rebuild"]) == 1
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        assert "stop" in said


def _config(place: Store, folder: Path) -> Path:
    told = {"data": str(place.data)}
    if place.postgresql is not None:
        told["postgresql"] = place.postgresql
    path = folder / "rebuild.toml"
    write_toml(path, {"store": told})
    return path


def _arrive(ledger: Ledger, van: Van) -> None:
    with ledger.transaction():
        ledger.store(van.batch(1, van.head), NOON)
