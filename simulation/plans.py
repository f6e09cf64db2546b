"""The tour and the workshops of a vehicle, day by day. Pure: the same for everybody who asks."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zlib import crc32
from zoneinfo import ZoneInfo

from protocol.documents import PlannedStop, Programme, Tour, Tours, Workshop

from .vehicles import Spot, Vehicle

_WINDOWS = ((9 * 60, 11 * 60), (11 * 60 + 30, 13 * 60), (14 * 60 + 15, 16 * 60 + 45))
_AROUND = ((-165, -75), (-40, 80), (115, 190))
"""Minutes before and after now: it stands at the second of its stops."""
_MINUTES = 24 * 60 - 1
_SUBJECTS = (
    ("cv", "Mon CV avec un téléphone", "insertion_professionnelle"),
    ("cafe", "Le café des parents", "parentalite"),
    ("photos", "Trier ses photos", "gere_ses_contenus_numeriques"),
    ("sante", "Mon espace santé", "sante"),
)


class Halt(NamedTuple):
    """A planned stop, in minutes of the local day."""

    spot: Spot
    opens: int
    closes: int


class Plan(NamedTuple):
    """One local day of one vehicle."""

    day: date
    zone: ZoneInfo
    halts: tuple[Halt, ...]

    def utc(self, minutes: int) -> int:
        """Milliseconds since 1970 of a minute of that day."""
        return local(self.day, minutes, self.zone)


def usual(vehicle: Vehicle, day: date) -> Plan | None:
    """Monday to Friday, two or three of its places; the same each week."""
    if day.weekday() > 4:
        return None
    turn = (crc32(vehicle.unit.encode()) + day.weekday()) % len(vehicle.spots)
    spots = (*vehicle.spots[turn:], *vehicle.spots[:turn])[: 3 if day.weekday() % 2 else 2]
    halts = [Halt(spot, *window) for spot, window in zip(spots, _WINDOWS, strict=False)]
    return Plan(day, ZoneInfo(vehicle.zone), tuple(halts))


def around(vehicle: Vehicle, utc: int) -> Plan:
    """A day on which it stands somewhere at that moment, be it night; where there is no network
    if that is its habit."""
    zone = ZoneInfo(vehicle.zone)
    now = datetime.fromtimestamp(utc / 1000, zone)
    minute = now.hour * 60 + now.minute + crc32(vehicle.unit.encode()) % 25
    # Without network last among equals: sorted is stable.
    spots = sorted(vehicle.spots, key=lambda spot: spot.covered)
    if vehicle.habit != "white_zone":
        spots = list(vehicle.spots)
    order = (spots[1], spots[0], spots[2])
    halts = [
        Halt(spot, _clamped(minute + opens), _clamped(minute + closes))
        for spot, (opens, closes) in zip(order, _AROUND, strict=True)
    ]
    return Plan(now.date(), zone, tuple(halt for halt in halts if halt.opens < halt.closes))


def tours(plans: Iterable[Plan]) -> Tours:
    """The body of the document `tour`."""
    return Tours(
        tours=tuple(
            Tour(
                day=plan.day.isoformat(),
                name="Tournée du " + plan.day.strftime("%d/%m"),
                stops=tuple(map(_planned, plan.halts)),
            )
            for plan in plans
        )
    )


def workshop_of(vehicle: Vehicle, day: date) -> Workshop | None:
    """The workshop of that day; each vehicle has one a week."""
    if day.weekday() != crc32(vehicle.unit.encode()) % 5:
        return None
    number = day.isocalendar().week
    name, title, theme = _SUBJECTS[(number + len(vehicle.unit)) % len(_SUBJECTS)]
    return Workshop(
        id=f"{name}-{vehicle.unit}-{day:%y%m%d}",
        title=title,
        starts=local(day, 15 * 60, ZoneInfo(vehicle.zone)),
        minutes=90,
        theme=theme,
        place=vehicle.spots[-1].name,
        seats=6,
    )


def next_workshop(vehicle: Vehicle, day: date) -> Workshop:
    """The first one after that day."""
    days = (workshop_of(vehicle, day + timedelta(number)) for number in range(1, 8))
    return next(workshop for workshop in days if workshop is not None)


def programme(vehicle: Vehicle, day: date) -> Programme:
    """The body of the document `programme`: that day and two weeks on."""
    days = (workshop_of(vehicle, day + timedelta(number)) for number in range(15))
    return Programme(workshops=tuple(workshop for workshop in days if workshop is not None))


def local(day: date, minutes: int, zone: ZoneInfo) -> int:
    """Milliseconds since 1970 of a minute of a local day."""
    midnight = datetime.combine(day, time(), zone)
    moment = midnight.replace(hour=minutes // 60, minute=minutes % 60)
    return int(moment.astimezone(UTC).timestamp() * 1000)


def _clamped(minute: int) -> int:
    return min(max(minute, 0), _MINUTES)


def _planned(halt: Halt) -> PlannedStop:
    spot = halt.spot
    return PlannedStop(
        id=spot.id,
        name=spot.name,
        lat=spot.lat,
        lon=spot.lon,
        commune=spot.commune,
        commune_name=spot.commune_name,
        opens=halt.opens,
        closes=halt.closes,
        kind=spot.kind,
    )
