"""Snapshots: a position of the ledger, with all that figures depend on besides, as it was then.

The same snapshot exports the same bytes, whatever changed since. Tables are in the web's store.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Final

import msgspec
import zstandard

from .. import gazetteer, registry
from ..config import FederationConfig
from ..database import Database, reading_ledger, reading_web, writing_web
from ..errors import OperatorError
from ..places import Place, Places
from ..projections.basis import Basis
from ..projections.rebuilding import build_until
from ..registry import Registry, Vehicle
from . import complete, telephone
from .facts import Facts
from .machines import Completeness
from .period import Period
from .plans import Book, Plans
from .published import Published
from .shapes import Rules
from .telephone import Telephoned

TABLES: Final = """
CREATE TABLE IF NOT EXISTS snapshot (
    number INTEGER PRIMARY KEY,
    position INTEGER NOT NULL UNIQUE,   -- id of the ledger's last event in it
    made INTEGER NOT NULL,              -- milliseconds since 1970
    content BLOB NOT NULL               -- compressed JSON: federation.reporting.snapshot.Snapshot
);
-- What was published of a snapshot: the next one tells what changed.
CREATE TABLE IF NOT EXISTS exported (
    number INTEGER NOT NULL,
    scope TEXT NOT NULL,                -- period and territory
    previous INTEGER,                   -- the snapshot that it was compared with
    lines BLOB NOT NULL,                -- compressed: federation.reporting.changes
    PRIMARY KEY (number, scope)
) WITHOUT ROWID;
"""
_HELD = "SELECT number, content FROM snapshot WHERE position = ?"
_LAST = "SELECT coalesce(max(number), 0) FROM snapshot"
_KEEP = "INSERT INTO snapshot (number, position, made, content) VALUES (?, ?, ?, ?)"
_NEWEST = "SELECT coalesce(max(id), 0) FROM event"
_REACHED = "SELECT count(DISTINCT event), min(event), min(places), max(places) FROM projected"
_ZONES = "SELECT unit, zone FROM projected_unit"


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """Everything but the ledger itself."""

    position: int
    made: int
    vehicles: tuple[Vehicle, ...]
    plans: Plans
    places: tuple[Place, ...]
    within: float
    complete: tuple[Completeness, ...]
    rules: Rules
    telephoned: tuple[Telephoned, ...] = ()
    number: int = 0

    @property
    def registry(self) -> Registry:
        """Vehicles as they were."""
        return Registry(self.vehicles)

    @property
    def basis(self) -> Basis:
        """Zones and places as they were."""
        return Basis(self.registry.zone, Places(self.places), self.within)

    @property
    def completeness(self) -> dict[str, Completeness]:
        """By unit."""
        return {told.unit: told for told in self.complete}


class Opened:
    """A snapshot and the tables it is of."""

    def __init__(self, snapshot: Snapshot, database: Database) -> None:
        self.snapshot, self._database = snapshot, database

    def published(self, period: Period) -> Published:
        """The tables of a period."""
        told = self.snapshot
        facts = Facts(self._database, told.registry, told.plans, period, told.made, told.telephoned)
        return Published(facts, told.rules)


@contextmanager
def opened(settings: FederationConfig, as_of: int | None, now: int) -> Iterator[Opened]:
    """The snapshot of a position, or of now; kept from here on. Raises OperatorError.

    `now`: milliseconds since 1970.
    """
    with reading_ledger(settings.store) as ledger, ledger.transaction():
        position = _position(ledger, as_of)
        held = _held(settings, position) or _new(settings, ledger, position, now, Book())
        snapshot = kept(settings, held)
        if as_of is None and _is_ready(ledger, snapshot):
            yield Opened(snapshot, ledger)
            return
    with (
        reading_ledger(settings.store) as ledger,
        closing(build_until(ledger, position, snapshot.basis)) as tables,
    ):
        yield Opened(snapshot, tables)


@contextmanager
def looked_at(settings: FederationConfig, now: int, book: Book) -> Iterator[Opened]:
    """The tables as they are now, for a page: nothing is kept, a moment's lag does not matter.

    `book`: kept from page to page, so that what was read of it once is not read again.
    """
    with reading_ledger(settings.store) as ledger, ledger.transaction():
        yield Opened(_new(settings, ledger, _reached(ledger), now, book), ledger)


def kept(settings: FederationConfig, snapshot: Snapshot) -> Snapshot:
    """The snapshot with its number, in the store."""
    if snapshot.number:
        return snapshot
    with writing_web(settings.store, TABLES) as web:
        found = web.execute(_HELD, (snapshot.position,)).fetchone()
        if found:
            return _read(*found)
        number = int(web.execute(_LAST).fetchone()[0]) + 1
        content = zstandard.compress(msgspec.json.encode(snapshot))
        web.execute(_KEEP, (number, snapshot.position, snapshot.made, content))
    return msgspec.structs.replace(snapshot, number=number)


def _position(ledger: Database, as_of: int | None) -> int:
    newest = int(ledger.execute(_NEWEST).fetchone()[0])
    if as_of is None:
        return _reached(ledger) or newest
    if not 0 < as_of <= newest:
        raise OperatorError(
            f"--as-of {as_of} is no position of this ledger: its last event is {newest}."
        )
    return as_of


def _reached(ledger: Database) -> int:
    return int(ledger.execute(_REACHED).fetchone()[1] or 0)


def _is_ready(ledger: Database, snapshot: Snapshot) -> bool:
    """Whether the tables for reading are at this very position, with these zones and places."""
    positions, reached, *marks = ledger.execute(_REACHED).fetchone()
    waiting = ledger.execute("SELECT count(*) FROM dirty").fetchone()[0]
    zones = all(snapshot.registry.zone(u) == z for u, z in ledger.execute(_ZONES).fetchall())
    here = positions == 1 and reached == snapshot.position and not waiting
    return here and zones and set(marks) == {snapshot.basis.places.mark()}


def _held(settings: FederationConfig, position: int) -> Snapshot | None:
    with reading_web(settings.store) as web:
        if not web.columns("snapshot"):
            return None
        found = web.execute(_HELD, (position,)).fetchone()
    return _read(*found) if found else None


def _read(number: int, content: bytes) -> Snapshot:
    held = msgspec.json.decode(zstandard.decompress(bytes(content)), type=Snapshot)
    return msgspec.structs.replace(held, number=number)


def _new(
    settings: FederationConfig, ledger: Database, position: int, now: int, book: Book
) -> Snapshot:
    with reading_web(settings.store) as web:
        known = registry.read(web)
        book.follow(web, known.zone)
        telephoned = tuple(telephone.read(web))
    said = settings.reports
    return Snapshot(
        position=position,
        made=now,
        vehicles=known.vehicles,
        plans=book.plans,
        places=tuple(gazetteer.known(settings)),
        within=settings.places.within_km * 1000,
        complete=tuple(complete.read(ledger, position)),
        rules=Rules(said.threshold, said.hidden_share, tuple(said.age_bands.items())),
        telephoned=telephoned,
    )
