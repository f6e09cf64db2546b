"""Erases envelopes: asks for it, does it in the ledger and in every backup. Touches no fact.

The ledger has one writer: a request lies in `web.sqlite` and is carried out by ingest, or here
when no ingest runs. Requests are kept, and carried out again at each start: a backup that is put
back forgets what was forgotten.
"""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from ..database import lock, open_for_reading, open_for_writing, told, transaction
from ..errors import OperatorError
from . import store
from .signups import SignUp
from .store import Deed, Erasure

_ERASE = """
INSERT INTO sealed (event, envelope, erased)
SELECT id, NULL, ?4 FROM event WHERE unit = ?1 AND epoch = ?2 AND seq = ?3
    AND NOT EXISTS (SELECT 1 FROM sealed WHERE event = id AND erased IS NOT NULL)
ON CONFLICT (event) DO UPDATE SET envelope = NULL, erased = coalesce(erased, excluded.erased)
"""
_HAS_SEALED = "SELECT count(*) FROM sqlite_schema WHERE name = 'sealed'"


def ask(outbox: Path, sign_up: SignUp, deed: Deed) -> Erasure:
    """Writes the request and its audit, durably."""
    erasure = Erasure(sign_up.unit, sign_up.row.epoch, sign_up.row.seq, deed.at)
    with store.writing(outbox) as database:
        store.record(database, deed)
        database.execute(
            "INSERT OR IGNORE INTO erasure (unit, epoch, seq, at) VALUES (?, ?, ?, ?)", erasure
        )
    return erasure


def apply(database: sqlite3.Connection, erasures: Iterable[Erasure]) -> None:
    """Empties the envelopes, in the caller's transaction; again is harmless, and writes nothing.

    Copies of a row have no envelope of their own (federation/envelopes.py).
    """
    database.executemany(_ERASE, erasures)


def carry_out(ledger: Path, erasures: Iterable[Erasure]) -> bool:
    """Does it now, unless an ingest is writing the ledger: that one will. Raises OperatorError."""
    try:
        held = lock(ledger)
    except OperatorError:
        return False
    with held, told(ledger), closing(open_for_writing(ledger)) as database:
        with transaction(database):
            apply(database, erasures)
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return True


def is_done(ledger: Path, erasure: Erasure) -> bool:
    """Whether the ledger has no envelope of that row any more."""
    with told(ledger), closing(open_for_reading(ledger)) as database:
        (left,) = database.execute(
            "SELECT count(*) FROM sealed JOIN event ON event.id = sealed.event"
            " WHERE unit = ? AND epoch = ? AND seq = ? AND envelope IS NOT NULL",
            erasure[:3],
        ).fetchone()
    return bool(left == 0)


def from_backups(folder: Path | None, erasures: Iterable[Erasure]) -> int:
    """Erases in every backup of the ledger, whose file is made anew; how many there were.

    Raises OperatorError for one that cannot be written.
    """
    copies = sorted(folder.glob("ledger-*.sqlite")) if folder is not None else []
    erasures = list(erasures)
    for copy in copies:
        with told(copy), closing(sqlite3.connect(copy, isolation_level=None)) as database:
            if not database.execute(_HAS_SEALED).fetchone()[0]:
                continue  # of a version that kept no names yet
            database.execute("PRAGMA journal_mode=DELETE")
            database.execute("PRAGMA secure_delete=ON")
            with transaction(database):
                apply(database, erasures)
            # No byte of it may be left in a page that is free now.
            database.execute("VACUUM")
    return len(copies)
