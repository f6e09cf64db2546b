"""How full workshops were: seats and people of the same ones, those whose seats were told. Pure.

Who was at the others is not told beside it where one of the two is few: they add up to what is
published.
"""

from collections import defaultdict
from typing import NamedTuple

from .facts import Facts
from .published import Published
from .shapes import Tree

Workshop = tuple[str, str]
"""Unit and workshop."""


class Filling(NamedTuple):
    """Of a period."""

    seats: dict[Workshop, int]
    inside: Tree
    """People at these workshops."""
    outside: Tree
    """People at workshops of which no seats were told."""
    untold: frozenset[Workshop]
    """Those that were held."""

    def shown(self, path: tuple[str, ...]) -> int | None:
        """People at workshops with seats, of a territory or of one of its vehicles; None: hidden.

        Vehicles add up to their territory: they are told all or not at all.
        """
        near = [where for where in self.inside.vehicles if where[0] == path[0]]
        for each in [path] if len(path) == 1 else near:
            if self.inside.shown(*each) is None or self.outside.shown(*each) is None:
                return None
        return self.inside.value(*path)


def filling(published: Published) -> Filling:
    """Workshops of the period that were not called off, and whoever was there in the period."""
    facts = published.facts
    first, last = facts.period.first.isoformat(), facts.period.last.isoformat()
    seats = {
        (each.unit, each.id): each.seats
        for each in facts.offered
        if each.seats
        and not each.withdrawn
        and first <= facts.local(each.unit, each.starts).date().isoformat() <= last
    }
    came = _came(facts, first, last)
    inside, outside = defaultdict[str, int](int), defaultdict[str, int](int)
    for (unit, workshop), people in came.items():
        (inside if (unit, workshop) in seats else outside)[unit] += people
    untold = frozenset(came.keys() - seats.keys())
    return Filling(seats, published.tree(inside), published.tree(outside), untold)


def _came(facts: Facts, first: str, last: str) -> dict[Workshop, int]:
    found = defaultdict[Workshop, int](int)
    for line in facts.attendances:
        if line.status == "seen" and first <= line.day <= last:
            found[line.unit, line.workshop] += line.people
    return dict(found)
