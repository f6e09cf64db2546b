"""The attendance sheet of a workshop: who is awaited, who came, who came without. Pure.

Names come from today's list, and stay in what this returns.
"""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

import msgspec

from protocol.documents import RosterLine
from protocol.event import Event, Key
from protocol.standing import Standing
from protocol.workshops import Attended

NOT_TOLD: Final = "unknown"


class Line(NamedTuple):
    """Who is awaited under one number; printed, it tells no name."""

    number: int
    sign_up: Key
    unit: str | None
    """Where they signed up; None: here."""
    people: int
    waiting: int
    first_name: str = ""
    phone: str = ""
    status: str = NOT_TOLD
    """Code list `attendance`."""
    came: int = 0
    is_away: bool = False
    """Name and telephone were given, and only the federation can read them."""

    @property
    def can_go(self) -> bool:
        """Whether staff may give the place back: it is ours, and nobody sits on it."""
        return self.unit is None and self.status != "seen"

    def is_of(self, other: "Line") -> bool:
        """Whether both are of the same sign-up."""
        return (self.unit, self.sign_up) == (other.unit, other.sign_up)

    def __repr__(self) -> str:
        return f"Line({self.number}, {self.status})"


class Sheet(NamedTuple):
    """One workshop."""

    lines: tuple[Line, ...] = ()
    walk_ins: tuple[Key, ...] = ()
    """Whoever came without a sign-up, one by one."""

    @property
    def came(self) -> int:
        """How many people are there."""
        return sum(line.came for line in self.lines) + len(self.walk_ins)

    @property
    def missing(self) -> int:
        """How many lines nobody has filled in; who still waits for a seat is not awaited."""
        return sum(line.status == NOT_TOLD and line.waiting < line.people for line in self.lines)


def sheet(
    workshop: str,
    standings: Mapping[Key, Standing],
    roster: Iterable[RosterLine],
    told: Iterable[tuple[Key, Event]],
    unit: str,
) -> Sheet:
    """`roster`: today's list; `told`: this screen's words, oldest first; `unit`: this one."""
    attended, walk_ins = _attended(workshop, told)
    named = [line for line in roster if line.workshop == workshop]
    by_number = {line.number: line for line in named if line.unit in (None, unit)}
    ours = [
        _line(key, None, standing, by_number.get(standing.event.number), attended)
        for key, standing in standings.items()
        if standing.event.workshop == workshop and standing.seats and not standing.event.trial
    ]
    theirs = [
        _theirs(line, line.sign_up, attended)
        for line in named
        if line.unit not in (None, unit) and line.sign_up
    ]
    lines = sorted((*ours, *theirs), key=lambda line: (line.number, line.unit or ""))
    return Sheet(tuple(lines), walk_ins)


def word(
    workshop: str, line: Line, status: str, came: int | None = None, author: str = ""
) -> Attended:
    """What is kept when somebody is marked; the same mark again takes it back."""
    if status == line.status and came is None:
        status = NOT_TOLD
    people = line.people if came is None else came
    return Attended(
        workshop=workshop,
        status=status,
        sign_up=line.sign_up,
        unit=line.unit,
        people=people,
        author=author,
    )


def as_they_stand(
    lines: Iterable[RosterLine], standings: Mapping[Key, Standing], unit: str
) -> tuple[RosterLine, ...]:
    """Today's list with what changed on this vehicle since; whoever gave back is not in it."""
    found = []
    for line in lines:
        stands = standings.get(line.sign_up) if line.sign_up and line.unit == unit else None
        if stands is None:
            found.append(line)
        elif stands.seats:
            changes = {"seats": stands.seats, "waiting": stands.waiting}
            found.append(msgspec.structs.replace(line, **changes))
    return tuple(found)


_Told = Mapping[tuple[str | None, Key], Attended]


def _attended(workshop: str, told: Iterable[tuple[Key, Event]]) -> tuple[_Told, tuple[Key, ...]]:
    lines, walk_ins = dict[tuple[str | None, Key], Attended](), dict[Key, None]()
    for key, event in told:
        if not isinstance(event, Attended) or event.workshop != workshop or event.trial:
            continue
        if event.sign_up is not None:
            lines[event.unit, event.sign_up] = event
        elif event.corrects is not None:
            walk_ins.pop(event.corrects, None)
        else:
            walk_ins[key] = None
    return lines, tuple(walk_ins)


def _line(
    key: Key, unit: str | None, standing: Standing, named: RosterLine | None, attended: _Told
) -> Line:
    line = Line(standing.event.number, key, unit, standing.seats, standing.waiting)
    line = line._replace(is_away=named is None and bool(standing.event.sealed))
    if named is not None:
        line = line._replace(first_name=named.first_name, phone=named.phone)
    return _marked(line, attended)


def _theirs(named: RosterLine, sign_up: Key, attended: _Told) -> Line:
    who = (named.first_name, named.phone)
    line = Line(named.number, sign_up, named.unit, named.seats, named.waiting, *who)
    return _marked(line, attended)


def _marked(line: Line, attended: _Told) -> Line:
    found = attended.get((line.unit, line.sign_up))
    if found is None:
        return line
    return line._replace(status=found.status, came=found.people if found.status == "seen" else 0)
