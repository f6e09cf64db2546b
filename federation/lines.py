"""Writes the rows of a batch into the ledger's tables. Decides nothing (absorb.py does)."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from protocol.batch import Batch
from protocol.row import NO_DIGEST, Row, Tombstone
from protocol.unit import ClockSet

from . import envelopes
from .absorb import Arrival
from .database import Database
from .dating import anchor
from .spans import Span, Spans

COLUMNS = (
    "unit", "epoch", "seq", "type", "body", "boot", "boottime", "utc", "source", "error", "digest",
    "received",
)  # fmt: skip
_TOMBSTONE = ("unit", "epoch", "seq", "type", "size", "digest", "received")
_MOVED = """
UPDATE event SET origin_epoch = ?, origin_seq = ? WHERE unit = ? AND epoch = ? AND seq = ?
"""
# Out of the way until their rows are written: an id must never be given twice, for whoever follows
# the ledger by its ids would pass over the second.
_ASIDE = "UPDATE event SET epoch = -epoch WHERE unit = ? AND epoch = ? AND seq = ?"
_DATE = """
UPDATE boot SET boottime = :boottime, utc = :utc, source = :source, error = :error,
    epoch = :epoch, seq = :seq
WHERE id = :boot
    AND (boottime IS NULL OR (boottime, epoch, seq) < (:boottime, :epoch, :seq))
"""
_MARK_COPIES = """
UPDATE event SET copy_of = (
    SELECT min(older.id) FROM event AS older
    WHERE older.unit = event.unit
        AND (older.epoch = event.origin_epoch AND older.seq = event.origin_seq
            OR older.origin_epoch = event.origin_epoch AND older.origin_seq = event.origin_seq
                AND older.id < event.id)
        AND older.type = event.type AND older.body IS NOT DISTINCT FROM event.body
        AND older.boot IS NOT DISTINCT FROM event.boot
        AND older.boottime IS NOT DISTINCT FROM event.boottime)
WHERE unit = ? AND origin_epoch = ? AND origin_seq BETWEEN ? AND ? AND copy_of IS NULL
"""


def arrival(batch: Batch) -> Arrival:
    """A batch as far as deciding needs it."""
    previous = bytes.fromhex(batch.header.previous)
    lost = previous in (b"", NO_DIGEST)
    return Arrival(batch.header.first, batch.rows, None if lost else previous, batch.trusted)


def are_moved(rows: Iterable[Row | Tombstone]) -> bool:
    """Whether any had another key before its journal was rotated."""
    return any(row.origin is not None for row in rows if isinstance(row, Row))


def write(
    database: Database,
    boots: dict[tuple[str, str], int],
    batch: Batch,
    take: Spans,
    known: Collection[int],
    received: int,
) -> None:
    """Writes the seqs of `take`; what is `known` among them is a tombstone and gives way.

    `boots`: their numbers as far as they were met in this transaction.
    """
    unit, epoch, first = batch.header.unit, batch.header.epoch, batch.header.first
    for span in take:
        fresh = batch.rows[span.first - first : span.last - first + 1]
        if known:
            database.executemany(
                _ASIDE, [(unit, epoch, line.seq) for line in fresh if line.seq in known]
            )
        rows = [line for line in fresh if isinstance(line, Row)]
        _write_rows(database, boots, unit, epoch, rows, received)
        if len(rows) < len(fresh):
            graves = [line for line in fresh if isinstance(line, Tombstone)]
            database.append(
                "event", _TOMBSTONE, [(unit, epoch, *grave, received) for grave in graves]
            )
    if known:
        database.execute("DELETE FROM event WHERE unit = ? AND epoch = ?", (unit, -epoch))


def mark_copies(database: Database, unit: str, epoch: int, span: Span) -> None:
    """Marks the rows that repeat these under a later key, after a journal was rotated."""
    database.execute(_MARK_COPIES, (unit, epoch, *span))
    envelopes.gather(database, unit, epoch, span)


def _write_rows(
    database: Database,
    boots: dict[tuple[str, str], int],
    unit: str,
    epoch: int,
    rows: Sequence[Row],
    received: int,
) -> None:
    names = {row.boot_id for row in rows}
    fresh = [name for name in names if (unit, name) not in boots]
    if fresh:
        boots.update({(unit, name): number for name, number in _boots(database, unit, fresh)})
    database.append(
        "event",
        COLUMNS,
        [
            (
                unit,
                epoch,
                seq,
                kind,
                body,
                boots[unit, name],
                boottime,
                utc,
                source,
                error,
                mark,
                received,
            )
            for seq, kind, body, name, boottime, utc, source, error, mark, _, _ in rows
        ],
    )
    for row in rows:
        if row.type == ClockSet.TYPE:
            date(database, unit, epoch, row)
    moved = [row for row in rows if row.origin is not None]
    if moved:
        _note_origins(database, unit, epoch, moved)


def _boots(database: Database, unit: str, names: Sequence[str]) -> Iterator[tuple[str, int]]:
    """The numbers of boots, made for those that are new."""
    places = ", ".join("?" * len(names))
    asked = f"SELECT boot_id, id FROM boot WHERE unit = ? AND boot_id IN ({places})"  # noqa: S608
    known = database.execute(asked, (unit, *names)).fetchall()
    yield from known
    new = sorted(set(names) - {name for name, _ in known})
    if new:
        places = ", ".join(["(?, ?)"] * len(new))
        made = f"INSERT INTO boot (unit, boot_id) VALUES {places} RETURNING boot_id, id"  # noqa: S608
        yield from database.execute(made, [v for name in new for v in (unit, name)]).fetchall()


def date(database: Database, unit: str, epoch: int, row: Row) -> None:
    """What a clock.set says of its boot dates every row of that."""
    said = anchor(row)
    if said is not None:
        ((_, boot),) = _boots(database, unit, [said.boot_id])
        moment = said._asdict() | {"epoch": epoch, "seq": row.seq, "boot": boot}
        database.execute(_DATE, moment)


def _note_origins(database: Database, unit: str, epoch: int, moved: Sequence[Row]) -> None:
    """The keys that rows had before their journal was rotated, and which of them are copies."""
    origins = [(row.origin, row.seq) for row in moved if row.origin is not None]
    database.executemany(
        _MOVED, [(origin.epoch, origin.seq, unit, epoch, seq) for origin, seq in origins]
    )
    for former in {origin.epoch for origin, _ in origins}:
        seqs = [origin.seq for origin, _ in origins if origin.epoch == former]
        mark_copies(database, unit, former, Span(min(seqs), max(seqs)))
