"""What changed in what was published since the snapshot before. Pure; compares lines of files.

Only published cells are compared: a hidden one is `s` in both.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec
import zstandard

from .columns import Column, Export, Row, text

CHANGES: Final = Export(
    "changements",
    "Changements depuis le dernier instantané",
    "cellule publiée qui a changé",
    (
        Column("fichier", "Fichier"),
        Column("ligne", "Ligne", description="Ses colonnes qui ne comptent rien."),
        Column("colonne", "Colonne"),
        Column("avant", "Avant", description="Vide : la ligne n’existait pas."),
        Column("apres", "Après", description="Vide : la ligne n’existe plus."),
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


def between(before: Lines, after: Lines) -> list[Row]:
    """Every published cell that differs, file by file and line by line."""
    found: list[Row] = []
    for file in sorted(before.keys() | after.keys()):
        old, new = before.get(file, {}), after.get(file, {})
        for line in sorted(old.keys() | new.keys()):
            found += _differing(file, line, old.get(line, {}), new.get(line, {}))
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
    file: str, line: str, old: Mapping[str, str], new: Mapping[str, str]
) -> Iterable[Row]:
    for column in dict.fromkeys([*old, *new]):
        before, after = old.get(column, ""), new.get(column, "")
        if before != after:
            yield CHANGES.row(
                {"fichier": file, "ligne": line, "colonne": column, "avant": before, "apres": after}
            )
