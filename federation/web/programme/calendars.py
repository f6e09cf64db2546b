"""iCalendar: the open workshops of a territory, for any calendar program. Nothing of any person.

A calendar program cannot log in: the address carries a key that nobody can guess, made of the
site's secret, and whoever has an account in reach of the territory needs none.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.core.signing import Signer
from django.urls import reverse
from icalendar import Calendar, Event

from protocol import codes

from ..fleet.models import Territory
from . import showing
from .models import Workshop

AHEAD: Final = timedelta(days=400)
BEFORE: Final = timedelta(days=60)
_SALT: Final = "escale calendar"


def key(code: str) -> str:
    """What opens the calendar of that territory."""
    return Signer(salt=_SALT).signature(code)


def addresses(request: Any, territories: Iterable[int]) -> dict[str, str]:
    """Name → address with its key, of these territories."""
    found = Territory.objects.filter(pk__in=list(territories))
    return {
        each.name: request.build_absolute_uri(
            f"{reverse('programme-calendar', args=(each.code,))}?cle={key(each.code)}"
        )
        for each in found
    }


def calendar(territory: Territory, now: datetime | None = None) -> bytes:
    """The workshops that are open, or were and are cancelled."""
    now = now or datetime.now(UTC)
    found = Workshop.objects.filter(
        territory=territory, starts__gt=now - BEFORE, starts__lt=now + AHEAD
    ).exclude(state="draft")
    made = Calendar()
    for name, value in _head(territory).items():
        made.add(name, value)
    for each in found:
        made.add_component(_event(each))
    made.add_missing_timezones()
    return made.to_ical()


def _head(territory: Territory) -> Mapping[str, str]:
    return {
        "prodid": "-//Escale//Ateliers//FR",
        "version": "2.0",
        "method": "PUBLISH",
        "x-wr-calname": f"Ateliers, {territory.name}",
        "name": f"Ateliers, {territory.name}",
    }


def _event(each: Workshop) -> Event:
    starts = showing.local(each)
    event = Event()
    event.add("uid", f"{each.code}@escale")
    event.add("sequence", each.version)
    event.add("dtstamp", datetime.fromtimestamp(each.changed / 1000, UTC))
    event.add("dtstart", starts)
    event.add(
        "dtend",
        (starts.astimezone(UTC) + timedelta(minutes=each.minutes)).astimezone(starts.tzinfo),
    )
    event.add("summary", each.title)
    event.add("status", "CANCELLED" if each.state == "cancelled" else "CONFIRMED")
    event.add("categories", [codes.label("theme", each.theme)])
    if each.place:
        event.add("location", each.place)
    told = [each.audience, codes.label("level", each.level) if each.level else ""]
    if any(told):
        event.add("description", " · ".join(filter(None, told)))
    return event
