"""What the pages do by themselves for people: follow erasures to the last copy, end sessions."""

from importlib import import_module
from typing import Final

from django.conf import settings

from ...people import erasing, held
from ...people import store as people
from .. import store
from ..chores import Chore
from .models import Forgotten


def follow_erasures(now: int) -> None:
    """Notes when the ledger has forgotten, then forgets in the copies. May raise OperatorError.

    Copies last: one made meanwhile still had what the ledger had.
    """
    web = store.config().store
    known = Forgotten.objects.in_bulk()
    asked = people.erasures(web)
    for number, erasure in asked:
        if number not in known and held.is_done(web, erasure):
            known[number] = Forgotten.objects.create(erasure=number, ledger=now)
    due = [(number, erasure) for number, erasure in asked if _is_due(known.get(number))]
    if due:
        copies = erasing.from_backups(web.backups, [erasure for _, erasure in due])
        Forgotten.objects.filter(erasure__in=[number for number, _ in due]).update(
            backups=now, copies=copies
        )


def drop_sessions(_now: int) -> None:
    """Those that are over."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


def _is_due(known: Forgotten | None) -> bool:
    return known is not None and known.backups is None


CHORES: Final = (
    Chore("erasures", 10.0, follow_erasures),
    Chore("sessions", 6 * 3600.0, drop_sessions),
)
