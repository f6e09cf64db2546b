"""A tour of the day, the time, and stops in the vehicle's word, for tests of the driver's pages."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from appliance.clock import Anchor, Stamp
from appliance.journal import Journal
from appliance.uplink.cursors import Memory
from appliance.vehicle.store import VehicleStore
from protocol.documents import PlannedStop, Tour, Tours
from ui.desk import Desk

NOON = round(datetime(2026, 3, 17, 11, 0, tzinfo=UTC).timestamp() * 1000)
"""Twelve o'clock in Paris."""


def planned(id: str, hour: int, **more: Any) -> PlannedStop:
    """A stop of an hour from that hour on."""
    place = {"lat": 48.1, "lon": -1.6, "commune": "35238", "name": id.title(), **more}
    return PlannedStop(id=id, opens=hour * 60, closes=hour * 60 + 60, **place)


STOPS = (planned("halles", 9), planned("ecole", 14), planned("mairie", 16))


def knows_time(desk: Desk, utc: int = NOON) -> None:
    """The GPS has told it."""
    house = desk.house
    vehicle = Journal.open(house.data / "vehicle.db", name="vehicle", clock=house.clock)
    store = VehicleStore(vehicle)
    with vehicle.atomic():
        store.keep_anchor(Anchor(house.clock.boot_id, house.clock.boottime(), utc, "gps", 50))
    vehicle.close()
    house.learn_time()


def on_tour(desk: Desk, *stops: PlannedStop, day: str = "2026-03-17") -> None:
    """The federation has sent a tour, and it is noon."""
    knows_time(desk)
    tour = Tour(day=day, name="Tournée du mardi", stops=stops or STOPS)
    uplink = Journal.open(desk.house.uplink, name="uplink", clock=desk.house.clock)
    with uplink.atomic():
        Memory(uplink)
        uplink.database.conn.execute(
            "INSERT OR REPLACE INTO document (kind, revision, body, applied) "
            "VALUES ('tour', 1, ?, 0)",
            (msgspec.json.encode(Tours(tours=(tour,))),),
        )
    uplink.close()


def at(desk: Desk, minutes: int) -> Stamp:
    """So many minutes ago."""
    now = desk.house.stamp()
    utc = None if now.utc is None else now.utc - minutes * 60_000
    return msgspec.structs.replace(now, boottime=now.boottime - minutes * 60_000, utc=utc)


def told(desk: Desk, seq: int, came: int, left: int | None = None, **more: Any) -> dict[str, Any]:
    """A stop as the vehicle tells it: minutes ago."""
    departed = None if left is None else at(desk, left)
    stop = {"id": [7, seq], "arrived": at(desk, came), "departed": departed, **more}
    return msgspec.to_builtins(stop)
