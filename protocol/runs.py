"""What stays alike from row to row, told once per run: how time is known, and former keys."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated

import msgspec

from .columns import MAX_NUMBER
from .errors import ProtocolError, Unsendable
from .event import Key
from .row import Row

Number = Annotated[int, msgspec.Meta(ge=0, le=MAX_NUMBER)]
Signed = Annotated[int, msgspec.Meta(ge=-MAX_NUMBER, le=MAX_NUMBER)]
Positive = Annotated[int, msgspec.Meta(ge=1, le=MAX_NUMBER)]
MAX_NAME = 80


class Clock(msgspec.Struct, frozen=True, array_like=True):
    """For so many rows, time is known in the same way."""

    rows: Positive
    boot_id: Annotated[str, msgspec.Meta(max_length=MAX_NAME)]
    source: Annotated[str, msgspec.Meta(max_length=MAX_NAME)]
    error: Number
    offset: Signed | None
    """utc - boottime; None: utc is not known."""


class Origin(msgspec.Struct, frozen=True, array_like=True):
    """From this row of the batch on, so many rows had these keys, with consecutive seqs."""

    place: Number
    rows: Positive
    epoch: Positive
    seq: Positive


def clocks(rows: Iterable[Row]) -> list[Clock]:
    """How the time of each row is known. Raises Unsendable for what no run can say."""
    runs: list[tuple[int, tuple[str, str, int, int | None]]] = []
    for row in rows:
        offset = None if row.utc is None else row.utc - row.boottime
        told = (row.boot_id, row.source, row.error, offset)
        if runs and runs[-1][1] == told:
            runs[-1] = runs[-1][0] + 1, told
            continue
        if len(row.boot_id) > MAX_NAME or len(row.source) > MAX_NAME:
            raise Unsendable(row.seq, f"its boot or time source is longer than {MAX_NAME}")
        if not 0 <= row.error <= MAX_NUMBER or abs(offset or 0) > MAX_NUMBER:
            raise Unsendable(row.seq, "its utc or the error of it is out of range")
        runs.append((1, told))
    return [Clock(count, *told) for count, told in runs]


def each_clock(runs: Sequence[Clock], count: int) -> Iterator[Clock]:
    """The clock of each of `count` rows. Raises ProtocolError when the runs are not so long."""
    if sum(run.rows for run in runs) != count:
        raise ProtocolError("the time is not known in one way for each row")
    return (run for run in runs for _ in range(run.rows))


def origins(rows: Sequence[Row]) -> list[Origin]:
    """The former keys of the rows that have one."""
    runs: list[Origin] = []
    for place, row in enumerate(rows):
        if row.origin is None:
            continue
        last = runs[-1] if runs else None
        if last and _goes_on(last, place, row.origin):
            runs[-1] = msgspec.structs.replace(last, rows=last.rows + 1)
        else:
            runs.append(Origin(place, 1, row.origin.epoch, row.origin.seq))
    return runs


def each_origin(runs: Sequence[Origin], count: int) -> list[Key | None]:
    """The former key of each of `count` rows. Raises ProtocolError for a row that is not there."""
    keys: list[Key | None] = [None] * count
    for run in runs:
        if run.place + run.rows > count:
            raise ProtocolError("a former key is given for a row that is not there")
        for step in range(run.rows):
            keys[run.place + step] = Key(run.epoch, run.seq + step)
    return keys


def _goes_on(run: Origin, place: int, key: Key) -> bool:
    after = (run.place + run.rows, run.epoch, run.seq + run.rows)
    return (place, key.epoch, key.seq) == after
