"""Forgets in time, as `protocol.retention` says: names after two years, positions after two months.

Carried out by ingest, the ledger's one writer. The time it goes by moves on a day a turn at the
most: a clock that jumps forgets nothing before its time.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

import msgspec

from protocol.retention import RULES

from ..database import Database
from ..places import Places
from ..projections import noting
from . import signups

DAY: Final = 86_400_000
EVERY: Final = 3600.0
"""Seconds between two turns."""
BITE: Final = 500
"""Rows rewritten in one turn: ingest has other things to do."""

_POSITIONS = """
SELECT id, unit, body FROM dated
WHERE type IN ('stop.arrived', 'stop.departed', 'stop.corrected')
    AND coalesce(utc, received) < :before AND received < :before
    AND body IS NOT NULL AND instr(body, '"lat":') > 0
ORDER BY +id LIMIT :most -- sorted afterwards, by the index of stops: ingest waits meanwhile
"""
_LONGEST: Final = 80
"""Letters of a stop's name (protocol.event.Short)."""


class Forgetting:
    """One turn an hour, at the hand of the ledger's writer."""

    def __init__(self, database: Database, places: Callable[[], Places], within: float) -> None:
        """`places`: what is known when it is time; `within`: metres one may be from a stop and
        still give it its commune.
        """
        self._database, self._places, self._within = database, places, within
        self._next = float("-inf")

    def is_due(self, now: float) -> bool:
        """Whether it is time (monotonic seconds)."""
        return now >= self._next

    def turn(self, now: float, utc: int) -> None:
        """Forgets what is due, in the caller's transaction."""
        self._next = now + EVERY
        believed = self._believe(utc)
        for event in _over(signups.last_contacts(self._database), believed):
            self._database.execute(
                "UPDATE sealed SET envelope = NULL, erased = ? WHERE event = ?", (believed, event)
            )
        before = believed - RULES["federation.positions"].days * DAY
        rows = self._database.execute(_POSITIONS, {"before": before, "most": BITE}).fetchall()
        if rows:
            places = self._places()
            self._database.executemany(
                "UPDATE event SET body = ? WHERE id = ?",
                [(without_position(body, places, self._within), id_) for id_, _, body in rows],
            )
            for unit in {unit for _, unit, _ in rows}:
                noting.mark_stops(self._database, unit)
        self._places_of_silent_units(before)
        self._what_was_kept_apart(believed)

    def _what_was_kept_apart(self, believed: int) -> None:
        """Nobody could read it, so nobody could erase in it: it goes by the same two limits."""
        for limit, those in (
            (RULES["federation.apart"], "epoch IS NULL"),
            (RULES["federation.sealed"], "payload <> :nothing"),
        ):
            self._database.execute(
                f"UPDATE quarantine SET payload = :nothing WHERE {those} AND received < :before",  # noqa: S608
                {"nothing": b"", "before": believed - limit.days * DAY},
            )

    def _believe(self, utc: int) -> int:
        (last,) = self._database.execute("SELECT max(utc) FROM believed").fetchone()
        believed = utc if last is None else max(last, min(utc, last + DAY))
        self._database.execute("DELETE FROM believed")
        self._database.execute("INSERT INTO believed (utc) VALUES (?)", (believed,))
        return int(believed)

    def _places_of_silent_units(self, before: int) -> None:
        found = self._database.execute(
            "SELECT unit, status FROM unit"
            " WHERE status_received < ? AND instr(status, '\"place\":') > 0",
            (before,),
        ).fetchall()
        for unit, status in found:
            told = msgspec.json.decode(status)
            told.pop("place", None)
            self._database.execute(
                "UPDATE unit SET status = ? WHERE unit = ?", (msgspec.json.encode(told), unit)
            )


def _over(contacts: dict[int, int], now: int) -> Iterator[int]:
    limit = now - RULES["federation.sealed"].days * DAY
    return (event for event, contact in contacts.items() if contact < limit)


def without_position(body: bytes, places: Places, within: float) -> bytes:
    """The body of a stop that says which place and commune, and no longer exactly where.

    Its digest stays that of what the unit wrote: the chain was proved when it arrived.
    """
    fields: dict[str, Any] = msgspec.json.decode(body)
    lat, lon = fields.pop("lat", None), fields.pop("lon", None)
    if lat is not None and lon is not None and "commune" not in fields:
        near = places.nearest(lat, lon, within)
        if near is not None:
            fields["commune"] = near.commune
            fields["name"] = fields.get("name") or near.name[:_LONGEST]
    return msgspec.json.encode(fields)
