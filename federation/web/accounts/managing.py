"""The pages of accounts: who may come in, and as what. Each change is in the audit."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ..scope import needs
from . import deeds, tickets
from .forms import Added, Changed
from .models import Account


@needs("manage_accounts")
@require_GET
def accounts(request: Any) -> HttpResponse:
    """All of them, the closed ones last."""
    found = Account.objects.select_related("territory", "centre__territory").order_by(
        "-is_active", "login"
    )
    return render(request, "accounts/accounts.html", {"page": "accounts", "accounts": found})


@needs("manage_accounts")
@require_http_methods(["GET", "POST"])
def add(request: Any) -> HttpResponse:
    """A new one: nobody can come in with it until its code was used."""
    form = Added(request.POST or None)
    if not form.is_valid():
        return render(request, "accounts/account.html", {"page": "accounts", "form": form})
    account: Account = form.save(commit=False)
    deeds.note(deeds.deed(request, "account_added", _about(account), _told(account)))
    account.set_unusable_password()
    account.save()
    return _code(request, account)


@needs("manage_accounts")
@require_http_methods(["GET", "POST"])
def change(request: Any, number: int) -> HttpResponse:
    """Role, territory, centre, address. Sessions end when what may be seen changes."""
    account = _of(number)
    before, form = _told(account), Changed(request.POST or None, instance=account)
    former = account.email
    if not form.is_valid():
        told = {"page": "accounts", "form": form, "of": account, "own": account == request.user}
        return render(request, "accounts/account.html", told)
    changed: Account = form.save(commit=False)
    if account == request.user and _told(changed) != before:
        messages.error(request, "On ne change pas son propre rôle : demandez à quelqu'un d'autre.")
        return redirect("accounts:change", number)
    said = f"{before} → {_told(changed)}"
    if changed.email != former:
        said += ", autre adresse"  # by which somebody may come in; not which one
    deeds.note(deeds.deed(request, "account_changed", _about(account), said))
    changed.era += before != _told(changed)
    changed.save()
    messages.success(request, f"Le compte {changed.login} est changé.")
    return redirect("accounts:accounts")


@needs("manage_accounts")
@require_POST
def close(request: Any, number: int) -> HttpResponse:
    """Nobody comes in with it any more, and whoever is in is out."""
    account = _of(number)
    if account == request.user:
        messages.error(request, "On ne ferme pas son propre compte.")
        return redirect("accounts:change", number)
    deeds.note(deeds.deed(request, "account_closed", _about(account), _told(account)))
    account.end()
    messages.success(request, f"Le compte {account.login} est fermé.")
    return redirect("accounts:accounts")


@needs("manage_accounts")
@require_POST
def reopen(request: Any, number: int) -> HttpResponse:
    """As it was."""
    account = _of(number)
    deeds.note(deeds.deed(request, "account_reopened", _about(account), _told(account)))
    account.is_active = True
    account.save()
    messages.success(request, f"Le compte {account.login} est rouvert.")
    return redirect("accounts:change", number)


@needs("manage_accounts")
@require_POST
def code(request: Any, number: int) -> HttpResponse:
    """A code to choose a password with: shown once."""
    account = _of(number)
    if not account.is_active:
        raise Http404
    deeds.note(deeds.deed(request, "account_code", _about(account), _told(account)))
    return _code(request, account)


def _code(request: Any, account: Account) -> HttpResponse:
    given = tickets.give(account, deeds.now())
    address = request.build_absolute_uri(reverse("accounts:first"))
    told = {"page": "accounts", "of": account, "code": given, "address": f"{address}#{given}"}
    return render(request, "accounts/code.html", told)


def _of(number: int) -> Account:
    account = Account.objects.filter(pk=number).first()
    if account is None:
        raise Http404
    return account


def _about(account: Account) -> str:
    return f"compte {account.login}"


def _told(account: Account) -> str:
    """What it may see, for the audit."""
    return f"{account.get_role_display()}, {account.of()}"
