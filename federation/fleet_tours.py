"""Published tours as moments in time: where a unit should stand, from when to when. Reads only."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from protocol.documents import PlannedStop
from protocol.documents import Tours as Published
from protocol.signing import OVERHEAD

from .database import Database

BEFORE, AFTER = 4, 1
"""Days around today that are looked at: a Friday still tells on Monday whether a van came back."""

_NEWEST: Final = """
SELECT id, unit, substr(payload, 1, CAST(? AS INTEGER)) FROM document WHERE id IN (
    SELECT max(id) FROM document WHERE kind = 'tour' AND payload IS NOT NULL GROUP BY unit)
"""
_BODY: Final = "SELECT body FROM document WHERE id = ?"
_published = msgspec.json.Decoder(Published)


class Due(NamedTuple):
    """A planned stop in milliseconds since 1970."""

    opens: int
    closes: int
    name: str
    planned: str
    """Its id."""


class Tours:
    """The newest tours of every unit; those that did not change are not read again."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[bytes, Published]] = {}
        """By its signature: numbers begin again in a store that was put back."""
        self._around: dict[str, tuple[bytes, str, date, list[Due]]] = {}

    def load(self, web: Database) -> None:
        """Reads what was published since; forgets what an older store, put back, has no more."""
        found: dict[str, tuple[bytes, Published]] = {}
        newest = web.execute(_NEWEST, (OVERHEAD,)).fetchall() if web.columns("document") else ()
        for number, unit, signature in newest:
            known = self._known.get(unit)
            if known is None or known[0] != signature:
                body = web.execute(_BODY, (number,)).fetchone()[0]
                known = (signature, _published.decode(body))
            found[unit] = known
        self._known = found

    def of(self, unit: str) -> Published:
        """What was published last."""
        return self._known[unit][1] if unit in self._known else Published()

    def around(self, unit: str, zone: str, now: int) -> Sequence[Due]:
        """Planned stops of the days around a moment (milliseconds since 1970), in order."""
        if unit not in self._known:
            return ()
        signature, tours = self._known[unit]
        today = datetime.fromtimestamp(now / 1000, UTC).astimezone(ZoneInfo(zone)).date()
        kept = self._around.get(unit)
        if kept is None or kept[:3] != (signature, zone, today):
            kept = self._around[unit] = (signature, zone, today, due(tours, zone, today))
        return kept[3]


def due(tours: Published, zone: str, today: date) -> list[Due]:
    """Stops of the days around today, in order."""
    found = []
    first, last = today - timedelta(days=BEFORE), today + timedelta(days=AFTER)
    for tour in tours.tours:
        try:
            day = date.fromisoformat(tour.day)
        except ValueError:
            continue  # the unit refuses such a tour: nothing is due
        if first <= day <= last:
            found += [on(stop, day, zone) for stop in tour.stops]
    return sorted(found)


def on(stop: PlannedStop, day: date, zone: str) -> Due:
    """A planned stop on that day."""
    opens, closes = (moment(day, minutes, zone) for minutes in (stop.opens, stop.closes))
    return Due(opens, closes, stop.name, stop.id)


def moment(day: date, minutes: int, zone: str) -> int:
    """Milliseconds since 1970 of a minute of a local day."""
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)  # noqa: DTZ001
    return int(wall.replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)
