"""Which rows of a journal can be believed, by their chain. Pure: given rows, tells rows.

A row that cannot be believed becomes a tombstone: it keeps its place and nothing it says.
"""

from collections.abc import Sequence

from protocol.row import NO_DIGEST, Row, Tombstone, chain

from .stored import Told


def is_whole(rows: Sequence[Told], epoch: int, previous: bytes | None) -> bool:
    """Whether each row follows from the one before it; `previous`: digest before the first."""
    try:
        for row in rows:
            if (
                isinstance(row, Row)
                and previous is not None
                and _next(previous, epoch, row) != row.digest
            ):
                return False
            previous = None if row.digest == NO_DIGEST else row.digest
    except (TypeError, AttributeError):
        return False
    return True


def believed(
    rows: Sequence[Told], epoch: int, previous: bytes | None, following: Told | None = None
) -> list[Told]:
    """The rows that follow from one another, tombstones in place of those that do not.

    `previous`: digest before the first, None when it is not known; `following`: the row after
    the last, which may tell whether a row or its digest is damaged.
    """
    told: list[Told] = []
    for row, after in zip(rows, (*rows[1:], following), strict=True):
        if isinstance(row, Row) and previous is not None:
            row = _judged(row, epoch, previous, after)
        elif isinstance(row, Row) and isinstance(after, Row):
            row = _vouched(row, epoch, after)
        told.append(row)
        previous = _digest(row)
    return told


def _judged(row: Row, epoch: int, previous: bytes, after: Told | None) -> Told:
    computed = link(previous, epoch, row)
    if computed == row.digest:
        return row
    grave = _grave(row)
    if not isinstance(row.digest, bytes) or len(row.digest) != len(NO_DIGEST):
        row = row._replace(digest=NO_DIGEST)
    if not isinstance(after, Row) or link(row.digest, epoch, after) == after.digest:
        return grave._replace(digest=row.digest)
    if link(computed, epoch, after) == after.digest:
        return row._replace(digest=computed)
    return grave


def _vouched(row: Row, epoch: int, after: Row) -> Told:
    """Beside a lost row: damage comes in runs, so the row after it must bear it out."""
    return row if link(row.digest, epoch, after) == after.digest else _grave(row)


def link(previous: bytes, epoch: int, row: Row) -> bytes:
    """The digest the row ought to have; empty when it is not even made of the right values."""
    try:
        return _next(previous, epoch, row)
    except (TypeError, AttributeError):
        return b""


def _next(previous: bytes, epoch: int, row: Row) -> bytes:
    seq, name, body, boot_id, boottime = row[:5]
    return chain(previous, epoch, seq, name, body, boot_id, boottime)


def _digest(row: Told) -> bytes | None:
    return None if row.digest == NO_DIGEST else row.digest


def _grave(row: Row) -> Tombstone:
    # A type name fit to travel, even from a damaged row.
    name = row.type if row.type.isascii() and row.type.isprintable() else ""
    size = len(row.body) if isinstance(row.body, bytes) else 0
    return Tombstone(row.seq, name, size, NO_DIGEST)
