"""A vehicle's day from the tables for reading: what was planned beside what was, and every event.

Reads; writes nothing. Knows of people only how many they were: nothing here has a name.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from protocol import codes
from protocol.documents import PlannedStop

from ...database import Database
from ...fleet_state import Coverage
from ...fleet_tours import moment
from . import words

SHIFT: Final = 6, 20
"""Hours that the drawing shows at the least."""
MOST: Final = 400
"""Events of a day on one page."""


class Stop(NamedTuple):
    """A stop as it was; moments in milliseconds since 1970."""

    arrived: int | None
    departed: int | None
    open: bool
    name: str
    planned: str | None
    source: str
    commune: str
    visits: int


class Pair(NamedTuple):
    """A planned stop beside the real ones of it; either may be missing."""

    name: str
    opens: int | None
    closes: int | None
    coverage: Coverage
    learnt: bool
    """Nobody said so: past stops taught it."""
    stops: Sequence[Stop]


class Happening(NamedTuple):
    """A line of the day."""

    at: int
    what: str
    detail: str


class Bar(NamedTuple):
    """A stop in the drawing, in hundredths of its width."""

    kind: str
    x: float
    width: float
    label: str


def stops(ledger: Database, units: Sequence[str], day: date) -> list[Stop]:
    """Those of one local day, in order."""
    query = (
        "SELECT arrived, departed, open, name, planned, source, commune,"
        " (SELECT count(*) FROM visit WHERE visit.unit = stop.unit AND visit.day = stop.day"
        " AND visit.stop_epoch = stop.epoch AND visit.stop_seq = stop.seq"
        " AND visit.cancelled IS NULL)"
        " FROM stop WHERE unit = ? AND day = ?"
    )
    found = [
        Stop(arrived, departed, bool(open_), *rest)
        for unit in units
        for arrived, departed, open_, *rest in ledger.execute(query, (unit, day.isoformat()))
    ]
    return sorted(found, key=lambda stop: stop.arrived or stop.departed or 0)


def pairs(
    planned: Sequence[tuple[PlannedStop, Coverage, bool]],
    real: Sequence[Stop],
    day: date,
    zone: str,
) -> list[Pair]:
    """What was planned beside what was; stops that nobody planned come with the rest, by time."""
    left, found = list(real), []
    for plan, coverage, learnt in planned:
        mine = [stop for stop in left if stop.planned == plan.id]
        left = [stop for stop in left if stop.planned != plan.id]
        opens, closes = moment(day, plan.opens, zone), moment(day, plan.closes, zone)
        found.append(Pair(plan.name, opens, closes, coverage, learnt, mine))
    found += [Pair(stop.name, None, None, "unknown", False, [stop]) for stop in left]
    return sorted(found, key=_begins)


def drawing(shown: Sequence[Pair], day: date, zone: str, now: int) -> tuple[list[Bar], list[Bar]]:
    """Bars of what stood and of what was planned, and the hours below them."""
    first, last = SHIFT
    spans = [span for pair in shown for span in _spans(pair, now)]
    midnight = moment(day, 0, zone)
    hours = [(at - midnight) / 3_600_000 for _, begins, ends, _ in spans for at in (begins, ends)]
    first = max(0, min([first, *(int(hour) for hour in hours)]))
    last = min(24, max([last, *(int(hour) + 1 for hour in hours)]))

    def x(at: int) -> float:
        hour = min(max((at - midnight) / 3_600_000, first), last)
        return round((hour - first) / (last - first) * 1000, 1)

    bars = [
        Bar(kind, x(begins), max(3.0, round(x(ends) - x(begins), 1)), label)
        for kind, begins, ends, label in spans
    ]
    ticks = [
        Bar("hour", round((hour - first) / (last - first) * 1000, 1), 0, f"{hour}")
        for hour in range(first, last + 1, 2)
    ]
    return bars, ticks


def happenings(ledger: Database, units: Sequence[str], day: date) -> list[Happening]:
    """All that the boxes of a vehicle told of one local day, newest last."""
    found: list[Happening] = []
    for unit in units:
        for query, tell in _LINES:
            rows = ledger.execute(query, (unit, day.isoformat()))
            found += [Happening(row[0], *tell(row[1:])) for row in rows if row[0] is not None]
    return sorted(found)[-MOST:]


def span(day: date, zone: str) -> tuple[int, int]:
    """When that local day begins, and when the next one does."""
    return moment(day, 0, zone), moment(day + timedelta(days=1), 0, zone)


def _begins(pair: Pair) -> int:
    if pair.opens is not None:
        return pair.opens
    return pair.stops[0].arrived or pair.stops[0].departed or 0


def _spans(pair: Pair, now: int) -> Iterator[tuple[str, int, int, str]]:
    if pair.opens is not None and pair.closes is not None:
        yield "planned", pair.opens, pair.closes, pair.name
    for stop in pair.stops:
        begins = stop.arrived or stop.departed
        if begins is not None:
            ends = stop.departed or max(now, begins)
            yield ("real" if pair.opens is not None else "extra"), begins, ends, stop.name


def _visit(row: Sequence[Any]) -> tuple[str, str]:
    """The number alone: why somebody came is nobody's business on this page."""
    number, people, cancelled = row
    told = f"n° {number}" + (f", à {people}" if people > 1 else "")
    return ("passage annulé" if cancelled else "passage"), told


def _code(kind: str, code: str) -> str:
    return codes.CODES.get(kind, {}).get(code, code)


_LINES: Final = (
    (
        "SELECT utc, number, people, cancelled FROM visit WHERE unit = ? AND day = ?",
        _visit,
    ),
    (
        "SELECT utc, sum(people) FROM tallied WHERE unit = ? AND day = ?"
        " GROUP BY unit, epoch, seq, utc",
        lambda row: ("comptage en animation", f"personnes : {row[0]}"),
    ),
    (
        "SELECT arrived, name, source FROM stop WHERE unit = ? AND day = ?",
        lambda row: ("arrivée", f"{row[0] or 'lieu sans nom'} ({words.SOURCES[row[1]]})"),
    ),
    (
        "SELECT departed, name FROM stop WHERE unit = ? AND day = ?",
        lambda row: ("départ", row[0] or "lieu sans nom"),
    ),
    (
        "SELECT utc, workshop, number, seats, waiting FROM sign_up WHERE unit = ? AND day = ?",
        lambda row: (
            "inscription à un atelier",
            f"{row[0]}, places : {row[2]}" + (f", dont en attente : {row[3]}" if row[3] else ""),
        ),
    ),
    (
        "SELECT utc, workshop, status, people FROM attendance WHERE unit = ? AND day = ?",
        lambda row: ("présence à un atelier", f"{row[0]}, {_code('attendance', row[1])}"),
    ),
    ("SELECT started, 0 FROM duty WHERE unit = ? AND day = ?", lambda _: ("service commencé", "")),
    ("SELECT ended, 0 FROM duty WHERE unit = ? AND day = ?", lambda _: ("service terminé", "")),
    (
        "SELECT utc, kind, minutes FROM incident WHERE unit = ? AND day = ?",
        lambda row: (
            "signalement", _code("incident", row[0]) + (f", {row[1]} min" if row[1] else "")
        ),
    ),
    (
        "SELECT utc, check_ins, sign_ups FROM day_closed WHERE unit = ? AND day = ?",
        lambda row: ("journée close", f"passages : {row[0]}, inscriptions : {row[1]}"),
    ),
)  # fmt: skip
