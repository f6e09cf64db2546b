"""What an export is: typed columns with French labels, declared once. Makes CSV and Table Schema.

Every file exists twice: for a French spreadsheet (`;`, decimal comma, UTF-8 with a mark) and as
RFC 4180. Knows no figure.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from .secrecy import HIDDEN

SCHEMA_VERSION: Final = "1.0"
"""Of all exports together; a column that changes meaning raises the first figure."""
MARK: Final = "\ufeff"
Type = Literal["string", "integer", "number", "date", "year", "yearmonth", "time"]
Cell = str | int | float | None
Row = Sequence[Cell]


class Column(NamedTuple):
    """One column; `people`: it counts people, so small numbers in it are hidden."""

    name: str
    label: str
    type: Type = "string"
    description: str = ""
    people: bool = False
    values: tuple[str, ...] = ()
    """Codes that may stand in it."""


class Export(NamedTuple):
    """One file: what a line is, and its columns."""

    key: str
    title: str
    line: str
    """What one line stands for."""
    columns: tuple[Column, ...]
    funders: bool = True
    """Whether accounts that see aggregates alone get it."""

    def row(self, values: Mapping[str, Cell]) -> Row:
        """Values by name, in the order of the columns; what is not given is empty."""
        unknown = values.keys() - {column.name for column in self.columns}
        if unknown:
            raise KeyError(f"{self.key} has no column {', '.join(sorted(unknown))}")
        return [values.get(column.name) for column in self.columns]


def schema(export: Export, *, decimal: str = ".") -> dict[str, Any]:
    """The Frictionless Table Schema of an export."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "name": export.key,
        "title": export.title,
        "description": f"Une ligne par {export.line}.",
        "version": SCHEMA_VERSION,
        "fields": [_field(column, decimal) for column in export.columns],
        "missingValues": ["", HIDDEN],
    }


def french(export: Export, rows: Iterable[Row]) -> bytes:
    """For a spreadsheet set to French."""
    return (MARK + _written(export, rows, ";", ",")).encode()


def rfc4180(export: Export, rows: Iterable[Row]) -> bytes:
    """For programs."""
    return _written(export, rows, ",", ".").encode()


def _field(column: Column, decimal: str) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": column.type, "title": column.label}
    described = column.description
    if column.people:
        told = f"« {HIDDEN} » : petit nombre, ou masqué pour en protéger un."
        described = f"{described} {told}".strip()
    if described:
        field["description"] = described
    if column.type == "number" and decimal != ".":
        field["decimalChar"] = decimal
    if column.values:
        field["constraints"] = {"enum": list(column.values)}
    return field


def _written(export: Export, rows: Iterable[Row], separator: str, decimal: str) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    writer.writerow([column.name for column in export.columns])
    for row in rows:
        writer.writerow([text(cell, decimal) for cell in row])
    return out.getvalue()


def text(cell: Cell, decimal: str = ".") -> str:
    """A cell as it is written. What a spreadsheet would take for a formula is made text."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.5f}".rstrip("0").rstrip(".").replace(".", decimal)
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{cell}"
    return str(cell)
