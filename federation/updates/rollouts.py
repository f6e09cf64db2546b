"""The tables of rollouts in the web's store: what is rolled out, how far it came. Decides nothing.

Moments are milliseconds since 1970. They are written in one transaction with what units are told.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, Literal, NamedTuple

import msgspec

from protocol.documents import Update

from .. import outbox
from ..config import Store
from ..database import Database, reading_web
from ..projections.words import clean
from .waves import Row

State = Literal["running", "stopped", "done", "left"]
"""left: another one began after it had been stopped."""
KIND: Final = "update"
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS rollout (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version TEXT NOT NULL, address TEXT NOT NULL, size INTEGER NOT NULL, digest TEXT NOT NULL,
    mobile INTEGER NOT NULL, mobile_megabytes INTEGER NOT NULL,
    first_unit TEXT NOT NULL,       -- told before all others; empty: whoever comes first
    who TEXT NOT NULL, begun INTEGER NOT NULL,
    state TEXT NOT NULL, changed INTEGER NOT NULL,
    stop TEXT NOT NULL,             -- why it stands: refused, rolled_back, trouble, silent, person
    stop_unit TEXT NOT NULL, stop_reason TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS rollout_unit (
    rollout INTEGER NOT NULL, unit TEXT NOT NULL,
    told INTEGER, revision INTEGER NOT NULL, wave INTEGER NOT NULL,
    had TEXT NOT NULL,              -- troubles when it was told, JSON
    withdrawn INTEGER NOT NULL, applied INTEGER, passed INTEGER,
    failed TEXT NOT NULL, reason TEXT NOT NULL, aside INTEGER NOT NULL,
    PRIMARY KEY (rollout, unit)
) WITHOUT ROWID;
"""
_COLUMNS: Final = (
    "id, version, address, size, digest, mobile, mobile_megabytes, first_unit, who, begun, state,"
    " changed, stop, stop_unit, stop_reason"
)
_LATEST: Final = f"SELECT {_COLUMNS} FROM rollout ORDER BY id DESC LIMIT 1"  # noqa: S608
_ROWS: Final = """
SELECT unit, told, revision, wave, had, withdrawn, applied, passed, failed, reason, aside
FROM rollout_unit WHERE rollout = ?
"""
_BEGIN: Final = """
INSERT INTO rollout (version, address, size, digest, mobile, mobile_megabytes, first_unit, who,
    begun, state, changed, stop, stop_unit, stop_reason)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'running', ?, '', '', '') RETURNING
"""
_STAND: Final = """
UPDATE rollout SET state = ?, changed = ?, stop = ?, stop_unit = ?, stop_reason = ?, mobile = ?
WHERE id = ?
"""
_KEEP: Final = """
INSERT INTO rollout_unit (rollout, unit, told, revision, wave, had, withdrawn, applied, passed,
    failed, reason, aside)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (rollout, unit) DO UPDATE SET told = excluded.told, revision = excluded.revision,
    wave = excluded.wave, had = excluded.had, withdrawn = excluded.withdrawn,
    applied = excluded.applied, passed = excluded.passed, failed = excluded.failed,
    reason = excluded.reason, aside = excluded.aside
"""


class Rollout(NamedTuple):
    """One version on its way to all units."""

    id: int
    version: str
    address: str
    size: int
    digest: str
    mobile: bool
    mobile_megabytes: int
    first: str
    who: str
    begun: int
    state: State
    changed: int
    stop: str = ""
    stop_unit: str = ""
    stop_reason: str = ""

    @property
    def wanted(self) -> Update:
        """What a unit is told."""
        return Update(
            version=self.version, address=self.address, size=self.size, digest=self.digest,
            mobile=self.mobile, mobile_megabytes=self.mobile_megabytes,
        )  # fmt: skip


@contextmanager
def writing(store: Store) -> Iterator[Database]:
    """One transaction on rollouts and the outbox. Raises OperatorError."""
    with outbox.writing(store, _TABLES) as database:
        yield database


def latest(database: Database) -> Rollout | None:
    """The one that counts; None: there never was one."""
    if not database.columns("rollout"):
        return None
    row = database.execute(_LATEST).fetchone()
    return None if row is None else _rollout(row)


def rows(database: Database, rollout: Rollout) -> dict[str, Row]:
    """What it keeps of each unit that it ever told."""
    found = {}
    for unit, told, revision, wave, had, withdrawn, *rest in database.execute(_ROWS, (rollout.id,)):
        applied, passed, failed, reason, aside = rest
        before = frozenset(msgspec.json.decode(had, type=list[str]))
        found[unit] = Row(
            unit, told, revision, wave, before, bool(withdrawn), applied, passed, failed, reason,
            bool(aside),
        )  # fmt: skip
    return found


def read(store: Store) -> tuple[Rollout, Mapping[str, Row]] | None:
    """The one that counts and its rows, for whoever only looks. Raises OperatorError."""
    with reading_web(store) as database, database.transaction():
        rollout = latest(database)
        return None if rollout is None else (rollout, rows(database, rollout))


def begin(database: Database, update: Update, first: str, who: str, now: int) -> Rollout:
    """A new one; nobody is told yet."""
    told = (
        update.version, update.address, update.size, update.digest, int(update.mobile),
        update.mobile_megabytes, first, who, now, now,
    )  # fmt: skip
    return _rollout(database.execute(f"{_BEGIN} {_COLUMNS}", told).fetchone())


def keep(database: Database, rollout: Rollout, changed: Iterable[Row]) -> None:
    """Writes how it stands, and the rows that changed."""
    database.execute(
        _STAND,
        (rollout.state, rollout.changed, rollout.stop, rollout.stop_unit,
         clean(rollout.stop_reason[:400]), int(rollout.mobile), rollout.id),
    )  # fmt: skip
    for row in changed:
        had = msgspec.json.encode(sorted(row.before)).decode()
        database.execute(
            _KEEP,
            (rollout.id, row.unit, row.told, row.revision, row.wave, had, int(row.withdrawn),
             row.applied, row.passed, row.failed, clean(row.reason[:400]), int(row.aside)),
        )  # fmt: skip


def _rollout(row: tuple[Any, ...]) -> Rollout:
    found = Rollout(*row)
    return found._replace(mobile=bool(found.mobile))
