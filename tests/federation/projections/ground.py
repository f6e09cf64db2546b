"""Events put straight into a ledger, and what the tables for reading say then. Named as facts."""

from collections.abc import Callable, Iterable
from typing import Any

from federation.database import Database
from federation.ledger import Ledger
from federation.places import Place, Places
from federation.projections.basis import Basis
from federation.projections.projector import Projector
from federation.projections.tables import TABLES
from protocol.event import Event
from tests.federation.van import UNIT, Van

NOON = 1_777_885_200_000
"""2026-05-04, 11:00 in Paris."""
HOUR = 3_600_000
MARKET = Place("Place du marché", "59350", 50.63, 3.06)


def basis(
    zone: Callable[[str], str] = lambda _unit: "Europe/Paris", places: Iterable[Place] = (MARKET,)
) -> Basis:
    """Vans of Lille."""
    return Basis(zone, Places(places), 3000.0)


def project(database: Database, told: Basis | None = None) -> Projector:
    """The tables for reading have come as far as the ledger."""
    projector = Projector(database, lambda: told or basis())
    follow(projector)
    return projector


def follow(projector: Projector, now: float = 0.0) -> None:
    """The same, by one that has been at work."""
    while projector.step(now, budget=10.0):
        pass


def van_at(utc: int | None = NOON, unit: str = UNIT, **more: Any) -> Van:
    """A van whose clock says so when it boots."""
    van = Van(unit, **more)
    van.utc_at_boot = utc
    return van


def tell(van: Van, *events: Event, apart: int = 60_000) -> list[tuple[int, int]]:
    """Its journal has these, a minute apart; their keys."""
    keys = []
    for event in events:
        row = van.append(event)
        van.boottime += apart - 1000
        keys.append((van.epoch, row.seq))
    return keys


def store(ledger: Ledger, *vans: Van, received: int = NOON + 24 * HOUR) -> None:
    """Everything on these cards that is not in the ledger arrives."""
    with ledger.transaction():
        for van in vans:
            if van.cursor < van.head:
                ledger.store(van.batch(van.cursor + 1, van.head), received)
                van.cursor = van.head


def read(database: Database, table: str) -> list[dict[str, Any]]:
    """All rows of a table for reading, in order."""
    columns = sorted(database.columns(table) - {"event"})
    rows = database.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall()
    return sorted(
        (dict(zip(columns, row, strict=True)) for row in rows),
        key=lambda row: [(value is None, str(value)) for value in row.values()],
    )


READ = (*(set(TABLES) - {"projected", "about", "dirty", "shelf", "signed_up"}), "sign_up")
"""What must be the same whatever way it came about: ids are of the order of arrival."""


def tables(database: Database) -> dict[str, list[dict[str, Any]]]:
    """All of them."""
    return {table: read(database, table) for table in sorted(READ)}
