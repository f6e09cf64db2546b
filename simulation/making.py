"""Units out of vehicles: whose code they run, and which days they live. Starts none of them."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from protocol import __version__

from . import plans
from .days import Life
from .fleet import Unit
from .light import LightUnit
from .plans import Plan
from .script import Script
from .shared import Shared
from .vehicles import Vehicle


class Wanted(NamedTuple):
    """What the units are to live."""

    past: int = 0
    """Days before today that they have to tell first."""
    days: int | None = None
    """How many days from today on; None: without end."""
    at_work: bool = True
    """Whether today finds each of them at a stop just now, whatever the hour."""
    full: int = 0
    """How many of them, the first ones, run the real unit's code alone."""
    folder: Path = Path("var/simulated")
    """Where those keep their journals."""


def units(shared: Shared, vehicles: Sequence[Vehicle], wanted: Wanted) -> list[Unit]:
    """One unit for each vehicle. Raises OperatorError when one has no certificate."""
    made: list[Unit] = []
    for number, vehicle in enumerate(vehicles):
        script = _script(shared, vehicle, wanted)
        if number < wanted.full:
            from .full import FullUnit  # it costs 20 MB that light units do without

            made.append(FullUnit(shared, vehicle, script, wanted.folder / vehicle.unit))
        else:
            made.append(LightUnit(shared, vehicle, script))
    return made


def plan_of(vehicle: Vehicle, starts: int, at_work: bool) -> Callable[[date], Plan | None]:
    """The plan of any day; `starts`: the moment at which it is to be at work, if it is to be."""
    today = _today(vehicle, starts)
    held = plans.around(vehicle, starts) if at_work else plans.usual(vehicle, today)
    return lambda day: held if day == today else plans.usual(vehicle, day)


def _script(shared: Shared, vehicle: Vehicle, wanted: Wanted) -> Script:
    today = _today(vehicle, shared.starts)
    gps_dead = vehicle.habit == "gps_dead"
    life = Life(
        vehicle,
        shared.seed,
        plan_of(vehicle, shared.starts, wanted.at_work),
        version=__version__,
        gps_until=today - timedelta(1) if gps_dead else date.max,
    )
    last = None if wanted.days is None else today + timedelta(wanted.days - 1)
    return life.script(today - timedelta(wanted.past), last)


def _today(vehicle: Vehicle, starts: int) -> date:
    return datetime.fromtimestamp(starts / 1000, ZoneInfo(vehicle.zone)).date()
