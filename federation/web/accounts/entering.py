"""Coming in and going out, and passwords. Tells nobody whether an account exists."""

import logging
from typing import Any

from django.contrib import messages
from django.contrib.auth import authenticate, login, update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ...people.store import Deed
from .. import store
from ..scope import needs, public
from . import deeds, tickets
from .forms import Changing, Entering, First
from .models import Account
from .throttle import Attempt

WRONG = "Cet identifiant et ce mot de passe ne vont pas ensemble."
WRONG_CODE = "Cet identifiant et ce code ne vont pas ensemble, ou le code n'est plus valable."
PATIENCE = "Trop d'essais : attendez {} avant le prochain."

log = logging.getLogger("web")


@public
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def enter(request: Any) -> HttpResponse:
    """The login page."""
    target = _target(request)
    if request.method == "GET":
        if request.user.is_authenticated:
            return redirect(target)
        return _login_page(request, "", 200)
    form = Entering(request.POST)
    attempt = Attempt(request.POST.get("username", ""), request.META.get("REMOTE_ADDR", ""))
    waits = attempt.begin()
    if waits:
        return _patience(attempt, _login_page(request, PATIENCE.format(words(waits)), 429), waits)
    account = authenticate(request, **form.cleaned_data) if form.is_valid() else None
    if account is None:
        log.warning("a login was refused, network %s", attempt.network)
        return _login_page(request, WRONG, 403)
    attempt.succeeded()
    login(request, account)
    return redirect(target)


@public
@sensitive_post_parameters("code", "password", "again")
@require_http_methods(["GET", "POST"])
def first(request: Any) -> HttpResponse:
    """Choosing a password with a code; the code stays out of addresses, so out of their logs."""
    form = First(request.POST or None)
    if not form.is_valid():
        return render(request, "accounts/first.html", {"form": form})
    told = form.cleaned_data
    attempt = Attempt(told["username"], request.META.get("REMOTE_ADDR", ""))
    waits = attempt.begin()
    account = None if waits else tickets.account(told["username"], told["code"], deeds.now())
    if account is None:
        form.add_error(None, PATIENCE.format(words(waits)) if waits else WRONG_CODE)
        page = render(request, "accounts/first.html", {"form": form}, status=429 if waits else 403)
        return _patience(attempt, page, waits)
    attempt.succeeded()
    _choose(account, told["password"])
    messages.success(request, "Votre mot de passe est choisi. Vous pouvez entrer.")
    return redirect("accounts:login")


@needs("own_account")
@sensitive_post_parameters("former", "password", "again")
@require_http_methods(["GET", "POST"])
def password(request: Any) -> HttpResponse:
    """Changing one's own; the other browsers of this account are out then."""
    form, status = Changing(request.POST or None), 200
    if form.is_valid():
        attempt = Attempt(request.user.login, request.META.get("REMOTE_ADDR", ""))
        waits = attempt.begin()
        if not waits and request.user.check_password(form.cleaned_data["former"]):
            attempt.succeeded()
            _choose(request.user, form.cleaned_data["password"])
            update_session_auth_hash(request, request.user)
            messages.success(request, "Votre mot de passe est changé.")
            return redirect("accounts:password")
        wrong = "Ce n'est pas votre mot de passe actuel."
        form.add_error("former", PATIENCE.format(words(waits)) if waits else wrong)
        status = 429 if waits else 403
    return render(request, "accounts/password.html", {"form": form, "page": "own"}, status=status)


def words(milliseconds: int) -> str:
    """A wait, rounded up."""
    seconds = -(-milliseconds // 1000)
    if seconds < 60:
        return f"{seconds} seconde{'s' if seconds > 1 else ''}"
    minutes = -(-seconds // 60)
    return f"{minutes} minute{'s' if minutes > 1 else ''}"


def _choose(account: Account, chosen: str) -> None:
    deeds.note(Deed(deeds.now(), deeds.by(account), "password_chosen", _about(account), ""))
    account.set_password(chosen)
    account.ticket, account.ticket_until = "", 0
    account.save(update_fields=("password", "ticket", "ticket_until"))


def _about(account: Account) -> str:
    return f"compte {account.login}"


def _patience(attempt: Attempt, page: HttpResponse, waits: int) -> HttpResponse:
    if waits:
        log.warning("a login must wait %d s, network %s", -(-waits // 1000), attempt.network)
        page.headers["Retry-After"] = str(-(-waits // 1000))
    return page


def _login_page(request: Any, fault: str, status: int) -> HttpResponse:
    told = {
        "fault": fault,
        "next": request.POST.get("next", request.GET.get("next", "")),
        "oidc": store.config().oidc,
    }
    return render(request, "accounts/login.html", told, status=status)


def _target(request: Any) -> str:
    """Where somebody wanted to go, if that is here."""
    asked = request.POST.get("next", request.GET.get("next", ""))
    ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if ours else resolve_url("fleet:fleet")
