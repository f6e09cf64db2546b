"""Which stops are planned on which day for which vehicle: a week that repeats, and its exceptions.

Pure. A tour may be moved to another vehicle for a day, or not take place; the plan of other days
stays as it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from msgspec import structs

from protocol.documents import PlannedStop, Tour

DAYS: Final = 14
"""Days of tours that a van knows ahead."""


class Repeat(NamedTuple):
    """Days on which a tour takes place."""

    weekdays: frozenset[int]
    """1: Monday."""
    first: date
    last: date | None = None
    weeks: int = 1
    """Every so many weeks, counted from the week of the first day."""

    def holds(self, day: date) -> bool:
        """Whether that day is one of them."""
        if day < self.first or (self.last is not None and day > self.last):
            return False
        apart = (_monday(day) - _monday(self.first)).days // 7
        return day.isoweekday() in self.weekdays and apart % self.weeks == 0


class Planned(NamedTuple):
    """A tour."""

    id: int
    vehicle: int
    name: str
    repeat: Repeat
    stops: tuple[PlannedStop, ...]


Changes = Mapping[tuple[int, date], int | None]
"""(tour, day) → the vehicle that drives it then; None: it does not take place."""


def drivers(tour: Planned, changes: Changes, day: date) -> int | None:
    """The vehicle that drives this tour on that day; None: nobody does."""
    if (tour.id, day) in changes:
        return changes[tour.id, day]
    return tour.vehicle if tour.repeat.holds(day) else None


def of_day(tours: Iterable[Planned], changes: Changes, vehicle: int, day: date) -> Tour | None:
    """What one vehicle drives on that day: several tours are one, in the order of their stops."""
    mine = [tour for tour in tours if drivers(tour, changes, day) == vehicle]
    stops = sorted(
        (stop for tour in mine for stop in tour.stops),
        key=lambda stop: (stop.opens, stop.closes, stop.id),
    )
    if not stops:
        return None
    name = " + ".join(dict.fromkeys(tour.name for tour in mine))
    return Tour(day=day.isoformat(), name=name[:80], stops=_told_apart(stops))


def coming(
    tours: Sequence[Planned], changes: Changes, vehicle: int, today: date, days: int = DAYS
) -> list[Tour]:
    """From yesterday on: a van may not have closed its day yet."""
    found = (
        of_day(tours, changes, vehicle, today + timedelta(offset)) for offset in range(-1, days)
    )
    return [tour for tour in found if tour is not None]


def moved(
    tours: Iterable[Planned], changes: Changes, day: date, origin: int, target: int | None
) -> dict[tuple[int, date], int | None]:
    """The changes that give all tours of a vehicle to another one, for a day; {}: it had none."""
    return {(tour.id, day): target for tour in tours if drivers(tour, changes, day) == origin}


def _told_apart(stops: Iterable[PlannedStop]) -> tuple[PlannedStop, ...]:
    """A place where it stands twice that day is two stops."""
    seen, found = dict[str, int](), []
    for stop in stops:
        times = seen[stop.id] = seen.get(stop.id, 0) + 1
        found.append(stop if times == 1 else structs.replace(stop, id=f"{stop.id}-{times}"))
    return tuple(found)


def _monday(day: date) -> date:
    return day - timedelta(day.weekday())
