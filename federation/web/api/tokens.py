"""Makes, knows again and closes tokens. Decides no right (../scope.py does)."""

import secrets
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from ..accounts.models import Account
from .models import Token

PREFIX: Final = "escale_"
"""By which a token that leaked can be found where it should not be."""


def make(account: Account, now: int, **said: Any) -> tuple[Token, str]:
    """A new token, and its text, which nobody sees again."""
    text = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(digest=_digest(text), made=now, by=account, **said)
    return token, text


def known(text: str, now: int) -> Token | None:
    """The token, unless it is closed, over or none of ours. Notes the day of its use."""
    token = Token.objects.filter(digest=_digest(text), revoked=None, expires__gt=now).first()
    if token is not None:
        today = f"{datetime.fromtimestamp(now / 1000, UTC):%Y-%m-%d}"
        if token.last_day != today:
            Token.objects.filter(pk=token.pk).update(last_day=today)
    return token


def close(token: Token, now: int) -> None:
    """From now on it opens nothing."""
    if token.revoked is None:
        token.revoked = now
        token.save(update_fields=("revoked",))


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
