"""Which planned stop the vehicle stands at."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from appliance.journal import Journal
from appliance.twins.clock import SettableClock
from appliance.vehicle import documents, tours
from protocol.documents import PlannedStop, Settings, Tour, Tours

PARIS = ZoneInfo("Europe/Paris")


def a_stop(name: str, lat: float, lon: float = -1.6) -> PlannedStop:
    return PlannedStop(id=name, name=name, lat=lat, lon=lon, commune="35238", opens=0, closes=60)


HALLES, ECOLE, DEPOT = a_stop("halles", 48.1), a_stop("ecole", 48.2), a_stop("depot", 48.3)
TOURS = Tours(
    tours=(
        Tour(day="2026-03-17", name="mardi", stops=(HALLES,)),
        Tour(day="2026-03-18", name="mercredi", stops=(ECOLE,)),
    ),
    depot=DEPOT,
)


def ms(day: int, hour: int) -> int:
    return int(datetime(2026, 3, day, hour, tzinfo=UTC).timestamp() * 1000)


def test_only_todays_stops_and_the_depot_count() -> None:
    plan = tours.Plan(TOURS, PARIS)
    assert plan.stops(ms(17, 9)) == (HALLES, DEPOT)
    assert plan.stops(ms(20, 9)) == (DEPOT,)


def test_while_the_day_is_not_known_any_planned_stop_may_be_it() -> None:
    plan = tours.Plan(TOURS, PARIS)
    assert plan.stops(None) == (HALLES, ECOLE, DEPOT)
    assert (plan.local(None), plan.last_closes(None)) == (None, None)


def test_the_day_is_the_vehicles_own() -> None:
    late_evening = ms(18, 2)
    assert tours.Plan(TOURS, ZoneInfo("America/Cayenne")).stops(late_evening) == (HALLES, DEPOT)
    assert tours.Plan(TOURS, PARIS).stops(late_evening) == (ECOLE, DEPOT)


def test_a_plan_ends_when_its_last_stop_closes() -> None:
    assert tours.Plan(TOURS, PARIS).last_closes(ms(17, 9)) == 60
    assert tours.Plan(TOURS, PARIS).last_closes(ms(20, 9)) is None


def test_the_nearest_within_its_radius_is_it() -> None:
    near = a_stop("near", 48.1010)
    assert tours.nearest((HALLES, near), 48.1009, -1.6) == near
    assert tours.nearest((HALLES, near), 48.1001, -1.6) == HALLES
    assert tours.nearest((HALLES, near), 48.1030, -1.6) is None


def test_distances_hold_beyond_the_date_line_and_far_north() -> None:
    assert round(tours.metres((-14.0, 179.9999), (-14.0, -179.9999))) == 22
    assert round(tours.metres((60.0, 25.0), (60.0, 25.001))) == 56


def test_the_tours_are_read_from_what_the_uplink_received(tmp_path: Path) -> None:
    path = tmp_path / "uplink.db"
    assert documents.read(path, "tour", Tours) == Tours()
    uplink = Journal.open(path, name="uplink", clock=SettableClock())
    assert documents.read(path, "tour", Tours) == Tours()
    columns = {"kind": str, "revision": int, "body": bytes, "applied": int}
    uplink.database["document"].create(columns, pk="kind")
    row = {"kind": "tour", "revision": 1, "body": msgspec.json.encode(TOURS), "applied": 0}
    uplink.database["document"].insert(row)
    assert documents.read(path, "tour", Tours) == TOURS
    uplink.database["document"].update("tour", {"body": b'{"tours": 3}'})
    assert documents.read(path, "tour", Tours) == Tours()
    assert documents.read(path, "settings", Settings) == Settings()
    uplink.close()
