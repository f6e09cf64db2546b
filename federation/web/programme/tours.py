"""The tours of the tables as the plan reads them, and moving a day to another vehicle."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import Prefetch

from ...planning.tours import Changes, Planned, Repeat, drivers, moved, of_day
from .fetching import with_their
from .models import Tour, TourDay, TourStop

NOBODY: Final = "personne"
"""What a form says to cancel a day: its own choice, never the one that nobody made."""
TO_CHOOSE: Final = "Choisissez à qui passe la tournée, ou « personne » : rien n'a changé."
_STOPS = Prefetch("stops", TourStop.objects.select_related("place"))


def planned() -> list[Planned]:
    """All tours with their stops."""
    return [
        Planned(
            tour.pk, tour.vehicle_id, tour.name, repeat_of(tour),
            tuple(each.place.stop(each.opens, each.closes) for each in tour.stops.all()),
        )
        for tour in with_their(Tour.objects.all(), _STOPS)
    ]  # fmt: skip


def repeat_of(tour: Tour) -> Repeat:
    """The days on which it takes place."""
    weekdays = frozenset(int(day) for day in tour.weekdays.split())
    return Repeat(weekdays, tour.first, tour.last, tour.weeks)


def changes(since: date) -> dict[tuple[int, date], int | None]:
    """Days that are not as usual, from that one on."""
    rows = TourDay.objects.filter(day__gte=since).values_list("tour_id", "day", "vehicle_id")
    return {(tour, day): vehicle for tour, day, vehicle in rows}


def by_vehicle(plan: Iterable[Planned], known: Changes) -> dict[int, list[Planned]]:
    """Vehicle → the tours that it may drive on some day, so that nobody looks through all."""
    found: dict[int, dict[int, Planned]] = {}
    tours_ = {tour.id: tour for tour in plan}
    for tour in tours_.values():
        found.setdefault(tour.vehicle, {})[tour.id] = tour
    for (number, _), vehicle in known.items():
        if vehicle is not None and number in tours_:
            found.setdefault(vehicle, {})[number] = tours_[number]
    return {vehicle: list(mine.values()) for vehicle, mine in found.items()}


class Taken(Exception):
    """The vehicle drives a tour of its own that day: a second one would be lost with it."""


def move_tour(day: date, origin: int, target: int | None) -> int:
    """Gives all that a vehicle drives on that day to another one (`target` None: to nobody).

    Returns how many tours were moved; 0: it drives none then. The vans are told with the next
    publication (publishing.bring_up), which the caller may ask for at once. Raises Taken, and
    does nothing: the other one is not free.
    """
    with transaction.atomic():
        plan, known = planned(), changes(day)
        found = moved(plan, known, day, origin, target)
        if found and target is not None and of_day(plan, known, target, day):
            raise Taken
        for tour in plan:
            if (tour.id, day) in found:
                _give(tour, day, target)
    return len(found)


def restore(found: Tour, day: date) -> None:
    """The tour is as usual again on that day. Raises Taken, and does nothing: its own vehicle
    drives another one then."""
    with transaction.atomic():
        exception = TourDay.objects.filter(tour=found, day=day).first()
        if exception is None:
            return
        others = [each for each in planned() if each.id != found.pk]
        moved_away = exception.vehicle_id != found.vehicle_id and repeat_of(found).holds(day)
        if moved_away and of_day(others, changes(day), found.vehicle_id, day):
            raise Taken
        exception.delete()


def taken(vehicle: object, day: date) -> str:
    """Why nothing was moved, for people. `vehicle`: what its page calls it."""
    return (
        f"{vehicle} a déjà une tournée le {day:%d/%m/%Y} : rien n'a changé. "
        "Confiez d'abord la sienne, ou choisissez un véhicule libre ce jour-là."
    )


def _give(tour: Planned, day: date, target: int | None) -> None:
    usual: Changes = {}
    if drivers(tour, usual, day) == target:
        TourDay.objects.filter(tour_id=tour.id, day=day).delete()
    else:
        TourDay.objects.update_or_create(tour_id=tour.id, day=day, defaults={"vehicle_id": target})
