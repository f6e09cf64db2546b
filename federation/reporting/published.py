"""Which figures of a period are published, and at which level: every table, hidden cells included.

All of it is decided for the whole federation, then cut to what somebody asked for: two files of the
same snapshot never hide differently. Levels: federation, territory, class of the place, commune.
Territories go by code; '' is units in no vehicle.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from protocol.codes import NOT_STATED

from ..registry import NO_TERRITORY
from .facts import Facts
from .levels import Key, Line, apart
from .records import Counts
from .secrecy import Total, column, cross, hidden_share, protect, small
from .shapes import PEOPLE, REQUESTS, WHOLE, Rules, Table, Tree

Cells = dict[Key, dict[Key, int]]
Measure = Callable[[Counts], int]


def people(counts: Counts) -> int:
    """Passages."""
    return counts.people


def requests(counts: Counts) -> int:
    """Requests: people who came together for one thing made one."""
    return counts.visits


class Published:
    """All tables of a period."""

    def __init__(self, facts: Facts, rules: Rules) -> None:
        self.facts, self.rules = facts, rules

    def territory_name(self, code: str) -> str:
        """What people call it."""
        return self.facts.registry.territories().get(code, NO_TERRITORY)

    def zoning_years(self, class_: str) -> list[str]:
        """The years of the zonings by which places were put in that class."""
        return sorted({k[2] for k in self.facts.counts["class"] if k[1] == class_ and k[2]})

    @cached_property
    def passages(self) -> Tree:
        """People who came, each time they came; street animations too."""
        return self.tree({unit: c.people for unit, c in self.facts.totals.items()})

    @cached_property
    def demands(self) -> Tree:
        """Requests."""
        return self.tree({unit: c.visits for unit, c in self.facts.totals.items()})

    @cached_property
    def street(self) -> Tree:
        """People counted by hand in the street."""
        return self.tree({unit: c.tallied for unit, c in self.facts.totals.items()})

    @cached_property
    def unserved(self) -> Tree:
        """Requests of people who left before being received."""
        return self.tree({unit: c.left_unserved for unit, c in self.facts.totals.items()})

    @cached_property
    def first_visits(self) -> Tree:
        """Declared first visits of the year: persons, at the least."""
        return self._answer("oui")

    @cached_property
    def first_unknown(self) -> Tree:
        """Passages of which nobody said whether they were a first visit."""
        return self._answer(NOT_STATED)

    def _answer(self, code: str) -> Tree:
        """One answer by vehicle; hidden wherever the table of answers hides it."""
        counted = self.facts.by_unit("first_visit", code)
        street = self.facts.totals if code == NOT_STATED else {}
        table = self.headings["premiere_visite"]
        lines = [line for line in table.territories if len(line.places) == 1]
        shown = {str(line.places[0]) for line in lines if line.shown(code) is not None}
        whole = table.whole is not None and table.whole.shown(code) is not None
        values = {
            unit: counted.get(unit, Counts()).people + street.get(unit, Counts()).tallied
            for unit in self.facts.units()
        }
        return self.tree(values, shown=shown if whole else set(), whole=whole)

    def tree(
        self, values: Mapping[str, int], *, shown: set[str] | None = None, whole: bool = True
    ) -> Tree:
        """A measure, unit → value, by territory and vehicle.

        `shown`: the territories whose value another table publishes; None: that is decided here.
        """
        by: dict[tuple[str, str], int] = {}
        for unit in self.facts.units():
            place = self.facts.place(unit)
            where = (place.territory, place.vehicle)
            by[where] = by.get(where, 0) + values.get(unit, 0)
        return Tree(by, self._hidden(by, shown, whole))

    def _hidden(
        self, by: Mapping[tuple[str, str], int], shown: set[str] | None, whole: bool
    ) -> frozenset[tuple[str, ...]]:
        sums: dict[Key, int] = defaultdict(int)
        for (territory, _), value in by.items():
            sums[territory] += value
        hidden: set[tuple[str, ...]] = set()
        if not whole or small(sum(sums.values()), self.rules.threshold):
            hidden.add(())
        away = self._column(sums) if shown is None else frozenset(sums) - shown
        for territory in {path[0] for path in by}:
            below: dict[Key, int] = {path: v for path, v in by.items() if path[0] == territory}
            hides = frozenset(below) if territory in away else self._column(below)
            hidden |= {path for path in by if path in hides}
        hidden |= {(str(territory),) for territory in away}
        return frozenset(hidden)

    def _column(self, cells: Mapping[Key, int]) -> frozenset[Key]:
        """What is hidden under a total that is known; all of it when that cannot be protected."""
        found = protect(column(cells), self.rules.threshold)
        return frozenset(cells) if found is None else found

    @cached_property
    def publics(self) -> Table:
        """Passages by gender and age, down to communes."""
        whole = self._cells("gender_age", lambda k: (k[1], self.rules.band(k[2])), people)
        found = self._table(whole, self.passages)
        classes: dict[str, Sequence[Line]] = {}
        communes: dict[tuple[str, str], Sequence[Line]] = {}
        for line in found.territories:
            if len(line.places) == 1:
                code = str(line.places[0])
                classes[code] = self._below(line, self._classes(code))
                for each in classes[code]:
                    if len(each.places) == 1:
                        below = self._communes(code, str(each.places[0]))
                        if _adds_up(each, below):
                            communes[code, str(each.places[0])] = self._below(each, below)
        return found._replace(classes=classes, communes=communes)

    @cached_property
    def themes(self) -> Table:
        """Requests by theme and level of help."""
        return self._table(
            self._cells("theme_help", lambda k: (k[1], k[2]), requests), self.demands
        )

    @cached_property
    def weeks(self) -> Table:
        """Passages by week: its Monday, YYYY-MM-DD."""
        cells: Cells = {code: {} for code in self._codes}
        for day, unit, counts in self.facts.days:
            monday = date.fromisoformat(day)
            monday -= timedelta(monday.weekday())
            here, week = cells[self.facts.place(unit).territory], monday.isoformat()
            here[week] = here.get(week, 0) + counts.people
        return self._table(cells, self.passages, one_axis=True)

    @cached_property
    def headings(self) -> Mapping[str, Table]:
        """The tables of one question each."""
        found = {}
        for name, axis in PEOPLE.items():
            cells = self._cells(axis, lambda k: k[1] or NOT_STATED, people)
            for unit, counts in self.facts.totals.items():
                # Nobody is asked anything in the street.
                here = cells[self.facts.place(unit).territory]
                here[NOT_STATED] = here.get(NOT_STATED, 0) + counts.tallied
            found[name] = self._table(cells, self.passages, one_axis=True)
        for name, axis in REQUESTS.items():
            cells = self._cells(axis, lambda k: k[1] or NOT_STATED, requests)
            found[name] = self._table(cells, self.demands, one_axis=True)
        return found

    def _cells(self, axis: str, of: Callable[[tuple[Any, ...]], Key], measure: Measure) -> Cells:
        """Territory → cell → value."""
        found: Cells = {code: {} for code in self._codes}
        for key, counts in self.facts.counts[axis].items():
            cells = found[self.facts.place(key[0]).territory]
            cells[of(key)] = cells.get(of(key), 0) + measure(counts)
        return found

    @cached_property
    def _codes(self) -> list[str]:
        return sorted({self.facts.place(unit).territory for unit in self.facts.units()})

    def _table(self, cells: Cells, tree: Tree, *, one_axis: bool = False) -> Table:
        sums: dict[Key, int] = {}
        for line in cells.values():
            for name, value in line.items():
                sums[name] = sums.get(name, 0) + value
        whole, totals = self._whole(sums, one_axis=one_axis)
        if whole is None:
            return Table(None, totals, ())
        lines = apart(whole, cells, self.rules.threshold, self.rules.share, tree.territories)
        return Table(whole, totals, lines)

    def _whole(
        self, sums: Mapping[Any, int], *, one_axis: bool
    ) -> tuple[Line | None, frozenset[Key]]:
        arcs = column(sums) if one_axis else cross(sums)
        found = protect(arcs, self.rules.threshold)
        if found is None or hidden_share(sums, found.__contains__) >= self.rules.share:
            return None, frozenset()
        cells = frozenset(name for name in found if not isinstance(name, Total))
        return Line(WHOLE, sums, cells), found - cells

    def _below(self, above: Line, cells: Cells) -> Sequence[Line]:
        return apart(above, cells, self.rules.threshold, self.rules.share)

    def _classes(self, territory: str) -> Cells:
        return self._places("class_gender_age", territory, None)

    def _communes(self, territory: str, class_: str) -> Cells:
        """Communes that have stops of this class. One that has others too does not add up."""
        mine = {commune for commune, found in self._zones[territory].items() if class_ in found}
        return self._places("commune_gender_age", territory, mine)

    def _places(self, axis: str, territory: str, among: set[str] | None) -> Cells:
        found: Cells = {}
        for (unit, a, b, c), counts in self.facts.counts[axis].items():
            here = self.facts.place(unit).territory == territory
            if here and (among is None or a in among):
                cells = found.setdefault(a, {})
                name = (b, self.rules.band(c))
                cells[name] = cells.get(name, 0) + counts.people
        return found

    @cached_property
    def _zones(self) -> Mapping[str, Mapping[str, set[str]]]:
        """Territory → commune → classes of the stops that were made there."""
        found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for unit, commune, class_ in self.facts.zones:
            found[self.facts.place(unit).territory][commune].add(class_)
        for places in found.values():
            places[NOT_STATED].add(NOT_STATED)
        return found


def _adds_up(above: Line, below: Cells) -> bool:
    sums: dict[Key, int] = defaultdict(int)
    for cells in below.values():
        for name, value in cells.items():
            sums[name] += value
    return {k: v for k, v in sums.items() if v} == {k: v for k, v in above.cells.items() if v}
