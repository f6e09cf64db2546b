"""The ten charts of a report, each with the table that stands under it. Hides nothing by itself."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from protocol.codes import CODES, NOT_STATED

from . import activity, charts, words
from .charts import Bar
from .facts import Facts
from .figure import NO_TOURS, NOTHING, UNPUBLISHED, Figure, barred, drawn
from .filling import filling
from .levels import Line
from .places_shown import Places
from .published import Published
from .shapes import Table, Tree
from .stop_map import Ring, Spot, stop_map
from .words import number, percent


class Sheet:
    """The charts of one territory, or of all."""

    def __init__(
        self,
        published: Published,
        above: Published | None = None,
        territory: str | None = None,
        outline: Sequence[Ring] = (),
        vehicles: frozenset[str] | None = None,
    ) -> None:
        """`above`: the year, for what is too thin in the period; None: it is the year.

        `vehicles`: those of the territory that are shown one by one; None: all.
        """
        self.vehicles = vehicles
        self.published, self.above = published, above
        self.territory, self.outline = territory, outline
        self.facts: Facts = published.facts
        self.places = Places(published)

    def figures(self) -> list[Figure]:
        """All ten."""
        return [
            self.weeks(), self.publics(), self.themes(), self.map(), self.hours(),
            self.planned(), self.fill(), self.first_visits(), self.classes(), self.availability(),
        ]  # fmt: skip

    def weeks(self) -> Figure:
        """Passages per week."""
        line = self._own(self.published.weeks)
        cells = sorted(line.cells, key=str) if line else []
        values = [(str(week), line.shown(week)) for week in cells] if line else []
        short = [(date.fromisoformat(week).strftime("%d/%m"), value) for week, value in values]
        return drawn(
            "semaines", "Passages par semaine", self._thin(line),
            charts.weeks if values else None, short,
            ("Semaine du", "Passages"), [(week, number(value)) for week, value in values],
        )  # fmt: skip

    def publics(self) -> Figure:
        """Gender by age."""
        line, note = self._line(lambda each: each.publics)
        bands = list(dict.fromkeys(self.published.rules.band(code) for code in CODES["age_band"]))
        labels = [words.label("age_band", band) for band in bands]
        genders = ("feminin", "masculin", NOT_STATED)
        sides = {
            words.label("gender", gender): [line.shown((gender, band)) for band in bands]
            for gender in genders
        } if line else {}  # fmt: skip
        rows = [
            (label, *(number(side[i]) for side in sides.values())) for i, label in enumerate(labels)
        ] if sides else []  # fmt: skip
        title = "Passages par genre et tranche d’âge"
        svg = charts.pyramid("publics", title, title, labels, sides) if sides else ""
        note = f"{_beside(line, genders[:2], bands)} {note}".strip() if line else note
        heads = ("Âge", *(words.label("gender", gender) for gender in genders))
        return Figure("publics", title, note, svg, heads, tuple(rows))

    def themes(self) -> Figure:
        """Requests by theme, information and accompaniment apart."""
        line, note = self._line(lambda each: each.themes)
        levels = ("information", "accompagnement", NOT_STATED)
        found = []
        for theme in dict.fromkeys(str(name[0]) for name in _names(line)):
            parts = [line.shown((theme, level)) if line else None for level in levels]
            found.append((words.label("theme", theme), parts))
        found.sort(key=lambda each: (-sum(part or 0 for part in each[1]), each[0]))
        lines = [
            Bar(label, tuple(parts), number(None if None in parts else _sum(parts)))
            for label, parts in found
        ]
        heads = tuple(words.label("help_level", level) for level in levels)
        return barred(
            "themes", "Demandes par thème", note, lines, ("Thème", *heads),
            [(label, *map(number, parts)) for label, parts in found], heads,
        )  # fmt: skip

    def map(self) -> Figure:
        """Places by passages."""
        spots = self._spots()
        title = "Lieux d’arrêt, selon les passages"
        svg = stop_map("carte", title, title, spots, self.outline) if spots else ""
        rows = sorted((spot.name, number(spot.value)) for spot in spots)
        note = "Lieux prévus ; la surface du disque suit le nombre de passages."
        if not spots:
            note = _NO_PLACES if self._work(lambda done: done.hours) else NOTHING
        return Figure("carte", title, note, svg, ("Lieu", "Passages"), tuple(rows))

    def hours(self) -> Figure:
        """Hours at stops."""
        sums = self._work(lambda done: done.hours)
        lines = [Bar(name, (value,), f"{number(value, 1)} h") for name, value in sums.items()]
        rows = [(name, number(value, 1)) for name, value in sums.items()]
        return barred("heures", "Heures aux arrêts", "", lines, (self._who, "Heures"), rows)

    def planned(self) -> Figure:
        """Planned stops kept and not kept; without a published tour nothing was missed."""
        planned, kept = self._work(lambda d: d.planned), self._work(lambda d: d.kept)
        lines = [
            Bar(name, (kept[name], value - kept[name]), percent(kept[name], value))
            for name, value in planned.items()
            if value
        ]
        rows = [
            (name, number(value), number(kept[name]), percent(kept[name], value))
            if value
            else (name, UNPUBLISHED, "–", "–")
            for name, value in planned.items()
        ]
        heads = (self._who, "Prévus", "Tenus", "Part tenue")
        names, none = ("tenus", "non tenus"), [name for name, value in planned.items() if not value]
        note = _unpublished(none, len(planned))
        return barred("prevus", "Arrêts prévus et tenus", note, lines, heads, rows, names)

    def fill(self) -> Figure:
        """Workshop seats, and who came to the same workshops."""
        told = filling(self.published)
        seats: dict[tuple[str, ...], int] = defaultdict(int)
        for (unit, _), count in told.seats.items():
            if self._in_scope(unit):
                seats[self._path(unit)] += count
        found = sorted((self._named(path), n, told.shown(path)) for path, n in seats.items())
        said = [(name, number(count), number(came)) for name, count, came in found]
        lines = [
            Bar(name, (came,), f"{number(came)} / {number(count)}", of=float(count))
            for name, count, came in found
        ]
        untold = sum(1 for unit, _ in told.untold if self._in_scope(unit))
        notes = ["Participants et places des mêmes ateliers."] if found else []
        notes += (
            [f"Ateliers sans places annoncées, hors du graphique : {untold}."] if untold else []
        )
        heads = (self._who, "Places offertes", "Participants")
        return barred("ateliers", "Remplissage des ateliers", " ".join(notes), lines, heads, said)

    def first_visits(self) -> Figure:
        """Answers to: is it your first visit of the year?"""
        line, said = self._line(lambda each: each.headings["premiere_visite"])
        found = [
            (words.label("first_visit", code), line.shown(code) if line else None)
            for code in CODES["first_visit"]
            if line and code in line.cells
        ]
        whole = line.total if line else 0
        lines = [Bar(name, (value,), _share(value, whole)) for name, value in found]
        rows = [(name, number(value), _share(value, whole)) for name, value in found]
        note = "Les personnes sont au moins les premières visites déclarées. " + said
        heads = ("Réponse", "Passages", "Part")
        return barred("premieres", "Premières visites de l’année", note, lines, heads, rows)

    def classes(self) -> Figure:
        """Passages by class of the place: those that are published, and the rest in one."""
        whole = self._shown_total(self.published.passages)
        sums: dict[str, int] = defaultdict(int)
        for code, lines in self.published.publics.classes.items():
            for line in lines if self.territory in (None, code) else ():
                name = " ou ".join(words.label("territory_class", str(c)) for c in line.places)
                sums[name] += line.total
        rest = None if whole is None else whole - sum(sums.values())
        found = sorted(sums.items(), key=lambda each: -each[1])
        if rest and found:
            found.append(("Non publié séparément", rest))
        bars = [Bar(name, (float(v),), _share(v, whole or 0)) for name, v in found]
        rows = [(name, number(value), _share(value, whole or 0)) for name, value in found]
        note = "Classe du lieu d’arrêt ; l’année de zonage est dans les fichiers."
        note = note if found else self._thin(None)
        heads = ("Classe", "Passages", "Part")
        return barred("classes", "Quartiers prioritaires et ruralité", note, bars, heads, rows)

    def availability(self) -> Figure:
        """Planned days on which the vehicles were out."""
        days: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for plan in self.facts.planned:
            if self._in_scope(plan.unit):
                days[self._group(plan.unit)].add((plan.unit, plan.day))
        found = []
        for name, planned in sorted(days.items()):
            out = sum(1 for unit, day in planned if day in self.facts.heard.get(unit, ()))
            found.append((name, out, len(planned)))
        lines = [Bar(n, (float(out),), percent(out, of), of=float(of)) for n, out, of in found]
        rows = [(name, number(of), number(out), percent(out, of)) for name, out, of in found]
        heads = (self._who, "Jours prévus", "Jours sortis", "Part")
        note = "" if found else NO_TOURS
        return barred("parc", "Disponibilité des véhicules", note, lines, heads, rows)

    def gauges(self) -> list[Figure]:
        """One for each vehicle that has a target, over the period's share of the year."""
        trees = {
            "passages": self.published.passages,
            "personnes": self.published.first_visits,
            "participants": activity.participants(self.published),
        }
        found = []
        for vehicle in self.facts.registry.vehicles:
            mine = self.territory in (None, vehicle.territory_code)
            if not (mine and vehicle.target_people and self._is_shown(vehicle.name)):
                continue
            value = trees[vehicle.target_measure].shown(vehicle.territory_code, vehicle.name)
            target = round(vehicle.target_people * self.facts.period.days / 365)
            unit = words.MEASURES[vehicle.target_measure]
            svg = charts.gauge(f"objectif-{vehicle.id}", vehicle.name, value, target, unit)
            row = (vehicle.name, unit, number(value), number(target))
            heads = ("Véhicule", "Compté en", "Compté", "Objectif de la période")
            found.append(Figure(f"objectif-{vehicle.id}", vehicle.name, "", svg, heads, (row,)))
        return found

    @property
    def _who(self) -> str:
        return "Territoire" if self.territory is None else "Véhicule"

    def _group(self, unit: str) -> str:
        place = self.facts.place(unit)
        return place.territory_name if self.territory is None else place.vehicle

    def _path(self, unit: str) -> tuple[str, ...]:
        place = self.facts.place(unit)
        whole = self.territory is None
        return (place.territory,) if whole else (place.territory, place.vehicle)

    def _named(self, path: tuple[str, ...]) -> str:
        return self.published.territory_name(path[0]) if len(path) == 1 else path[1]

    def _in_scope(self, unit: str) -> bool:
        place = self.facts.place(unit)
        return self.territory in (None, place.territory) and self._is_shown(place.vehicle)

    def _is_shown(self, vehicle: str) -> bool:
        return self.vehicles is None or vehicle in self.vehicles

    def _line(self, of: Callable[[Published], Table]) -> tuple[Line | None, str]:
        """The line of this sheet, of the year when that of the period is too thin; a note."""
        line = self._own(of(self.published))
        if line is None and self.above is not None:
            line = self._own(of(self.above))
            if line is not None:
                period = self.above.facts.period.label
                return line, f"Trop peu dans la période : {period}. {self._thin(line)}".strip()
        return line, self._thin(line)

    def _own(self, table: Table) -> Line | None:
        """The line of this sheet; None: too thin to stand alone."""
        if self.territory is None:
            return table.whole
        line = table.territory(self.territory)
        return line if line is not None and len(line.places) == 1 else None

    def _thin(self, line: Line | None) -> str:
        if line is not None:
            return "s : petit nombre, masqué." if line.hidden else ""
        return "Trop peu pour être publié à ce niveau et pour cette période."

    def _work(self, of: Callable[[activity.Work], float]) -> dict[str, float]:
        found: dict[str, float] = defaultdict(float)
        for unit, done in activity.work(self.facts).items():
            if self._in_scope(unit):
                found[self._group(unit)] += of(done)
        return dict(sorted(found.items()))

    def _shown(self, tree: Tree) -> dict[str, int | None]:
        found: dict[str, int | None] = {}
        for territory, vehicle in tree.vehicles:
            if self.territory is None:
                found[self.published.territory_name(territory)] = tree.shown(territory)
            elif self.territory == territory and self._is_shown(vehicle):
                found[vehicle] = tree.shown(territory, vehicle)
        return found

    def _shown_total(self, tree: Tree) -> int | None:
        return tree.shown() if self.territory is None else tree.shown(self.territory)

    def _spots(self) -> list[Spot]:
        """Places of the period: planned in it, or come to though its tours were not published."""
        planned = {(plan.unit, plan.id) for plan in self.facts.planned}
        planned |= {(stop.unit, stop.planned or "") for stop in self.facts.stops}
        found = {}
        for plan in self.facts.plans.stops:
            place = self.facts.place(plan.unit)
            if (plan.unit, plan.id) in planned and self._in_scope(plan.unit):
                spot = (place.territory, place.vehicle, plan.id)
                found[spot] = Spot(plan.name, plan.lat, plan.lon, self.places.planned(*spot))
        return [found[spot] for spot in sorted(found)]


_NO_PLACES: Final = (
    "Les arrêts faits dans cette période ne sont liés à aucun lieu prévu : leurs heures sont dans "
    "les heures aux arrêts."
)


def _beside(line: Line, genders: Sequence[str], bands: Sequence[str]) -> str:
    """How many of all passages are on no bar."""
    drawn = sum(line.shown((gender, band)) or 0 for gender in genders for band in bands)
    rest = line.total - drawn
    if not rest:
        return ""
    share = words.percent(rest, line.total)
    return f"Genre ou âge non précisé, ou masqué : {share} des passages, sur aucune barre."


def _names(line: Line | None) -> list[tuple[str, str]]:
    return [name for name in line.cells if isinstance(name, tuple)] if line else []


def _unpublished(names: Sequence[str], of: int) -> str:
    if not names:
        return ""
    if len(names) == of:
        return NO_TOURS
    some = ", ".join(names) if len(names) <= 3 else f"{len(names)} sur {of}"
    return f"Pas de tournée publiée : {some}."


def _sum(parts: Sequence[float | None]) -> float:
    return sum(part or 0 for part in parts)


def _share(value: int | None, whole: int) -> str:
    return "s" if value is None else percent(value, whole)
