"""Codes that let somebody choose a password, once. A digest is kept, the code never."""

import base64
import hmac
import secrets
from typing import Final

from django.conf import settings

from .models import Account

LIFE: Final = 3 * 24 * 3_600_000
"""Milliseconds."""


def give(account: Account, now: int) -> str:
    """A new code, the only one that counts from now on."""
    code = base64.b32encode(secrets.token_bytes(15)).decode().lower()[:20]
    account.ticket, account.ticket_until = _digest(code), now + LIFE
    account.save(update_fields=("ticket", "ticket_until"))
    return "-".join(code[at : at + 5] for at in range(0, 20, 5))


def account(login: str, code: str, now: int) -> Account | None:
    """Whose code that is, if it is still good. Takes as long for no account."""
    found = Account.objects.filter(login=login).first()
    told = found.ticket if found is not None and found.ticket else "0" * 64
    equal = hmac.compare_digest(told, _digest(code))
    good = equal and found is not None and found.is_active and now < found.ticket_until
    return found if good else None


def _digest(code: str) -> str:
    plain = "".join(code.split()).replace("-", "").lower()
    told = b"escale.ticket\0" + plain.encode()
    return hmac.digest(settings.SECRET_KEY.encode(), told, "sha256").hex()
