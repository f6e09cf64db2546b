"""Stops, workshops, sums and events for the interface, a page at a time. Reads only."""

from collections.abc import Collection, Sequence
from typing import Any

import msgspec

from ...database import Database
from .. import clock, store
from ..programme import reach
from ..scope import Scope
from . import paging
from .fleet import at
from .paging import Number
from .problems import Refused
from .shapes import Event, OfDays, OfPeriod, OfTypes, Page, Paged, Stop, Sum, Workshop

HORIZON = 60_000
"""Milliseconds: several workers may give a later event a lower number, but not for longer."""
_STOPS = """
SELECT unit, epoch, seq, day, source, arrived, departed, open, name, planned, commune,
    territory_class, zoning_year, lat, lon
FROM stop WHERE (unit, epoch, seq) > (?, ?, ?) AND day >= ? AND day <= ?{units}
ORDER BY unit, epoch, seq LIMIT ?
"""
_SUMS = """
SELECT unit, period, axis, a, b, c, visits, people, tallied, served, left_unserved, minutes
FROM aggregate WHERE period = ? AND axis = ? AND (unit, a, b, c) > (?, ?, ?, ?){units}
ORDER BY unit, a, b, c LIMIT ?
"""
_EVENTS = """
SELECT id, unit, epoch, seq, type, utc, received, body FROM dated
WHERE id > ? AND received <= ? AND copy_of IS NULL AND body IS NOT NULL{units}
ORDER BY id LIMIT ?
"""
_SEATS = """
SELECT workshop, sum(seats - waiting), sum(waiting) FROM signed_up WHERE workshop IN ({marks})
GROUP BY workshop
"""
_PRESENT = """
SELECT workshop, sum(people) FROM attendance WHERE status = 'present' AND workshop IN ({marks})
GROUP BY workshop
"""
_EventRow = tuple[int, str, int, int, str, int | None, int, bytes]


def stops(scope: Scope, query: OfDays) -> Page[Any]:
    """Where vehicles stood, by key."""
    after = paging.read(query.cursor, tuple[str, Number, Number]) or ("", 0, 0)
    days = (query.since or "", query.until or "9999-99-99")
    rows = _asked(_STOPS, (*after, *days), scope, query.unit, query.limit)
    return paging.of_rows(rows, query, lambda row: row[:3], _stop)


def sums(scope: Scope, query: OfPeriod) -> Page[Any]:
    """Sums of a period, by unit and what they are of."""
    after = paging.read(query.cursor, tuple[str, str, str, str]) or ("", "", "", "")
    values = (query.period, query.axis, *after)
    rows = _asked(_SUMS, values, scope, query.unit, query.limit)
    return paging.of_rows(
        rows, query, lambda row: (row[0], *row[3:6]),
        lambda row: Sum(**dict(zip(Sum.__struct_fields__, row, strict=True))),
    )  # fmt: skip


def events(scope: Scope, query: OfTypes) -> Page[Any]:
    """Facts in the order in which they arrived, each once."""
    page = raw_events(scope, query)
    return msgspec.structs.replace(page, items=[_event(row) for row in page.items])


def raw_events(scope: Scope, query: OfTypes) -> Page[_EventRow]:
    """Rows of the ledger: the last page has a cursor too, for what comes later."""
    after = paging.read(query.cursor, Number) or 0
    until = clock.now() - (0 if store.config().store.postgresql is None else HORIZON)
    more: Sequence[Any] = () if query.type is None else (query.type,)
    sql = _EVENTS if query.type is None else _EVENTS.replace("{units}", " AND type = ?{units}")
    rows = _asked(sql, (after, until, *more), scope, query.unit, query.limit)
    shown = rows[: query.limit]
    return Page(items=shown, next=paging.written(shown[-1][0] if shown else after))


def workshops(scope: Scope, query: Paged) -> Page[Any]:
    """Those that are or were on offer, by the moment they begin."""
    after = paging.read(query.cursor, tuple[int, str]) or (-(2**53), "")
    found = reach.workshops(scope).exclude(state="draft").order_by("starts", "code")
    rows = [each for each in found if (each.starts_ms, each.code) > after][: query.limit + 1]
    with store.ledger() as ledger:
        seats = _counted(ledger, _SEATS, [each.code for each in rows])
        present = _counted(ledger, _PRESENT, [each.code for each in rows])
    return paging.of_rows(
        rows, query, lambda each: (each.starts_ms, each.code),
        lambda each: _workshop(each, seats.get(each.code), present.get(each.code)),
    )  # fmt: skip


def _asked(
    sql: str, values: Sequence[Any], scope: Scope, unit: str | None, limit: int
) -> list[Any]:
    """Rows of units in reach, one more than asked for."""
    if unit is not None and not scope.reaches(unit):
        raise Refused(404, "There is no such unit within this token's reach.")
    units = None if scope.everything and unit is None else _units(scope, unit)
    marks = "" if units is None else f" AND unit IN ({','.join('?' * len(units))})"
    if units is not None and not units:
        return []
    with store.ledger() as ledger:
        question = sql.format(units=marks)
        return ledger.execute(question, (*values, *(units or ()), limit + 1)).fetchall()


def _units(scope: Scope, unit: str | None) -> list[str]:
    return sorted(scope.units) if unit is None else [unit]


def _counted(ledger: Database, sql: str, codes: Collection[str]) -> dict[str, tuple[Any, ...]]:
    if not codes:
        return {}
    found = ledger.execute(sql.format(marks=",".join("?" * len(codes))), list(codes))
    return {code: tuple(rest) for code, *rest in found}


def _stop(row: Any) -> Stop:
    said = dict(zip(Stop.__struct_fields__, row, strict=True))
    moments = {name: at(said[name]) for name in ("arrived", "departed")}
    return Stop(**{**said, **moments, "open": bool(said["open"])})


def _event(row: _EventRow) -> Event:
    _, unit, epoch, seq, name, utc, received, body = row
    return Event(
        unit=unit, epoch=epoch, seq=seq, type=name, utc=at(utc), received=at(received),
        body=told(body),
    )  # fmt: skip


def told(body: bytes) -> Any:
    """A body as it stands; one that is no JSON, which only a broken unit sends, is null."""
    try:
        msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return msgspec.Raw(body)


def _workshop(each: Any, seats: Any, present: Any) -> Workshop:
    taken, waiting = seats or (0, 0)
    return Workshop(
        id=each.code, title=each.title, territory=each.territory.code, theme=each.theme,
        starts=each.starts, minutes=each.minutes, place=each.place,
        cancelled=each.state == "cancelled", seats=each.total, taken=int(taken),
        waiting=int(waiting), present=int(present[0]) if present else 0,
    )  # fmt: skip
