"""What changed in what was published since the snapshot before. Pure; compares lines of files.

Only published cells are compared: a hidden one is `s` in both. Where one cell of a column of a
file changed by fewer than the threshold, all changes of that column are `s`: they add up, and a
small one would be what the others leave.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import msgspec
import zstandard

from .columns import Column, Export, Row, text
from .secrecy import HIDDEN

CHANGES: Final = Export(
    "changements",
    "Changements depuis le dernier instantané",
    "cellule publiée qui a changé",
    (
        Column("fichier", "Fichier"),
        Column("ligne", "Ligne", description="Ses colonnes qui ne comptent rien."),
        Column("colonne", "Colonne"),
        Column("avant", "Avant", description="Vide : la ligne n’existait pas. s : petit écart."),
        Column("apres", "Après", description="Vide : la ligne n’existe plus. s : petit écart."),
    ),
)
Lines = dict[str, dict[str, dict[str, str]]]
"""File → line → column → what is written there."""
_COUNTED: Final = frozenset({"integer", "number"})
_REMARKS: Final = frozenset({"remarque", "complet_jusqu_au", "a_bord", "manque"})
"""Never the name of a line, and no figure either."""


def lines(files: Iterable[tuple[Export, Sequence[Row]]]) -> Lines:
    """What is compared of the files."""
    found: Lines = {}
    for export, rows in files:
        mine = found.setdefault(export.key, {})
        for row in rows:
            name, cells = _split(export, row)
            mine[name] = cells
    return found


def between(before: Lines, after: Lines, threshold: int) -> list[Row]:
    """Every published cell that differs, file by file, line by line; small differences hidden."""
    found: list[Row] = []
    for file in sorted(before.keys() | after.keys()):
        cells = list(_differing(before.get(file, {}), after.get(file, {})))
        small = {column for _, column, *values in cells if _is_small(values, threshold)}
        for line, column, *values in cells:
            old, new = (HIDDEN, HIDDEN) if column in small else values
            found.append(
                CHANGES.row(
                    {"fichier": file, "ligne": line, "colonne": column, "avant": old, "apres": new}
                )
            )
    return found


def pack(held: Lines) -> bytes:
    """For the store."""
    return zstandard.compress(msgspec.json.encode(held, order="sorted"))


def unpack(packed: bytes) -> Lines:
    """What `pack` made."""
    return msgspec.json.decode(zstandard.decompress(packed), type=Lines)


def _split(export: Export, row: Row) -> tuple[str, dict[str, str]]:
    name, cells = [], {}
    for column, cell in zip(export.columns, row, strict=True):
        if column.type in _COUNTED and column.name != "annee_zonage":
            cells[column.name] = text(cell)
        elif column.name not in _REMARKS and cell not in (None, ""):
            name.append(text(cell))
    return " · ".join(name), cells


def _differing(
    old: Mapping[str, Mapping[str, str]], new: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[str, str, str, str]]:
    """Line, column, before and after."""
    for line in sorted(old.keys() | new.keys()):
        was, is_ = old.get(line, {}), new.get(line, {})
        for column in dict.fromkeys([*was, *is_]):
            before, after = was.get(column, ""), is_.get(column, "")
            if before != after:
                yield line, column, before, after


def _is_small(values: Sequence[str], threshold: int) -> bool:
    """Whether the difference tells of few people; a cell that was not there was none."""
    if HIDDEN in values:
        return False
    before, after = (float(value or 0) for value in values)
    return 0 < abs(after - before) < threshold
