"""A file shaped like the *activité* of the Coop de la médiation numérique: zero double entry.

One line is one visit, so it is personal data still: never for a funder, never published. Attribute
names are theirs. What the van does not ask is left out, not guessed.
"""

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from protocol.codes import ADMINISTRATIVE, CODES, NOT_STATED

from .columns import Cell, Column, Export, Row
from .published import Published

_GENDERS: Final = tuple(CODES["gender"])
_AGES: Final = tuple(CODES["age_band"])
_STATUSES: Final = tuple(CODES["social_status"])
_SPLITS: Final = (("genres", _GENDERS), ("tranches_age", _AGES), ("statuts", _STATUSES))
_BENEFICIARIES: Final = tuple(
    f"beneficiaires.{split}.{code}" for split, listed in _SPLITS for code in listed
)
COOP: Final = Export(
    "coop_activites",
    "Activités, au format de la Coop",
    "activité",
    (
        Column("type", "Type", values=("individuel", "collectif")),
        Column("accompagnements", "Accompagnements", "integer"),
        Column("date", "Date (locale)", "date"),
        Column("duree", "Durée (minutes)", "integer"),
        Column("type_lieu", "Type de lieu"),
        Column("lieu_code_insee", "Commune du lieu (INSEE)"),
        Column("autonomie", "Autonomie"),
        Column("oriente_vers_structure", "Orienté vers une structure"),
        Column("structure_de_redirection", "Structure de redirection"),
        Column("materiel", "Matériel", description="Codes séparés par |."),
        Column("thematiques", "Thématiques", description="Codes séparés par |."),
        Column("precisions_demarche", "Précisions sur la démarche"),
        Column("titre_atelier", "Titre de l’atelier"),
        Column("niveau_atelier", "Niveau de l’atelier"),
        Column("beneficiaires.total", "Personnes", "integer"),
        *(Column(name, name, "integer") for name in _BENEFICIARIES),
    ),
    funders=False,
)
_VISITS = """
SELECT unit, epoch, seq, day, people, duration_minutes, place_type, stop_commune, autonomy,
    referral, materials, themes, theme, gender, age_band, social_status
FROM visit WHERE day BETWEEN ? AND ? AND cancelled IS NULL AND described = 1
ORDER BY day, unit, epoch, seq
"""
_TALLIES = """
SELECT unit, epoch, seq, day, theme, stop_commune, duration_minutes, gender, age_band, people
FROM tallied WHERE day BETWEEN ? AND ? ORDER BY day, unit, epoch, seq, age_band, gender
"""
_NO_THEME: Final = frozenset({NOT_STATED, "lien_social", ""})
"""Themes of ours that their list lacks."""


def activities(
    published: Published, territory: str | None, vehicles: frozenset[str] | None = None
) -> Iterator[Row]:
    """Visits that staff described, then street animations, by day; of these vehicles, if given."""
    facts = published.facts
    span = (facts.period.first.isoformat(), facts.period.last.isoformat())
    found = [_visit(row) for row in facts.database.execute(_VISITS, span).fetchall()]
    found += _tallies(facts.database.execute(_TALLIES, span).fetchall())
    for unit, activity in sorted(found, key=lambda each: (each[1]["date"], each[0])):
        place = facts.place(unit)
        if territory in (None, place.territory) and (vehicles is None or place.vehicle in vehicles):
            yield COOP.row(activity)


def as_json(rows: Iterator[Row]) -> bytes:
    """The same as a JSON list of nested activities, as their interface gives them."""
    return msgspec.json.format(msgspec.json.encode([_nested(row) for row in rows]), indent=1)


def _visit(row: tuple[Any, ...]) -> tuple[str, dict[str, Cell]]:
    (unit, _, _, day, people, minutes, place, commune, autonomy, referral, materials, themes,
     theme, gender, age, status) = row  # fmt: skip
    sent = referral not in (NOT_STATED, "")
    known = people == 1
    counts = _counted((gender, age, status) if known else (NOT_STATED,) * 3, people)
    return unit, {
        "type": "individuel" if known else "collectif",
        "accompagnements": people,
        "date": day,
        "duree": minutes,
        "type_lieu": _stated(place) or "autre",
        "lieu_code_insee": _stated(commune),
        "autonomie": _stated(autonomy),
        "oriente_vers_structure": "true" if sent else "false",
        "structure_de_redirection": referral if sent else None,
        "materiel": "|".join(materials.split()),
        "thematiques": _themes(themes.split() or [theme]),
        **counts,
    }


def _tallies(rows: list[tuple[Any, ...]]) -> list[tuple[str, dict[str, Cell]]]:
    found: dict[tuple[Any, ...], tuple[str, dict[str, Cell]]] = {}
    for unit, epoch, seq, day, theme, commune, minutes, gender, age, people in rows:
        empty: dict[str, Cell] = {
            "type": "collectif", "date": day, "duree": minutes, "type_lieu": "autre",
            "lieu_code_insee": _stated(commune), "oriente_vers_structure": "false",
            "thematiques": _themes([theme]), "accompagnements": 0,
        }  # fmt: skip
        _, activity = found.setdefault((unit, epoch, seq), (unit, empty))
        for name, more in _counted((gender, age, NOT_STATED), people).items():
            activity[name] = int(activity.get(name) or 0) + int(more or 0)
        activity["accompagnements"] = activity["beneficiaires.total"]
    return list(found.values())


def _counted(who: tuple[str, ...], people: int) -> dict[str, Cell]:
    """`beneficiaires`: every code of their lists, zero where nobody is."""
    counts: dict[str, Cell] = {"beneficiaires.total": people}
    for (split, listed), code in zip(_SPLITS, who, strict=True):
        stated = code if code in listed else NOT_STATED
        counts |= {f"beneficiaires.{split}.{each}": 0 for each in listed}
        counts[f"beneficiaires.{split}.{stated}"] = people
    return counts


def _themes(codes: list[str]) -> str:
    """At least one is required there; an administrative one opens by its general code."""
    theirs = [code for code in codes if code not in _NO_THEME]
    if any(code in ADMINISTRATIVE for code in theirs):
        theirs = ["aide_aux_demarches_administratives", *theirs]
    return "|".join(dict.fromkeys(theirs))


def _stated(code: str | None) -> str | None:
    return None if code in (NOT_STATED, "", None) else code


def _nested(row: Row) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for column, cell in zip(COOP.columns, row, strict=True):
        value: Any = cell
        if column.name in ("materiel", "thematiques"):
            value = [code for code in str(cell or "").split("|") if code]
        elif column.name == "oriente_vers_structure":
            value = cell == "true"
        *path, last = column.name.split(".")
        inside = found
        for part in path:
            inside = inside.setdefault(part, {})
        inside[last] = value
    return found
