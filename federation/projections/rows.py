"""Reads and writes the rows of the tables for reading, by their keys. Decides nothing."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final, NamedTuple

from protocol.event import Key

from ..database import Database
from .counting import Cell, Sums
from .duties import DutyRow
from .kinds import Kind
from .singles import DayClosedRow, IncidentRow, JourneyRow, ReportRow
from .stops import StopRow
from .visits import TallyRow, VisitRow
from .workshops import AttendanceRow, SignUpRow

MANY: Final = 400
"""Keys that are asked for at once."""


class Table(NamedTuple):
    """A table, and the type whose fields are its columns."""

    name: str
    row: Any

    @property
    def columns(self) -> str:
        """As SQL lists them."""
        return ", ".join(self.row._fields)


OF: Final = {
    Kind.STOPS: Table("stop", StopRow),
    Kind.DUTY: Table("duty", DutyRow),
    Kind.VISIT: Table("visit", VisitRow),
    Kind.TALLIED: Table("tallied", TallyRow),
    Kind.SIGN_UP: Table("signed_up", SignUpRow),
    Kind.ATTENDANCE: Table("attendance", AttendanceRow),
    Kind.INCIDENT: Table("incident", IncidentRow),
    Kind.DAY_CLOSED: Table("day_closed", DayClosedRow),
    Kind.REPORT: Table("report", ReportRow),
    Kind.JOURNEY: Table("journey", JourneyRow),
}
_SUMS: Final = Sums._fields
_ADD = f"""
INSERT INTO aggregate ({", ".join((*Cell._fields, *_SUMS))})
VALUES ({", ".join("?" * len((*Cell._fields, *_SUMS)))})
ON CONFLICT (period, axis, unit, a, b, c) DO UPDATE SET
    {", ".join(f"{name} = aggregate.{name} + excluded.{name}" for name in _SUMS)}
"""  # noqa: S608
_SWEEP = f"""
DELETE FROM aggregate WHERE period = ? AND axis = ? AND unit = ? AND a = ? AND b = ? AND c = ?
    AND {" AND ".join(f"{name} = 0" for name in _SUMS)}
"""  # noqa: S608


def all_of(database: Database, table: Table, unit: str) -> list[Any]:
    """Every row of a unit."""
    query = f"SELECT {table.columns} FROM {table.name} WHERE unit = ?"  # noqa: S608
    return [table.row._make(row) for row in database.execute(query, (unit,)).fetchall()]


def some_of(database: Database, table: Table, unit: str, keys: Collection[Key]) -> list[Any]:
    """The rows of a unit under these keys."""
    found = []
    ordered = sorted(keys)
    for begin in range(0, len(ordered), MANY):
        part = ordered[begin : begin + MANY]
        query = (
            f"SELECT {table.columns} FROM {table.name}"  # noqa: S608
            f" WHERE unit = ? AND {among(part)}"
        )
        values = (unit, *flat(part))
        found += [table.row._make(row) for row in database.execute(query, values).fetchall()]
    return found


def among(keys: Sequence[Key], prefix: str = "") -> str:
    """The condition that (epoch, seq) is one of so many."""
    listed = ", ".join(["(?, ?)"] * len(keys))
    return f"({prefix}epoch, {prefix}seq) IN (VALUES {listed})"


def flat(keys: Iterable[Key]) -> list[int]:
    """The values for that condition."""
    return [part for key in keys for part in (key.epoch, key.seq)]


def replace(database: Database, table: Table, old: Iterable[Any], new: Iterable[Any]) -> None:
    """Writes what differs."""
    before, after = set(old), set(new)
    gone, fresh = before - after, after - before
    if gone:
        database.executemany(
            f"DELETE FROM {table.name} WHERE unit = ? AND epoch = ? AND seq = ?"  # noqa: S608
            + (" AND age_band = ? AND gender = ?" if table.row is TallyRow else ""),
            [_identity(row) for row in gone],
        )
    if fresh:
        marks = ", ".join("?" * len(table.row._fields))
        database.executemany(
            f"INSERT INTO {table.name} ({table.columns}) VALUES ({marks})",  # noqa: S608
            sorted(fresh, key=_identity),
        )


def add(database: Database, changes: dict[Cell, Sums]) -> None:
    """Changes sums; a cell that counts nothing any more is gone."""
    ordered = sorted(changes)
    if ordered:
        database.executemany(_ADD, [(*cell, *changes[cell]) for cell in ordered])
    less = [cell for cell in ordered if min(changes[cell]) < 0]
    if less:
        database.executemany(_SWEEP, less)


def _identity(row: Any) -> tuple[Any, ...]:
    key = (row.unit, row.epoch, row.seq)
    return (*key, row.age_band, row.gender) if isinstance(row, TallyRow) else key
