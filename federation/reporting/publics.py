"""E2 and E3: who came, and for what, each table at the finest level that secrecy bears."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from protocol.codes import NOT_STATED

from . import words
from .columns import Cell, Column, Export, Row
from .levels import Key, Line
from .published import Published
from .secrecy import HIDDEN, Total
from .shapes import PEOPLE, REQUESTS, Table

WHERE: Final = (
    Column("periode", "Période"),
    Column("niveau", "Niveau", values=("federation", "territoire", "classe", "commune")),
    Column(
        "territoire", "Code du territoire", description="Plusieurs : trop peu pour chacun seul."
    ),
    Column("territoire_nom", "Territoire"),
    Column("classe", "Classe du lieu", description="QPV, ruralité : celle du lieu d’arrêt."),
    Column("annee_zonage", "Année du zonage"),
    Column("commune", "Commune (INSEE)"),
)
NOTE: Final = Column("remarque", "Remarque")

E2: Final = Export(
    "e2_publics",
    "E2 Publics",
    "période, lieu et réponse",
    (
        *WHERE,
        Column(
            "rubrique", "Rubrique", description="Ce que la ligne distingue.",
            values=("genre_age", *PEOPLE),
        ),
        Column("genre", "Genre", description="Vide : tous."),
        Column("tranche_age", "Tranche d’âge", description="Vide : toutes."),
        Column("reponse", "Réponse"),
        Column("libelle", "Libellé"),
        Column("passages", "Passages", "integer", "Animations de rue comprises.", people=True),
        NOTE,
    ),
)  # fmt: skip
E3: Final = Export(
    "e3_themes",
    "E3 Thèmes",
    "période, lieu et thème, orientation ou manière",
    (
        *WHERE,
        Column("rubrique", "Rubrique", values=("theme", *REQUESTS)),
        Column("code", "Code"),
        Column("libelle", "Libellé"),
        Column("information", "Demandes : information", "integer", people=True),
        Column("accompagnement", "Demandes : accompagnement", "integer", people=True),
        Column("niveau_non_precise", "Demandes : niveau non précisé", "integer", people=True),
        Column("demandes", "Demandes", "integer", people=True),
        NOTE,
    ),
)
_HELP: Final = {
    "information": "information",
    "accompagnement": "accompagnement",
    NOT_STATED: "niveau_non_precise",
}


class At(NamedTuple):
    """One published line and where it stands."""

    line: Line
    level: str
    territory: str = ""
    """Code; empty when the line is of territories itself."""
    class_: str = ""
    period: str = ""

    def touches(self, territory: str | None) -> bool:
        """Whether it tells of that territory (None: any)."""
        if territory is None:
            return True
        if self.level == "territoire":
            return territory in self.line.places
        return self.territory == territory


def lines(table: Table, period: str) -> Iterator[At]:
    """Every line of a table."""
    if table.whole is not None:
        yield At(table.whole, "federation", period=period)
    for line in table.territories:
        yield At(line, "territoire", period=period)
        code = str(line.places[0])
        for each in table.classes.get(code, ()) if len(line.places) == 1 else ():
            yield At(each, "classe", code, period=period)
    for (code, class_), communes in table.communes.items():
        for each in communes:
            yield At(each, "commune", code, class_, period)


def publics(published: Published, above: Published | None, territory: str | None) -> Iterator[Row]:
    """E2; `above` is the year, for what is too thin in the period; None: it is the year."""
    period = published.facts.period.name
    found = _all(published, above, territory, lambda each: each.publics)
    for at in found:
        for gender, age in _ordered(at.line, ("gender", "age_band")):
            yield _public(published, at, "genre_age", genre=gender, tranche_age=age,
                          passages=_cell(at.line, (gender, age)))  # fmt: skip
        if at.level == "federation":
            yield from _totals(published if at.period == period else above or published, at)
    if not found:
        yield E2.row({"periode": period, "rubrique": "genre_age", "remarque": _TOO_THIN})
    for name, axis in PEOPLE.items():
        for at in _all(published, above, territory, heading(name)):
            for (code,) in _ordered(at.line, (axis,)):
                yield _public(published, at, name, reponse=code,
                                  libelle=words.label(axis, code),
                                  passages=_cell(at.line, code))  # fmt: skip


def themes(published: Published, above: Published | None, territory: str | None) -> Iterator[Row]:
    """E3; `above` as for E2."""
    period = published.facts.period.name
    found = _all(published, above, territory, lambda each: each.themes)
    for at in found:
        table = (published if at.period == period else above or published).themes
        for theme in dict.fromkeys(
            theme for theme, _ in _ordered(at.line, ("theme", "help_level"))
        ):
            cells = {column: _cell(at.line, (theme, level)) for level, column in _HELP.items()}
            hidden = table.totals if at.level == "federation" else None
            yield _theme(published, at, "theme", theme, "theme",
                         **cells, demandes=_theme_total(at.line, theme, hidden))  # fmt: skip
    if not found:
        yield E3.row({"periode": period, "rubrique": "theme", "remarque": _TOO_THIN})
    for name, axis in REQUESTS.items():
        for at in _all(published, above, territory, heading(name)):
            for (code,) in _ordered(at.line, (axis,)):
                yield _theme(published, at, name, code, axis, demandes=_cell(at.line, code))


_TOO_THIN: Final = "Trop peu pour être publié à ce niveau et pour cette période."


def heading(name: str) -> Callable[[Published], Table]:
    """The table of one question."""
    return lambda published: published.headings[name]


def _all(
    published: Published,
    above: Published | None,
    territory: str | None,
    of: Callable[[Published], Table],
) -> list[At]:
    """Lines of the period, then those that go up to the year."""
    mine = lines(of(published), published.facts.period.name)
    return [
        *(at for at in mine if at.touches(territory)),
        *from_year(published, above, territory, of),
    ]


def from_year(
    published: Published,
    above: Published | None,
    territory: str | None,
    of: Callable[[Published], Table],
) -> Iterator[At]:
    """The year's lines of what has none of its own in the period."""
    if above is None:
        return
    table, year = of(published), of(above)
    if table.whole is None and year.whole is not None and territory is None:
        yield At(year.whole, "federation", period=above.facts.period.name)
    alone = {line.places[0] for line in table.territories if len(line.places) == 1}
    for line in year.territories:
        at = At(line, "territoire", period=above.facts.period.name)
        if at.touches(territory) and not alone.intersection(line.places):
            yield at


