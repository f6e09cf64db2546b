"""A published table as arcs of a network: what somebody who reads it can prove of a hidden cell.

Every cell is an arc, every line of the table a node at which what comes in goes out: rows, columns
and totals are all said that way. Pure; knows no report.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

Node = Hashable
FLOOR = 1
"""A hidden cell is never zero: zeros are published, and whoever reads knows it."""
_FAR = 1 << 60
_Path = list[tuple[Node, Node]]


class Arc(NamedTuple):
    """One cell: its name, the two lines it stands in, its value."""

    name: Hashable
    tail: Node
    head: Node
    value: int
    keep: bool = False
    """Published whatever comes: a total that other tables share."""


class Network:
    """The hidden cells of a table, and how far each could be from its true value."""

    def __init__(self, hidden: Iterable[Arc]) -> None:
        self._room: dict[Node, dict[Node, int]] = defaultdict(lambda: defaultdict(int))
        for arc in hidden:
            self._add(arc, 1)

    def hide(self, arc: Arc) -> None:
        """One more cell that is not published."""
        self._add(arc, 1)

    def slack(self, arc: Arc, enough: int) -> tuple[int, int]:
        """How much lower and higher a hidden cell may be, for all that is published.

        Neither is looked for beyond `enough`, nor the lower one when the higher is that already.
        """
        self._add(arc, -1)
        higher = self._flow(arc.head, arc.tail, enough)
        lower = 0
        if higher < enough:
            lower = self._flow(arc.tail, arc.head, min(enough, arc.value - FLOOR))
        self._add(arc, 1)
        return lower, higher

    def detour(self, arc: Arc, shown: Iterable[tuple[Arc, int]], need: int) -> list[Arc] | None:
        """The cheapest shown cells to hide so that `arc` may be `need` higher than it may now.

        `shown` are the cells that may be hidden, each with its cost. None: there is no way.
        """
        self._add(arc, -1)
        used = self._push(arc.head, arc.tail, _FAR)
        way = _cheapest(self._ways(shown, need), arc.head, arc.tail)
        self._put_back(used)
        self._add(arc, 1)
        return way

    def _add(self, arc: Arc, sign: int) -> None:
        """A hidden cell may grow without end, and shrink to the floor."""
        self._room[arc.tail][arc.head] += sign * _FAR
        self._room[arc.head][arc.tail] += sign * (arc.value - FLOOR)

    def _ways(
        self, shown: Iterable[tuple[Arc, int]], need: int
    ) -> dict[Node, list[tuple[Node, int, Arc | None]]]:
        ways: dict[Node, list[tuple[Node, int, Arc | None]]] = defaultdict(list)
        for tail, heads in self._room.items():
            ways[tail] += [(head, 0, None) for head, room in heads.items() if room >= need]
        for arc, cost in shown:
            ways[arc.tail].append((arc.head, cost, arc))
            if arc.value - FLOOR >= need:
                ways[arc.head].append((arc.tail, cost, arc))
        return ways

    def _flow(self, start: Node, goal: Node, enough: int) -> int:
        """Largest flow, up to `enough`; the network is as before afterwards."""
        used = self._push(start, goal, enough)
        self._put_back(used)
        return sum(room for _, room in used)

    def _push(self, start: Node, goal: Node, enough: int) -> list[tuple[_Path, int]]:
        """The shortest augmenting paths that were used, and how much went over each."""
        found, used = 0, list[tuple[_Path, int]]()
        while found < enough and (path := self._path(start, goal)) is not None:
            room = min(enough - found, *(self._room[a][b] for a, b in path))
            for a, b in path:
                self._move(a, b, room)
            used.append((path, room))
            found += room
        return used

    def _put_back(self, used: list[tuple[_Path, int]]) -> None:
        for path, room in used:
            for a, b in path:
                self._move(b, a, room)

    def _move(self, tail: Node, head: Node, room: int) -> None:
        self._room[tail][head] -= room
        self._room[head][tail] += room

    def _path(self, start: Node, goal: Node) -> _Path | None:
        """A shortest one. Most of the time of a report is spent here."""
        came: dict[Node, Node] = {start: start}
        nodes = [start]
        # Grows while it is walked through.
        for node in nodes:
            for following, room in self._room[node].items():
                if room > 0 and following not in came:
                    came[following] = node
                    if following == goal:
                        return _back(came, start, goal)
                    nodes.append(following)
        return None


def _back(came: Mapping[Node, Node], start: Node, goal: Node) -> _Path:
    path, node = _Path(), goal
    while node != start:
        path.append((came[node], node))
        node = came[node]
    return path


def _cheapest(
    ways: Mapping[Node, list[tuple[Node, int, Arc | None]]], start: Node, goal: Node
) -> list[Arc] | None:
    """Dijkstra; the cells that the way passes through. Ties go to whoever was met first."""
    turn = count()
    heap: list[tuple[int, int, Node]] = [(0, next(turn), start)]
    best: dict[Node, int] = {start: 0}
    came: dict[Node, tuple[Node, Arc | None]] = {}
    while heap:
        cost, _, node = heappop(heap)
        if node == goal:
            break
        if cost > best[node]:
            continue
        for following, more, arc in ways.get(node, ()):
            if cost + more < best.get(following, _FAR):
                best[following] = cost + more
                came[following] = (node, arc)
                heappush(heap, (cost + more, next(turn), following))
    if goal not in came:
        return None
    found, node = list[Arc](), goal
    while node != start:
        node, arc = came[node]
        if arc is not None:
            found.append(arc)
    return found
