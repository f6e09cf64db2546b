"""Brings what vans hold up to what is planned: signed documents in the outbox. Sends nothing.

What is saved as open is the desired state. A kind that nothing was ever planned of is left alone:
somebody may publish it by the command.
"""

import time
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from protocol.documents import Body

from ... import outbox
from ...errors import OperatorError
from ...planning import documents
from .. import keyring, store
from . import seating
from .models import Managed
from .wanting import Wanted, desired

AT_ONCE: Final = 200
"""Documents of one transaction: others write in between."""


def bring_up(now: int | None = None) -> list[str]:
    """Publishes whatever vans do not hold as it is planned; sentences about what did not work.

    `now`: milliseconds since 1970. Raises OperatorError when a store cannot be read or written.
    """
    now = time.time_ns() // 1_000_000 if now is None else now
    with seating.LOCK:
        wanted = list(desired(now))
        told = [f"{each.unit} : {each.draft.left_out}" for each in wanted if each.draft.left_out]
        due = _due(wanted)
        key = keyring.held().documents
        if due and key is None:
            return [keyring.NO_PUBLISHING, *told]
        if key is not None:
            for first in range(0, len(due), AT_ONCE):
                told += _publish(due[first : first + AT_ONCE], key, now)
        return told


def latest() -> dict[tuple[str, str], outbox.Outgoing]:
    """(unit, kind) → the newest that was published."""
    return {(each.unit, each.kind): each for each in outbox.latest(store.config().store)}


def _due(wanted: Iterable[Wanted]) -> list[Wanted]:
    """What vans were not sent as it is planned."""
    managed = set(Managed.objects.values_list("unit", "kind"))
    published = latest()
    return [
        each
        for each in wanted
        if (not each.is_empty or (each.unit, each.kind) in managed)
        and not _is_same(published.get((each.unit, each.kind)), each.draft.body)
    ]


def _publish(wanted: Sequence[Wanted], key: Ed25519PrivateKey, now: int) -> list[str]:
    """Signed into the outbox, together; where that fails, each alone: what is wrong is said."""
    Managed.objects.bulk_create(
        [Managed(unit=each.unit, kind=each.kind) for each in wanted], ignore_conflicts=True
    )
    drafted = [(each.unit, each.kind, documents.encoded(each.draft.body)) for each in wanted]
    try:
        outbox.publish_all(store.config().store, key, drafted, now)
    except OperatorError as error:
        if len(wanted) == 1:
            return [f"{wanted[0].unit} : {error}"]
        return [fault for each in wanted for fault in _publish([each], key, now)]
    return []


def _is_same(published: outbox.Outgoing | None, body: Body) -> bool:
    """Whether that says the same, field by field, whoever wrote it."""
    if published is None:
        return False
    try:
        told: Any = msgspec.json.decode(published.body, type=type(body))
    except msgspec.DecodeError:
        return False
    return bool(told == body)
