"""The pure alerts of federation/alerting.py as rows, there and back. Decides nothing."""

from collections.abc import Iterable, Mapping

from ...alerting import Alert, Key
from .models import Alert as Row

_FIELDS = ("territory", "state", "since", "detail", "mark", "opened", "fine_since", "closed")


def live() -> dict[Key, Row]:
    """Rows of those that are pending or open."""
    return {(row.subject, row.kind): row for row in Row.objects.filter(closed=None)}


def pure(rows: Mapping[Key, Row]) -> dict[Key, Alert]:
    """What deciding needs of them."""
    names = {row.pk: key for key, row in rows.items()}
    return {
        key: Alert(
            subject=row.subject, kind=row.kind, **{name: getattr(row, name) for name in _FIELDS},
            under=names.get(row.under_id),
        )
        for key, row in rows.items()
    }  # fmt: skip


def keep(rows: Mapping[Key, Row], before: Mapping[Key, Alert], after: Mapping[Key, Alert]) -> None:
    """Writes what differs; inside a transaction. A trouble that was never an alert leaves none."""
    found = dict(rows)
    changed = [key for key, alert in after.items() if before.get(key) != alert]
    for key in changed:
        if key not in found and after[key].is_live:
            found[key] = Row(subject=key[0], kind=key[1])
    for key in sorted(changed, key=lambda key: after[key].under is not None):
        if key in found:
            _write(found[key], after[key], found)
    _forget(rows, after)


def _write(row: Row, alert: Alert, rows: Mapping[Key, Row]) -> None:
    for name in _FIELDS:
        setattr(row, name, getattr(alert, name))
    row.detail = alert.detail[:400]
    if alert.state == "dropped":
        row.state = "closed"
    row.under = rows.get(alert.under) if alert.under is not None else None
    row.save()


def _forget(rows: Mapping[Key, Row], after: Mapping[Key, Alert]) -> None:
    never: Iterable[int] = [
        row.pk for key, row in rows.items()
        if after[key].state == "dropped" and after[key].opened is None and row.opened is None
    ]  # fmt: skip
    Row.objects.filter(pk__in=list(never)).delete()
