"""What the tables for reading say of a period, vehicle by vehicle. SQL and sums; hides nothing.

Days are those of the tables: local to each vehicle. Nothing of trial mode is in them.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from ..database import Database
from ..registry import NO_TERRITORY, ZONE, Registry
from . import records
from .period import Period
from .plans import Offered, Planned, Plans
from .records import AXES, Attendance, Counts, Duty, Incident, Place, SignUp, Stop
from .telephone import Telephoned

_DAY: Final = 24 * 3_600_000


class _Booted(msgspec.Struct):
    version: str = ""


class Facts:
    """A period of all vehicles, read when first asked for."""

    def __init__(
        self,
        database: Database,
        registry: Registry,
        plans: Plans,
        period: Period,
        made: int | None = None,
        telephoned: tuple[Telephoned, ...] = (),
    ) -> None:
        """`made`: when, in milliseconds since 1970; what is planned from that day on is to come."""
        self.made, self.telephoned = made, telephoned
        self.database, self.registry, self.plans, self.period = database, registry, plans, period
        self._places: dict[str, Place] = {}

    def place(self, unit: str) -> Place:
        """Where a unit belongs; one in no vehicle stands under its own id."""
        found = self._places.get(unit)
        if found is None:
            found = self._places[unit] = self._place(unit)
        return found

    def _place(self, unit: str) -> Place:
        vehicle = self.registry.of(unit)
        if vehicle is None:
            return Place("", NO_TERRITORY, "", unit, ZONE)
        return Place(
            vehicle.territory_code, vehicle.territory, vehicle.centre, vehicle.name, vehicle.zone
        )

    @cached_property
    def counts(self) -> dict[str, dict[tuple[Any, ...], Counts]]:
        """Axis → (unit, a, b, c) → what was counted in the period."""
        keys = list(self.period.keys())
        found: dict[str, dict[tuple[Any, ...], Counts]] = {axis: {} for axis in AXES}
        query = records.COUNTS_QUERY.format(keys=_marks(keys), axes=_marks(AXES))
        for unit, axis, a, b, c, *values in self.database.execute(query, (*keys, *AXES)):
            found[axis][unit, a, b, c] = Counts(*(int(value or 0) for value in values))
        return found

    @cached_property
    def totals(self) -> dict[str, Counts]:
        """Unit → all that it counted."""
        return _by(self.counts["total"], lambda key: key[0])

    def by_unit(self, axis: str, a: str) -> dict[str, Counts]:
        """Unit → what stands under one value of an axis."""
        found = {key: each for key, each in self.counts[axis].items() if key[1] == a}
        return _by(found, lambda key: key[0])

    @cached_property
    def stops(self) -> list[Stop]:
        """Those that began in the period."""
        return [Stop(*row) for row in self.database.execute(records.STOP_QUERY, self._span)]

    @cached_property
    def incidents(self) -> list[Incident]:
        """Those reported in the period."""
        return [Incident(*row) for row in self.database.execute(records.INCIDENT_QUERY, self._span)]

    @cached_property
    def duties(self) -> list[Duty]:
        """Those that began in the period."""
        return [Duty(*row) for row in self.database.execute(records.DUTY_QUERY, self._span)]

    @cached_property
    def sign_ups(self) -> list[SignUp]:
        """All: a workshop's may be of before the period."""
        return [SignUp(*row) for row in self.database.execute(records.SIGN_UP_QUERY)]

    @cached_property
    def attendances(self) -> list[Attendance]:
        """All: the period of a workshop is that of its beginning."""
        return [Attendance(*row) for row in self.database.execute(records.ATTENDANCE_QUERY)]

    @cached_property
    def tallies(self) -> dict[str, int]:
        """Unit → street animations counted in the period."""
        return dict(self.database.execute(records.TALLIED_QUERY, self._span).fetchall())

    @cached_property
    def days(self) -> list[tuple[str, str, Counts]]:
        """Day, unit, what was counted."""
        rows = self.database.execute(records.WEEKS_QUERY, self._span)
        return [(day, unit, Counts(*(int(v or 0) for v in values))) for day, unit, *values in rows]

    @cached_property
    def heard(self) -> dict[str, set[str]]:
        """Unit → days of the period of which anything is known."""
        found: dict[str, set[str]] = defaultdict(set)
        for unit, day in self.database.execute(records.HEARD_QUERY, self._span * 3):
            found[unit].add(day)
        return found

    @cached_property
    def planned(self) -> list[Planned]:
        """Stops planned in the period, on days that are over where the vehicle is."""
        first, last = self._span
        return [
            stop
            for stop in self.plans.stops
            if first <= stop.day <= last and stop.day < self._today(stop.unit)
        ]

    def _today(self, unit: str) -> str:
        return "9999" if self.made is None else self.local(unit, self.made).date().isoformat()

    @property
    def offered(self) -> tuple[Offered, ...]:
        """Workshops of any time."""
        return self.plans.workshops

    def units(self) -> list[str]:
        """Every unit that has anything to be told in the period, and all of the registry.

        One that was taken out within a day is none: a name that was mistyped lacks nothing.
        """
        return self._units

    @cached_property
    def _units(self) -> list[str]:
        boxes = (box for vehicle in self.registry.vehicles for box in vehicle.boxes)
        known = {box.unit for box in boxes if box.until is None or box.until - box.since >= _DAY}
        return sorted(known | set(self.heard) | set(self.totals))

    @cached_property
    def boots(self) -> list[tuple[str, int, str]]:
        """Unit, when, version: of every start of a box on a day of the period."""
        begin = _midnight(self.period.first) - _DAY
        end = _midnight(self.period.last) + 2 * _DAY
        first, last = self._span
        return [
            (unit, utc, msgspec.json.decode(detail, type=_Booted).version)
            for unit, utc, detail in self.database.execute(records.BOOTS_QUERY, (begin, end))
            if first <= self.local(unit, utc).date().isoformat() <= last
        ]

    def local(self, unit: str, utc: int) -> datetime:
        """A moment in milliseconds, where the unit's vehicle is."""
        return datetime.fromtimestamp(utc / 1000, ZoneInfo(self.place(unit).zone))

    @cached_property
    def zones(self) -> list[tuple[str, str, str]]:
        """Unit, commune and class of the stops."""
        return [tuple(row) for row in self.database.execute(records.ZONES_QUERY, self._span)]

    @property
    def _span(self) -> tuple[str, str]:
        return self.period.first.isoformat(), self.period.last.isoformat()


def _by(counts: dict[tuple[Any, ...], Counts], of: Any) -> dict[Any, Counts]:
    found: dict[Any, Counts] = {}
    for key, each in counts.items():
        found[of(key)] = found.get(of(key), Counts()).plus(each)
    return found


def summed(counts: dict[tuple[Any, ...], Counts], of: Any) -> dict[Any, Counts]:
    """Counts added up by what `of` makes of their key; None leaves them out."""
    found = _by(counts, of)
    found.pop(None, None)
    return found


def _midnight(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


def _marks(values: Any) -> str:
    return ", ".join("?" for _ in values)


def in_scope(facts: Facts, territory: str | None) -> Iterator[str]:
    """Units of a territory (its code), or all."""
    for unit in facts.units():
        if territory is None or facts.place(unit).territory == territory:
            yield unit
