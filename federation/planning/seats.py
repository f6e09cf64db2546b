"""Who may give away how many seats of a workshop, when vans may be offline. Pure.

A seat that a van may still give away, by what it was told last, is given to nobody else until the
van has said that it was told otherwise: so no seat is ever promised twice. Nobody who has a seat
loses it while there are enough: seats that nobody was allotted cover it first, then seats that
others have and nobody sits on. Beyond the total it is said who came last; a person decides.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from protocol.event import Key

DESK: Final = "federation"
"""The unit that the desk's own sign-ups are of; the desk has the seats that no van was allotted."""


class Claim(NamedTuple):
    """A sign-up as it stands now."""

    unit: str
    """Where it was made."""
    key: Key
    seats: int
    """For how many people."""
    waiting: int
    """How many of them wait."""
    since: int
    """When it took its place, in milliseconds since 1970."""

    @property
    def held(self) -> int:
        """Seats that are taken for it."""
        return max(0, self.seats - self.waiting)


class Sharing(NamedTuple):
    """What is to be told to whom."""

    seats: dict[str, int]
    """Unit → seats in its next programme, where a van with sign-ups stays."""
    desk: int
    """Seats that the desk may give away now."""
    moves_up: tuple[Claim, ...]
    """Those of the desk's waiting list that have seats now."""
    owed: dict[str, int]
    """Unit → seats of its allotment that it gets once others have said that they let them go."""
    covered: dict[str, int]
    """Unit → seats taken there beyond its allotment."""
    overbooked: int
    """Seats taken beyond the total."""
    last: tuple[Claim, ...]
    """Who came last, the very last first: proposed for the waiting list when it is overbooked."""


def share(
    total: int, wishes: Mapping[str, int], leases: Mapping[str, int], claims: Sequence[Claim]
) -> Sharing:
    """`wishes`: unit → seats allotted to it; `leases`: unit → the most that it may still give."""
    held = _held(claims)
    taken = sum(held.values())
    units = sorted({*wishes, *held, *leases} - {DESK})
    exposed = {unit: max(held.get(unit, 0), leases.get(unit, 0)) for unit in units}
    told = {unit: max(held.get(unit, 0), min(wishes.get(unit, 0), exposed[unit])) for unit in units}
    _cut(told, held, max(0, total - taken))
    pool = total - held.get(DESK, 0) - sum(exposed.values())
    owed = dict[str, int]()
    for unit in units:
        wanted = min(wishes.get(unit, 0), total) - exposed[unit]
        if wanted > 0:
            given = max(0, min(wanted, pool))
            told[unit], pool = told[unit] + given, pool - given
            if given < wanted:
                owed[unit] = wanted - given
    room = total - held.get(DESK, 0) - sum(told.values())
    moves_up, pool = _move_up(claims, told, held, exposed, max(0, pool), room)
    return Sharing(
        seats={unit: told[unit] for unit in units if unit in wishes or unit in held},
        desk=pool,
        moves_up=moves_up,
        owed=owed,
        covered=_covered(wishes, held),
        overbooked=max(0, taken - total),
        last=_last(claims, taken - total),
    )


def lease(revisions: Iterable[tuple[int, int]], settled: int) -> int:
    """The most seats that a unit may still give away.

    `revisions`: (revision, seats) of every programme it was sent; `settled`: the last one of which
    it said that it applied it, all its sign-ups until then being known (0: none).
    """
    return max((seats for revision, seats in revisions if revision >= settled), default=0)


def _held(claims: Iterable[Claim]) -> dict[str, int]:
    held = dict[str, int]()
    for claim in claims:
        held[claim.unit] = held.get(claim.unit, 0) + claim.held
    return held


def _cut(told: dict[str, int], held: Mapping[str, int], free: int) -> None:
    """Takes seats that nobody sits on, from whoever has most of them, until `free` are left."""
    spare = {unit: seats - held.get(unit, 0) for unit, seats in told.items()}
    for _ in range(sum(spare.values()) - free):
        unit = max(spare, key=lambda each: (spare[each], each))
        spare[unit] -= 1
        told[unit] -= 1


def _move_up(
    claims: Sequence[Claim],
    told: dict[str, int],
    held: Mapping[str, int],
    exposed: Mapping[str, int],
    pool: int,
    room: int,
) -> tuple[tuple[Claim, ...], int]:
    """Gives the desk's seats to who waits, first come first; a group is never split.

    A van moves its own people up by itself, once it has the seats. `room`: what is promised to
    nobody, while a seat that a van has not let go yet may be in there, and is not in the `pool`.
    """
    spare = {unit: seats - held.get(unit, 0) for unit, seats in told.items()}
    found = []
    for claim in sorted(claims, key=lambda each: (each.since, each.unit, each.key)):
        needed = claim.waiting - spare.get(claim.unit, 0)
        cost = _cost(claim.unit, needed, told, exposed)
        if not claim.waiting or cost > pool or needed > room:
            continue
        pool, room = pool - cost, room - max(0, needed)
        if claim.unit == DESK:
            found.append(claim)
        else:
            told[claim.unit] += max(0, needed)
            spare[claim.unit] = max(0, -needed)
    return tuple(found), pool


def _cost(unit: str, needed: int, told: Mapping[str, int], exposed: Mapping[str, int]) -> int:
    """Seats that leave the desk's when that unit is told of so many more."""
    if needed <= 0 or unit not in told:
        return max(0, needed)
    return max(0, told[unit] + needed - max(exposed[unit], told[unit]))


def _covered(wishes: Mapping[str, int], held: Mapping[str, int]) -> dict[str, int]:
    beyond = {unit: count - wishes.get(unit, 0) for unit, count in held.items() if unit != DESK}
    return {unit: count for unit, count in beyond.items() if count > 0}


def _last(claims: Sequence[Claim], over: int) -> tuple[Claim, ...]:
    found, left = [], over
    for claim in sorted(claims, key=lambda each: (each.since, each.unit, each.key), reverse=True):
        if left <= 0:
            break
        if claim.held:
            found.append(claim)
            left -= claim.held
    return tuple(found)