def _totals(published: Published, at: At) -> Iterator[Row]:
    """Totals of each gender and of each age, for the whole federation."""
    hidden = published.publics.totals
    names = _ordered(at.line, ("gender", "age_band"))
    sums: dict[tuple[str, str], int] = {(gender, ""): 0 for gender, _ in names}
    for gender, age in names:
        for key in ((gender, ""), ("", age)):
            sums[key] = sums.get(key, 0) + at.line.cells[gender, age]
    for (gender, age), value in sums.items():
        total = Total("row", gender) if gender else Total("column", age)
        yield _public(published, at, "genre_age", genre=gender, tranche_age=age,
                      passages=HIDDEN if total in hidden else value)  # fmt: skip


def _public(published: Published, at: At, heading: str, **values: Cell) -> Row:
    return E2.row({**_where(published, at), "rubrique": heading, **values})


def _theme(
    published: Published, at: At, heading: str, code: str, list_name: str, **values: Cell
) -> Row:
    label = words.label(list_name, code)
    place = _where(published, at)
    return E3.row({**place, "rubrique": heading, "code": code, "libelle": label, **values})


def _where(published: Published, at: At) -> dict[str, Cell]:
    places = [str(place) for place in at.line.places]
    codes = places if at.level == "territoire" else [at.territory] if at.territory else []
    names = [published.territory_name(code) for code in codes]
    classes = places if at.level == "classe" else [at.class_] if at.class_ else []
    years = sorted({year for class_ in classes for year in published.zoning_years(class_)})
    return {
        "periode": at.period,
        "niveau": at.level,
        "territoire": " ".join(codes),
        "territoire_nom": ", ".join(names),
        "classe": " ".join(classes),
        "annee_zonage": " ".join(years),
        "commune": " ".join(places) if at.level == "commune" else "",
        "remarque": _remark(published, at),
    }


def _remark(published: Published, at: At) -> str | None:
    said = []
    if at.period != published.facts.period.name:
        said.append(f"Trop peu dans la période : chiffres de l’année {at.period}.")
    if len(at.line.places) > 1:
        said.append(f"{len(at.line.places)} lieux ensemble : trop peu pour chacun.")
    return " ".join(said) or None


def _cell(line: Line, name: Key) -> Cell:
    value = line.shown(name)
    return HIDDEN if value is None else value


def _theme_total(line: Line, theme: str, hidden: frozenset[Key] | None) -> Cell:
    """Below the federation a theme's total is what its cells say, and hidden with them."""
    cells = [name for name in line.cells if _pair(name)[0] == theme]
    if hidden is None:
        if any(name in line.hidden for name in cells):
            return HIDDEN
    elif Total("row", theme) in hidden:
        return HIDDEN
    return sum(line.cells[name] for name in cells)


def _pair(name: Key) -> tuple[str, str]:
    first, second = name if isinstance(name, tuple) else (name, "")
    return str(first), str(second)


def _ordered(line: Line, lists: Sequence[str]) -> list[tuple[str, ...]]:
    """The cells of a line, by the order of their code lists; unknown codes come last."""
    ranks: list[Mapping[str, int]] = [
        {code: rank for rank, code in enumerate(words.order(name))} for name in lists
    ]
    names = [name if isinstance(name, tuple) else (name,) for name in line.cells]

    def rank(name: tuple[str, ...]) -> tuple[tuple[int, str], ...]:
        return tuple((ranks[i].get(part, len(ranks[i])), part) for i, part in enumerate(name))

    return sorted((tuple(str(part) for part in name) for name in names), key=rank)
