"""What facts are made of: rows of the tables for reading, and the questions that give them.

Times are milliseconds since 1970; days are local to each vehicle. Counts nothing.
"""

from typing import Final, NamedTuple

AXES: Final = (
    "total", "origin", "gender_age", "theme", "theme_help", "first_visit", "social_status",
    "known_via", "referral", "mode", "commune", "commune_gender_age", "class",
    "class_gender_age", "stop",
)  # fmt: skip


class Counts(NamedTuple):
    """What a line of the aggregates counts."""

    visits: int = 0
    people: int = 0
    served: int = 0
    left_unserved: int = 0
    minutes: int = 0
    tallied: int = 0
    """Those of `people` that were counted by hand in the street."""

    def plus(self, other: "Counts") -> "Counts":
        """Sums, field by field."""
        return Counts(*(a + b for a, b in zip(self, other, strict=True)))


class Place(NamedTuple):
    """Where a vehicle belongs."""

    territory: str
    """Code."""
    territory_name: str
    centre: str
    vehicle: str
    zone: str


class Stop(NamedTuple):
    """A stop that was made; times in milliseconds since 1970."""

    unit: str
    epoch: int
    seq: int
    day: str
    source: str
    arrived: int | None
    departed: int | None
    lat: float | None
    lon: float | None
    name: str
    planned: str | None
    commune: str
    territory_class: str
    zoning_year: int | None

    @property
    def hours(self) -> float:
        """How long it was open; nothing while it is not known."""
        if self.arrived is None or self.departed is None:
            return 0.0
        return max(0, self.departed - self.arrived) / 3_600_000


class Incident(NamedTuple):
    """What the driver reported."""

    unit: str
    day: str
    kind: str
    minutes: int | None
    stop_epoch: int | None
    stop_seq: int | None


class SignUp(NamedTuple):
    """A sign-up as it stands."""

    unit: str
    day: str
    workshop: str
    seats: int
    waiting: int


class Attendance(NamedTuple):
    """A line of an attendance sheet that stands."""

    unit: str
    day: str
    workshop: str
    status: str
    people: int
    walk_in: int


class Duty(NamedTuple):
    """A time on duty; milliseconds."""

    unit: str
    day: str
    started: int | None
    ended: int | None
    paused_ms: int


COUNTS_QUERY: Final = """
SELECT unit, axis, a, b, c, sum(visits), sum(people), sum(served), sum(left_unserved),
    sum(minutes), sum(tallied)
FROM aggregate WHERE period IN ({keys}) AND axis IN ({axes})
GROUP BY unit, axis, a, b, c ORDER BY unit, axis, a, b, c
"""
STOP_QUERY: Final = """
SELECT unit, epoch, seq, day, source, arrived, departed, lat, lon, name, planned, commune,
    territory_class, zoning_year
FROM stop WHERE day BETWEEN ? AND ? ORDER BY day, unit, epoch, seq
"""
INCIDENT_QUERY: Final = """
SELECT unit, day, kind, minutes, stop_epoch, stop_seq
FROM incident WHERE day BETWEEN ? AND ? ORDER BY day, unit, epoch, seq
"""
SIGN_UP_QUERY: Final = (
    "SELECT unit, day, workshop, seats, waiting FROM sign_up ORDER BY unit, epoch, seq"
)
ATTENDANCE_QUERY: Final = """
SELECT unit, day, workshop, status, people, CASE WHEN sign_up_seq IS NULL THEN 1 ELSE 0 END
FROM attendance ORDER BY unit, epoch, seq
"""
DUTY_QUERY: Final = """
SELECT unit, day, started, ended, paused_ms
FROM duty WHERE day BETWEEN ? AND ? ORDER BY day, unit, epoch, seq
"""
WEEKS_QUERY: Final = """
SELECT period, unit, sum(visits), sum(people), sum(served), sum(left_unserved), sum(minutes),
    sum(tallied)
FROM aggregate WHERE axis = 'total' AND length(period) = 10 AND period BETWEEN ? AND ?
GROUP BY period, unit ORDER BY period, unit
"""
ZONES_QUERY: Final = """
SELECT DISTINCT unit, commune, territory_class FROM stop WHERE day BETWEEN ? AND ? ORDER BY 1, 2, 3
"""
TALLIED_QUERY: Final = """
SELECT unit, count(*) FROM (SELECT DISTINCT unit, epoch, seq FROM tallied
    WHERE day BETWEEN ? AND ?) AS told GROUP BY unit
"""
BOOTS_QUERY: Final = """
SELECT unit, utc, detail FROM journey WHERE kind = 'unit.booted' AND utc BETWEEN ? AND ?
ORDER BY unit, utc
"""
HEARD_QUERY: Final = """
SELECT unit, day FROM stop WHERE day BETWEEN ? AND ?
UNION SELECT unit, day FROM duty WHERE day BETWEEN ? AND ?
UNION SELECT unit, period FROM aggregate
    WHERE axis = 'total' AND length(period) = 10 AND period BETWEEN ? AND ?
"""
