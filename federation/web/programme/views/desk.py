"""The desk: people sign up by telephone, change, give back, and are called when seats are free."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ....errors import OperatorError
from ....planning.seats import DESK
from ... import keyring
from ...scope import needs
from .. import desk, once, people, reach, seating, showing
from ..desk import Asked, Refused, Said
from ..fetching import with_their
from ..forms.desk import ChangeForm, SignUpForm
from ..models import Call, DeskSignUp, Workshop
from .workshops import told


@needs("desk")
@require_GET
def desks(request: Any) -> HttpResponse:
    """Workshops that people may call about, and those of the last days."""
    found = reach.workshops(request.scope).exclude(state=Workshop.State.DRAFT)
    recent = with_their(found.filter(starts__gt=showing.days_ago(4)), "allotments")
    told_ = {
        "page": "desk", "shown": showing.shown(recent),
        "many": len(reach.territories(request.scope)) > 1,
    }  # fmt: skip
    return render(request, "programme/desks.html", told_)


@needs("desk")
@require_http_methods(["GET", "POST"])
def signing(request: Any, code: str) -> HttpResponse:
    """One workshop: who is signed up, as numbers; a POST signs somebody up."""
    found = _workshop(request, code)
    form = SignUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made, again = once.sign_up(found, _said(form), form.cleaned_data["once"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            waits = " en liste d'attente." if made.waiting else ""
            kept = " Déjà enregistrée, une seule fois." if again else ""
            messages.success(
                request, f"Inscription n° {made.number}, {made.seats} pers.{waits}{kept}"
            )
            return redirect("programme:signing", code)
    return _page(request, found, {"form": form})


@needs("desk")
@require_POST
def change(request: Any, code: str, number: int) -> HttpResponse:
    """For more or fewer people; for none: given back."""
    found = _workshop(request, code)
    sign_up = get_object_or_404(DeskSignUp, workshop=found, pk=number, seats__gt=0)
    form = ChangeForm(request.POST)
    if not form.is_valid():
        messages.error(request, f"De 1 à {desk.MOST} personnes par inscription : rien n'a changé.")
        return redirect("programme:signing", code)
    try:
        changed = desk.change(sign_up, form.cleaned_data["people"], form.cleaned_data["waits"])
    except Asked as asked:
        return _page(request, found, {"asked": asked, "asked_of": sign_up})
    messages.success(request, f"L'inscription n° {sign_up.number} est {_stands(changed)}.")
    told(request)
    return redirect("programme:signing", code)


@needs("desk")
@require_POST
def call(request: Any, code: str) -> HttpResponse:
    """What a call about a seat gave. Answers with the words alone to a page that stays open."""
    found = _workshop(request, code)
    unit, outcome = request.POST.get("unit", ""), request.POST.get("outcome", "")
    key = _key(request.POST)
    known = {
        (each.sign_up.unit, each.sign_up.key.epoch, each.sign_up.key.seq) for each in _people(found)
    }
    if outcome not in Call.Outcome.values or (unit, *key) not in known:
        raise Http404
    desk.call(found, unit, *key, request.user.login, outcome)
    if request.headers.get("HX-Request"):
        return HttpResponse(Call.Outcome(outcome).label)
    return redirect("programme:signing", code)


@needs("open_names")
@require_POST
def names(request: Any, code: str) -> HttpResponse:
    """The same page with names, each opening a line of the audit."""
    found = _workshop(request, code)
    reason = request.POST.get("reason", "").strip()
    if not reason:
        messages.error(request, "Dites pourquoi : c'est gardé dans le journal des ouvertures.")
        return redirect("programme:signing", code)
    try:
        told_, closed = people.opened(_people(found), f"compte {request.user.login}", reason)
    except OperatorError as error:
        messages.error(request, str(error))
        return redirect("programme:signing", code)
    return _page(request, found, {"people": told_, "closed": closed, "named": True})


def _page(request: Any, found: Workshop, more: dict[str, Any]) -> HttpResponse:
    (shown,) = showing.shown([found])
    told_ = more.get("people") or _people(found)
    is_off = found.state == Workshop.State.CANCELLED
    context = {
        "page": "desk", "shown": shown, "workshop": found, "people": told_,
        "calls": told_ if is_off else people.waiting_first(told_), "form": SignUpForm(),
        "desk": DESK, "no_names": "" if keyring.held().sealing else keyring.NO_NAMES,
        "seals": bool(desk.recipients()),
        "accepts": found.state == Workshop.State.OPEN and not shown.is_over,
    }  # fmt: skip
    return render(request, "programme/desk.html", context | more)


def _people(found: Workshop) -> list[people.Person]:
    with seating.ledger() as ledger:
        return people.of(found, ledger)


def _workshop(request: Any, code: str) -> Workshop:
    found = reach.workshop(request.scope, code)
    if found.state == Workshop.State.DRAFT:
        raise Http404
    return found


def _stands(sign_up: DeskSignUp) -> str:
    if not sign_up.seats:
        return "rendue"
    waits = f", dont {sign_up.waiting} en attente" if sign_up.waiting else ""
    return f"pour {sign_up.seats} maintenant{waits}"


def _said(form: SignUpForm) -> Said:
    told_ = form.cleaned_data
    return Said(told_["people"], told_["first_name"], told_["phone"], told_["waits"])


def _key(posted: Any) -> tuple[int, int]:
    try:
        return int(posted.get("epoch", "")), int(posted.get("seq", ""))
    except ValueError:
        raise Http404 from None
