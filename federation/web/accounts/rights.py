"""Rights of persons: find what is held by the number taken home, show it, hand it out, forget it.

Numbers and keys of sign-ups travel in forms, never in an address. A name is opened with a reason
and a line in the audit, which is on disk first; what is out of reach is not there.
"""

import json
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from protocol.event import Key

from ...database import reading_ledger
from ...errors import OperatorError
from ...people import desk, held, opening
from ...people import export as exporting
from ...people import store as people
from ...people.held import Held
from ...people.signups import SignUp
from ...planning.seats import DESK
from .. import keyring, store
from ..scope import needs
from . import deeds, finding, telling
from .models import Forgotten

STAYS_CLOSED: Final = (
    "Ce nom ne s'ouvre pas avec la clé de ce serveur : il a été scellé pour une autre clé, plus "
    "ancienne. La commande « escale-federation export … --key » l'ouvre avec celle-là."
)


class Reason(forms.Form):
    """Why, for the audit."""

    reason = forms.CharField(label="Motif", max_length=200)


class Proof(NamedTuple):
    """How far an erasure has come. Times in milliseconds since 1970."""

    number: int
    erasure: people.Erasure
    done: bool
    forgotten: Forgotten | None


@needs("open_names")
@require_http_methods(["GET", "POST"])
def rights(request: Any) -> HttpResponse:
    """The search, what it found, and the erasures that were asked for."""
    form, found = finding.Search(request.POST or None, request.scope), None
    if form.is_valid():
        told = form.cleaned_data
        found = finding.found(request.scope, told["number"], told["vehicle"])
    shown = {"page": "rights", "form": form, "found": found, "erasures": _erasures(request.scope)}
    return render(request, "accounts/rights.html", shown)


@needs("open_names")
@require_POST
def sign_up(request: Any) -> HttpResponse:
    """What is held about one, its names closed."""
    return _page(request, _chosen(request))


@needs("open_names")
@require_POST
def open_names(request: Any) -> HttpResponse:
    """The same with its names, for a reason."""
    one, form = _chosen(request), Reason(request.POST)
    if not form.is_valid():
        return _page(request, one, form=form)
    line = deeds.deed(request, "opened", "", form.cleaned_data["reason"])
    try:
        names = _opened(one.sign_up, line)
    except OperatorError as error:
        return _page(request, one, fault=str(error))
    return _page(request, _chosen(request), names=names)


