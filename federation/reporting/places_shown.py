"""How many came to each place and each stop, as far as it is published. Pure but for the facts.

Places of a vehicle add up to what is published of it, and to communes that stand alone: they are
protected together. Stops add up to their place.
"""

from collections import defaultdict
from functools import cached_property
from typing import Final

from .facts import Facts
from .network import Arc
from .publics import lines
from .published import Published
from .secrecy import Total, column, protect

Stop = tuple[str, int, int]
"""Unit, epoch, seq; zeros: at no stop."""
Spot = tuple[str, str, str, str]
"""Territory, vehicle, id of the planned stop (empty: not planned), commune."""
_ANY: Final = ("any", "")


def passages_of(facts: Facts) -> dict[Stop, int]:
    """Stop → passages."""
    found: dict[Stop, int] = {}
    for (unit, where, *_), counts in facts.counts["stop"].items():
        epoch, _, seq = where.partition("/")
        key = (unit, int(epoch), int(seq)) if seq else (unit, 0, 0)
        found[key] = found.get(key, 0) + counts.people
    return found


class Places:
    """All places of a period."""

    def __init__(self, published: Published) -> None:
        self._published, self._facts = published, published.facts
        self._threshold = published.rules.threshold

    @cached_property
    def stops(self) -> dict[Spot, dict[Stop, int]]:
        """Place → its stops → passages."""
        made = {(stop.unit, stop.epoch, stop.seq): stop for stop in self._facts.stops}
        found: dict[Spot, dict[Stop, int]] = defaultdict(dict)
        for key, value in passages_of(self._facts).items():
            place, stop = self._facts.place(key[0]), made.get(key)
            where = (stop.planned or "", stop.commune) if stop else ("", "")
            found[place.territory, place.vehicle, *where][key] = value
        return found

    @cached_property
    def hidden(self) -> frozenset[Spot]:
        """Places of which nothing is published."""
        found: set[Spot] = set()
        for code in {spot[0] for spot in self.stops}:
            found |= self._of_territory(code)
        return frozenset(found)

    def shown(self, spot: Spot) -> int | None:
        """Passages at a place; None: hidden."""
        return None if spot in self.hidden else sum(self.stops.get(spot, {}).values())

    def planned(self, territory: str, vehicle: str, name: str) -> int | None:
        """Passages at a planned place, in whatever commune its stops were; None: hidden."""
        values = [self.shown(spot) for spot in self._named[territory, vehicle, name]]
        return None if None in values else sum(value or 0 for value in values)

    @cached_property
    def _named(self) -> dict[tuple[str, ...], list[Spot]]:
        found: dict[tuple[str, ...], list[Spot]] = defaultdict(list)
        for spot in self.stops:
            found[spot[:3]].append(spot)
        return found

    def hidden_stops(self) -> frozenset[Stop]:
        """Stops of which nothing is published."""
        found: set[Stop] = set()
        for spot, stops in self.stops.items():
            more = None if spot in self.hidden else protect(column(stops), self._threshold)
            found |= {stop for stop in stops if more is None or stop in more}
        return frozenset(found)

    def _of_territory(self, code: str) -> set[Spot]:
        """A network of vehicles and communes, as far as their totals are published elsewhere."""
        arcs, sums = list[Arc](), dict[tuple[str, str], int]()
        hidden: set[Spot] = set()
        for spot, stops in self.stops.items():
            value = sum(stops.values())
            if spot[0] != code or not value:
                continue
            tail, head = ("vehicle", spot[1]), ("commune", spot[3])
            if self._published.passages.shown(code, spot[1]) is None:
                hidden.add(spot)
                tail = _ANY
            if (code, spot[3]) not in self._alone:
                head = _ANY
            if tail != head:
                arcs.append(Arc(spot, tail, head, value))
            for node in {tail, head} - {_ANY}:
                sums[node] = sums.get(node, 0) + value
        for node, value in sorted(sums.items()):
            ends = (_ANY, node) if node[0] == "vehicle" else (node, _ANY)
            arcs.append(Arc(Total(*node), *ends, value=value, keep=True))
        among = {arc.name for arc in arcs}
        found = protect(arcs, self._threshold, frozenset(hidden & among))
        return hidden | {spot for spot in self.stops if spot in (among if found is None else found)}

    @cached_property
    def _alone(self) -> set[tuple[str, str]]:
        """Territory and commune of those whose own total is published."""
        return {
            (at.territory, str(at.line.places[0]))
            for at in lines(self._published.publics, "")
            if at.level == "commune" and len(at.line.places) == 1
        }
