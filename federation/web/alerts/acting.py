"""What people do about alerts, each with who, when and why. Opens and ends no alert."""

from typing import Any

from django.db import transaction

from ...alerting import DAY
from .models import Alert, Deed, Mute


@transaction.atomic
def take(alert: Alert, account: Any, why: str, now: int) -> None:
    """That account takes care of it: it is no news any more."""
    alert.taken_by, alert.taken_at, alert.taken_why = account, now, why
    alert.save(update_fields=("taken_by", "taken_at", "taken_why"))
    _note(alert.subject, alert.kind, account, "taken", why, now)


@transaction.atomic
def give_back(alert: Alert, account: Any, now: int) -> None:
    """It is everybody's again."""
    alert.taken_by, alert.taken_at, alert.taken_why = None, None, ""
    alert.save(update_fields=("taken_by", "taken_at", "taken_why"))
    _note(alert.subject, alert.kind, account, "given_back", "", now)


@transaction.atomic
def mute(subject: str, kind: str, days: int, account: Any, why: str, now: int) -> None:
    """Nobody is told of that subject, or of one kind of its alerts, for so many days."""
    said = {"until": now + days * DAY, "made": now, "by": account, "why": why}
    Mute.objects.update_or_create(subject=subject, kind=kind, defaults=said)
    _note(subject, kind, account, "muted", why, now)


@transaction.atomic
def unmute(alert: Alert, account: Any, now: int) -> None:
    """People are told of it again."""
    Mute.objects.filter(subject=alert.subject, kind__in=("", alert.kind)).delete()
    _note(alert.subject, alert.kind, account, "unmuted", "", now)


def delayed(territory: str, account: Any, now: int) -> None:
    """Notes that a territory's delays were set."""
    _note(f"t:{territory}", "", account, "delay", "", now)


def _note(subject: str, kind: str, account: Any, what: str, why: str, now: int) -> None:
    Deed.objects.create(subject=subject, kind=kind, at=now, by=account, what=what, why=why)