@needs("open_names")
@require_POST
def export(request: Any) -> HttpResponse:
    """A copy for the person, to print or as a file."""
    one, form = _chosen(request), Reason(request.POST)
    if not form.is_valid():
        return _page(request, one, form=form)
    line = deeds.deed(request, "exported", "", form.cleaned_data["reason"])
    try:
        names = _opened(one.sign_up, line)
    except OperatorError as error:
        return _page(request, one, fault=str(error))
    if request.POST.get("as") != "file":
        told = _told(request, one, _about(one.sign_up))
        return render(
            request, "accounts/copy.html", {"page": "rights", "one": told, "names": names}
        )
    with _ledger() as ledger:
        document = exporting.document(ledger, one.sign_up, names, _about(one.sign_up))
    body = json.dumps(json.loads(msgspec.json.encode(document)), ensure_ascii=False, indent=2)
    answer = HttpResponse(body, content_type="application/json; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="donnees.json"'
    return answer


@needs("erase_names")
@require_POST
def erase(request: Any) -> HttpResponse:
    """Forgets its names: asked for here, once; carried out by ingest."""
    one, form = _chosen(request), Reason(request.POST)
    number = held.asked(store.config().store, one.sign_up)
    if number is not None:
        messages.warning(request, "L'effacement de ce nom est déjà demandé : en voici la preuve.")
        return redirect("accounts:proof", number)
    if not form.is_valid():
        return _page(request, one, form=form)
    about = opening.name_of(one.sign_up)
    line = deeds.deed(request, "erased", about, form.cleaned_data["reason"])
    erasure = held.erase(store.config().store, one.sign_up, line)
    messages.success(request, "L'effacement est demandé.")
    return redirect("accounts:proof", held.number_of(store.config().store, erasure))


@needs("open_names")
@require_GET
def proof(request: Any, number: int) -> HttpResponse:
    """How far it has come, and the certificate once all is done."""
    found = next((each for each in _erasures(request.scope) if each.number == number), None)
    if found is None:
        raise Http404
    about, registry = telling.about(found.erasure), request.scope.registry
    asked = [
        line
        for line in people.lines(store.config().store)
        if line.deed.deed == "erased" and line.deed.about == about
    ]
    zone = ZoneInfo(registry.zone(found.erasure.unit))
    with _ledger() as ledger:
        row = Key(found.erasure.epoch, found.erasure.seq)
        one = held.one(ledger, store.config().store, found.erasure.unit, row)
    told = {
        "page": "rights", "proof": found, "where": telling.where(found.erasure.unit, registry),
        "on_van": found.erasure.unit != DESK,
        "asked": telling.at(found.erasure.at, zone), "one": one and one.sign_up.event,
        "workshop": one and finding.title(one.sign_up.event.workshop),
        "ledger": _when(found.forgotten and found.forgotten.ledger, zone),
        "backups": _when(found.forgotten and found.forgotten.backups, zone),
        "lines": [(line.number, line.deed, line.chain.hex()) for line in asked],
        "keeps_backups": store.config().store.backups is not None,
        "dumps": store.config().store.postgresql is not None,
    }  # fmt: skip
    return render(request, "accounts/proof.html", told)


def _page(request: Any, one: Held, **more: Any) -> HttpResponse:
    told = {
        "page": "rights", "one": _told(request, one, _about(one.sign_up)),
        "erasure": held.asked(store.config().store, one.sign_up),
        "form": Reason(), "no_names": "" if keyring.held().sealing else keyring.NO_NAMES, **more,
    }  # fmt: skip
    return render(request, "accounts/sign_up.html", told)


def _told(request: Any, one: Held, lines: list[people.Deed]) -> telling.Told:
    title = finding.title(one.sign_up.event.workshop)
    return telling.told(one, request.scope.registry, lines, title)


def _chosen(request: Any) -> Held:
    """The sign-up that a form names. Raises Http404: there is none, or not for this account."""
    said = [request.POST.get(name, "") for name in ("unit", "epoch", "seq")]
    if not all(each.isdecimal() and len(each) < 19 for each in said[1:]):
        raise Http404
    row = Key(int(said[1]), int(said[2]))
    with _ledger() as ledger:
        one = held.one(ledger, store.config().store, said[0], row)
    if one is None or not finding.reaches(request.scope, one.sign_up):
        raise Http404
    return one


def _opened(line: SignUp, deed: people.Deed) -> dict[str, str]:
    """Its names. Raises OperatorError with a sentence for whoever asks."""
    if line.envelope is None:
        return {}
    key = keyring.held().sealing
    if key is None:
        raise OperatorError(keyring.NO_NAMES)
    try:
        return opening.open_audited(store.config().store, line, [key], deed)
    except OperatorError as error:
        raise OperatorError(STAYS_CLOSED) from error


def _about(line: SignUp) -> list[people.Deed]:
    name = opening.name_of(line)
    return [each.deed for each in people.lines(store.config().store) if each.deed.about == name]


def _erasures(scope: Any) -> list[Proof]:
    """Those in reach, the newest first."""
    web = store.config().store
    at_desk = {line.row.seq: line for line in desk.every(web)}
    known = Forgotten.objects.in_bulk()
    found = []
    for number, erasure in reversed(people.erasures(web)):
        line = at_desk.get(erasure.seq) if erasure.unit == DESK else None
        if finding.reaches(scope, line) if line is not None else scope.reaches(erasure.unit):
            done = number in known or held.is_done(web, erasure)
            found.append(Proof(number, erasure, done, known.get(number)))
    return found


def _when(milliseconds: int | None, zone: ZoneInfo) -> Any:
    return None if milliseconds is None else telling.at(milliseconds, zone)


def _ledger() -> Any:
    return reading_ledger(store.config().store)
