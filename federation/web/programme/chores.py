"""What the programme does by itself: documents and rosters that are due, names that are too old."""

import logging
from typing import Final

from ...people import desk, sending
from ...people.store import Deed
from .. import keyring, store
from ..chores import Chore
from . import publishing, seating

MINUTE: Final = 60.0
HOUR: Final = 3600.0
WHO: Final = "escale"
"""The software, as the audit names it."""

log = logging.getLogger("web")


_told: set[str] = set()
"""Sentences of the last round: what goes on is not written again each minute."""


def publish(now: int) -> None:
    """Vans are told what is planned; the waiting list moves up."""
    said = set(publishing.bring_up(now)) - {keyring.NO_PUBLISHING}
    for sentence in said - _told:
        log.warning("%s", sentence)
    _told.clear()
    _told.update(said)


def send_rosters(now: int) -> None:
    """Today's and tomorrow's names, where both keys are open here."""
    keys = keyring.held()
    if keys.documents is None or keys.sealing is None or not seating.has_ledger():
        return
    deed = Deed(now, WHO, "roster", "", "roster")
    for sent in sending.send_due(store.config().store, [keys.sealing], keys.documents, deed):
        if sent.fault:
            log.warning("no roster for %s: %s", sent.unit, sent.fault)
        elif sent.closed:
            log.warning("%s: %d names of its roster do not open", sent.unit, sent.closed)


def forget(now: int) -> None:
    """Names taken at the desk go after as long as those taken on vans."""
    desk.forget(store.config().store, now)


CHORES: Final = (
    Chore("programme", MINUTE, publish),
    Chore("rosters", MINUTE, send_rosters),
    Chore("desk names", HOUR, forget),
)
