"""Coming in by a provider of identities (OpenID Connect). Lets in accounts that exist; makes none.

The first time an account is known by its electronic address, from then on by the provider's own
name for the person alone. Stricter than the library: a token must be for us, and of this provider.
"""

import logging
from collections.abc import Mapping
from typing import Any, Final

import jwt
import requests
from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET
from mozilla_django_oidc.auth import OIDCAuthenticationBackend
from mozilla_django_oidc.views import (
    OIDCAuthenticationCallbackView,
    OIDCAuthenticationRequestView,
)

from ...people.store import Deed
from .. import store
from ..scope import public
from . import deeds
from .models import Account

FAILED: Final = (
    "Vous n'êtes pas entré : ce compte n'est pas connu ici, ou le fournisseur d'identité n'a pas "
    "répondu comme prévu. Votre fédération sait quelle adresse elle a notée pour vous."
)
_WRONG: Final = (SuspiciousOperation, jwt.PyJWTError, requests.RequestException, KeyError)
"""What a provider, or somebody who poses as it, can answer wrongly."""

log = logging.getLogger("web")


class Identities(OIDCAuthenticationBackend):
    """Believes a token of the provider that is for us, and what it tells of the same person."""

    def get_or_create_user(
        self, access_token: str, id_token: str, payload: Mapping[str, Any]
    ) -> Account | None:
        """The account, if there is one."""
        if not {"sub", "exp", "iat"} <= payload.keys():
            raise jwt.InvalidTokenError("it lacks what every token has")
        told = self.get_userinfo(access_token, id_token, payload)
        if told.get("sub") != payload["sub"]:
            raise jwt.InvalidTokenError("the provider told of somebody else")
        return known(told)

    def _verify_jws(self, payload: str, key: Any) -> Any:
        algorithm = self.OIDC_RP_SIGN_ALGO
        return jwt.decode(
            payload, key, algorithms=[algorithm], audience=self.OIDC_RP_CLIENT_ID,
            issuer=store.config().oidc.issuer, leeway=30,
        )  # fmt: skip


class Back(OIDCAuthenticationCallbackView):
    """Where the provider sends people back to."""

    def get(self, request: Any) -> HttpResponse:
        """In, or at the login page with a sentence; addresses with codes stay out of the log."""
        try:
            answer: HttpResponse = super().get(request)
        except _WRONG as error:
            log.warning("OpenID Connect: %s", type(error).__name__)
            return self.login_failure()
        return answer

    def login_failure(self) -> HttpResponse:
        """Says so."""
        messages.error(self.request, FAILED)
        return redirect("accounts:login")


@public
@require_GET
def ask(request: Any) -> HttpResponse:
    """To the provider, and from there back here."""
    return OIDCAuthenticationRequestView.as_view()(_with_provider(request))


@public
@require_GET
def back(request: Any) -> HttpResponse:
    """From the provider."""
    return Back.as_view()(_with_provider(request))


def known(told: Mapping[str, Any]) -> Account | None:
    """The open account of that person; the first time, of the one account with that address."""
    bound = Account.objects.filter(subject=told["sub"]).first()
    if bound is not None:
        return bound if bound.is_active else None
    address = told.get("email")
    if not address or told.get("email_verified", True) is not True:
        return None
    found = list(Account.objects.filter(email__iexact=address, subject=None, is_active=True)[:2])
    if len(found) != 1:
        return None
    account = found[0]
    deeds.note(Deed(deeds.now(), deeds.by(account), "identity_known", f"compte {account}", ""))
    account.subject = told["sub"]
    account.save(update_fields=("subject",))
    return account


def _with_provider(request: Any) -> Any:
    if not store.config().oidc.client_id:
        raise Http404
    return request
