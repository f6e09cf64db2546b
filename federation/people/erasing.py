"""Erases envelopes: asks for it, does it in the ledger and in every backup. Touches no fact.

The ledger has one writer: a request lies in the web's store and is carried out by ingest, or here
when no ingest runs. Requests are kept, and carried out again at each start: a backup that is put
back forgets what was forgotten.
"""

from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

from protocol.topics import partition

from .. import sqlite
from ..config import Store
from ..database import Database, open_ledger, reading_ledger
from ..errors import OperatorError
from ..planning.seats import DESK
from . import store
from .signups import SignUp
from .store import Deed, Erasure

_ERASE = """
INSERT INTO sealed (event, envelope, erased)
SELECT id, NULL, CAST(:at AS BIGINT) FROM event WHERE unit = :unit AND epoch = :epoch AND seq = :seq
    AND NOT EXISTS (SELECT 1 FROM sealed WHERE event = id AND erased IS NOT NULL)
ON CONFLICT (event) DO UPDATE
    SET envelope = NULL, erased = coalesce(sealed.erased, excluded.erased)
"""
_EMPTY = """
UPDATE desk_sign_up SET envelope = NULL, erased = coalesce(erased, CAST(:at AS BIGINT))
WHERE id = :seq AND envelope IS NOT NULL
"""


def ask(web: Store, sign_up: SignUp, deed: Deed) -> Erasure:
    """Writes the request and its audit, durably; a request made before is neither made anew."""
    erasure = Erasure(sign_up.unit, sign_up.row.epoch, sign_up.row.seq, deed.at)
    with store.writing(web) as database:
        made = database.execute(
            "INSERT INTO erasure (unit, epoch, seq, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            erasure,
        )
        if made.rowcount:
            store.record(database, deed)
    return erasure


def apply(database: Database, erasures: Iterable[Erasure]) -> int:
    """Empties the envelopes, in the caller's transaction; again is harmless, and writes nothing.

    How many rows it wrote.

    Copies of a row have no envelope of their own (federation/envelopes.py).
    """
    done = database.executemany(_ERASE, [erasure._asdict() for erasure in erasures])
    return max(done.rowcount, 0)


def carry_out(ledger: Store, erasures: Sequence[Erasure]) -> bool:
    """Does it now, unless an ingest is writing of those units: that one will."""
    try:
        database = open_ledger(ledger, {partition(erasure.unit) for erasure in erasures})
    except OperatorError:
        return False
    with closing(database):
        with database.transaction():
            apply(database, erasures)
        database.leave_no_trace()
    return True


def is_done(ledger: Store, erasure: Erasure) -> bool:
    """Whether the ledger has no envelope of that row any more."""
    with reading_ledger(ledger) as database:
        (left,) = database.execute(
            "SELECT count(*) FROM sealed JOIN event ON event.id = sealed.event"
            " WHERE unit = ? AND epoch = ? AND seq = ? AND envelope IS NOT NULL",
            erasure[:3],
        ).fetchone()
    return bool(left == 0)


def from_desk(web: Database, erasures: Iterable[Erasure]) -> None:
    """Empties those of the desk's own sign-ups, in the caller's transaction."""
    ours = [erasure._asdict() for erasure in erasures if erasure.unit == DESK]
    if ours and web.columns("desk_sign_up"):
        web.executemany(_EMPTY, ours)


def from_backups(folder: Path | None, erasures: Iterable[Erasure]) -> int:
    """Erases in every backup of either store, whose files are made anew; how many there were.

    Raises OperatorError for one that cannot be written.
    """
    if folder is None:
        return 0
    erasures = list(erasures)
    copies = sorted(folder.glob("ledger-*.sqlite"))
    for copy in copies:
        with sqlite.rewriting(copy) as database:
            if database.columns("sealed"):  # older versions kept no names yet
                apply(database, erasures)
    if any(erasure.unit == DESK for erasure in erasures):
        copies_of_web = sorted(folder.glob("web-*.sqlite"))
        for copy in copies_of_web:
            with sqlite.rewriting(copy) as database:
                from_desk(database, erasures)
        return max(len(copies), len(copies_of_web))
    return len(copies)
