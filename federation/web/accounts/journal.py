"""The page of the audit: who opened, handed out, erased or changed what, and that none is missing.

What is looked for is sent as a form, so that no login stands in an address. Changes nothing.
"""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from ...people import store as people
from ...people.store import Line
from .. import days, store
from ..scope import needs
from .deeds import WORDS

SHOWN: Final = 300
"""Lines on the page, the newest; the spreadsheet has all."""
ZONE: Final = ZoneInfo("Europe/Paris")
"""Of the federation's offices."""


class Wanted(forms.Form):
    """Which lines."""

    who = forms.CharField(label="Qui", required=False, max_length=80)
    deed = forms.ChoiceField(
        label="Quoi",
        required=False,
        choices=(("", "tout"), *sorted(WORDS.items(), key=lambda each: each[1])),
    )
    about = forms.CharField(label="Sur quoi", required=False, max_length=80)
    since = forms.DateField(
        label="Du",
        required=False,
        widget=forms.DateInput({"type": "date"}),
        validators=[days.known],
    )
    until = forms.DateField(
        label="Au",
        required=False,
        widget=forms.DateInput({"type": "date"}),
        validators=[days.known],
    )


class Shown(NamedTuple):
    """A line in words."""

    number: int
    at: datetime
    who: str
    deed: str
    about: str
    reason: str
    digest: str
    sound: bool


@needs("see_audit")
@require_http_methods(["GET", "POST"])
def journal(request: Any) -> HttpResponse:
    """The newest lines, or those that are looked for."""
    form = Wanted(request.POST or None)
    lines = list(people.lines(store.config().store))
    found = list(chosen(lines, form.cleaned_data if form.is_valid() else {}))
    told = {
        "page": "audit", "form": form, "lines": [shown(line) for line in found[: -SHOWN - 1 : -1]],
        "found": len(found), "all": len(lines), "last": shown(lines[-1]) if lines else None,
        "broken": [line.number for line in lines if not line.sound],
    }  # fmt: skip
    return render(request, "accounts/journal.html", told)


@needs("see_audit")
@require_POST
def spreadsheet(request: Any) -> HttpResponse:
    """All of those, for a spreadsheet."""
    form = Wanted(request.POST)
    wanted = form.cleaned_data if form.is_valid() else {}
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="journal.csv"'
    rows = csv.writer(answer, delimiter=";")
    rows.writerow(("ligne", "date", "qui", "quoi", "sur quoi", "motif", "empreinte", "intacte"))
    for line in chosen(people.lines(store.config().store), wanted):
        one = shown(line)
        told = (one.at.isoformat(), one.who, one.deed, one.about, one.reason)
        rows.writerow((one.number, *map(harmless, told), one.digest, "oui" if one.sound else "NON"))
    return answer


def chosen(lines: Iterable[Line], wanted: dict[str, Any]) -> Iterator[Line]:
    """The lines that somebody looks for; {}: all."""
    begins, ends = _span(wanted.get("since"), wanted.get("until"))
    who, about = (wanted.get(name, "").strip().casefold() for name in ("who", "about"))
    for line in lines:
        deed = line.deed
        if (
            begins <= deed.at < ends
            and who in deed.who.casefold()
            and about in deed.about.casefold()
            and wanted.get("deed", "") in ("", deed.deed)
        ):
            yield line


def shown(line: Line) -> Shown:
    """In words."""
    at, who, deed, about, reason = line.deed
    when = datetime.fromtimestamp(at / 1000, ZONE)
    told = (who, WORDS.get(deed, deed), about, reason)
    return Shown(line.number, when, *told, line.chain.hex(), line.sound)


def harmless(text: str) -> str:
    """A text that a spreadsheet takes for no formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _span(since: date | None, until: date | None) -> tuple[float, float]:
    begins = _midnight(since) if since else float("-inf")
    ends = _midnight(until + timedelta(days=1)) if until else float("inf")
    return begins, ends


def _midnight(day: date) -> float:
    return datetime.combine(day, time(), ZONE).timestamp() * 1000
