"""Sign-ups by telephone, as numbers per workshop, from the web's store. Opens no envelope."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from ..database import Database

_COUNTED: Final = """
SELECT workshop.code, workshop.title, workshop.theme, workshop.place, workshop.minutes,
    workshop.starts, workshop.zone, territory.code, territory.name,
    sum(desk_sign_up.seats - desk_sign_up.waiting), sum(desk_sign_up.waiting)
FROM desk_sign_up
JOIN workshop ON workshop.id = desk_sign_up.workshop_id
JOIN territory ON territory.id = workshop.territory_id
WHERE desk_sign_up.seats > 0
GROUP BY workshop.code, workshop.title, workshop.theme, workshop.place, workshop.minutes,
    workshop.starts, workshop.zone, territory.code, territory.name
ORDER BY workshop.code
"""


class Telephoned(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A workshop for which somebody called."""

    workshop: str
    title: str
    theme: str
    place: str
    minutes: int
    day: str
    """Local, YYYY-MM-DD."""
    territory: str
    territory_name: str
    signed: int = 0
    waiting: int = 0


def read(web: Database) -> Iterator[Telephoned]:
    """As they stand now; none before the pages ever ran."""
    if not web.columns("desk_sign_up"):
        return
    for code, title, theme, place, minutes, starts, zone, *rest in web.execute(_COUNTED).fetchall():
        territory, name, signed, waiting = rest
        yield Telephoned(
            workshop=code, title=title, theme=theme, place=place, minutes=minutes,
            day=_day(starts, zone), territory=territory, territory_name=name,
            signed=int(signed), waiting=int(waiting),
        )  # fmt: skip


def _day(starts: Any, zone: str) -> str:
    """SQLite keeps the text of a moment in UTC, PostgreSQL the moment."""
    moment = starts if isinstance(starts, datetime) else datetime.fromisoformat(starts)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.astimezone(ZoneInfo(zone)).date().isoformat()
