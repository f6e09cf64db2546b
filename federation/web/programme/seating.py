"""Seats of workshops, from what is planned and what has arrived. Decides in planning/seats alone.

Whoever gives a seat of the desk away, or tells a van how many it has, does so under `LOCK`: the
pages and their chores are one process.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

import msgspec

from protocol import messages
from protocol.documents import Programme
from protocol.event import Key
from protocol.messages import Status

from ...database import Database, reading_web
from ...people import desk
from ...planning import seats
from ...planning.seats import Claim, Sharing
from ...planning.settling import settled
from .. import store
from .fetching import AT_ONCE
from .models import DeskSignUp, Settled, Workshop

LOCK: Final = threading.RLock()
_CLAIMS = """
SELECT workshop, told.unit, told.epoch, told.seq, seats, waiting, coalesce(
    (SELECT dated.utc FROM dated WHERE dated.unit = told.unit AND dated.epoch = since_epoch
        AND dated.seq = since_event), told.utc)
FROM signed_up AS told WHERE workshop IN ({}) AND seats > 0
"""
# Asked row by row: joined, the view `dated` is worked out for the whole ledger first.
_STORED = "SELECT unit, epoch, stored_to FROM epoch"
_SENT = """
SELECT unit, revision, body FROM document WHERE kind = 'programme' AND payload IS NOT NULL
ORDER BY unit, revision
"""


class Sent:
    """The programmes that units were sent, from the last one on that they have settled."""

    def __init__(self) -> None:
        known = dict(Settled.objects.values_list("unit", "revision"))
        sent: dict[tuple[str, str], list[tuple[int, int]]] = {}
        with reading_web(store.config().store) as web:
            if web.columns("document"):
                for unit, revision, body in web.execute(_SENT):
                    if revision >= known.get(unit, 0):
                        for workshop, count in _seats(body).items():
                            sent.setdefault((workshop, unit), []).append((revision, count))
        self._leases: dict[str, dict[str, int]] = {}
        for (workshop, unit), told in sent.items():
            most = seats.lease(told, known.get(unit, 0))
            self._leases.setdefault(workshop, {})[unit] = most

    def leases(self, workshop: str) -> dict[str, int]:
        """Unit → the most seats of that workshop that it may still give away."""
        return self._leases.get(workshop, {})


@contextmanager
def ledger() -> Iterator[Database | None]:
    """What has arrived; None while no ingest ever ran: then nobody signed up on a van."""
    if not has_ledger():
        yield None
        return
    with store.ledger() as opened:
        yield opened


def settle(ledger: Database) -> None:
    """Takes note of the programmes that units have said they applied."""
    stored = dict[str, dict[int, int]]()
    for unit, epoch, to in ledger.execute(_STORED):
        stored.setdefault(unit, {})[epoch] = to
    known = dict(Settled.objects.values_list("unit", "revision"))
    for unit, said in ledger.execute("SELECT unit, status FROM unit WHERE status IS NOT NULL"):
        status = messages.decode(bytes(said), Status)
        revision = settled(status, "programme", stored.get(unit, {}))
        if revision > known.get(unit, 0):
            Settled.objects.update_or_create(unit=unit, defaults={"revision": revision})


def claims(workshops: Sequence[Workshop], ledger: Database | None) -> dict[str, list[Claim]]:
    """Workshop → everybody who signed up for it and has not given it back, wherever that was."""
    found: dict[str, list[Claim]] = {each.code: [] for each in workshops}
    codes = {each.pk: each.code for each in workshops}
    for each in DeskSignUp.objects.filter(seats__gt=0):
        if each.workshop_id in codes:
            told = (desk.key_of(each.pk), each.seats, each.waiting, each.since)
            found[codes[each.workshop_id]].append(Claim(seats.DESK, *told))
    names = list(found)
    if ledger is None:
        return found
    for first in range(0, len(names), AT_ONCE):
        some = names[first : first + AT_ONCE]
        marks = ", ".join("?" * len(some))
        for code, unit, epoch, seq, *numbers in ledger.execute(_CLAIMS.format(marks), some):
            found[code].append(Claim(unit, Key(epoch, seq), *numbers))
    return found


def share(
    workshop: Workshop, known: Sequence[Claim], sent: Sent, units: Mapping[int, str]
) -> Sharing:
    """Who may give how many of its seats away; `units`: vehicle → the unit in it."""
    wishes = {
        units[each.vehicle_id]: each.seats
        for each in workshop.allotments.all()
        if each.vehicle_id in units
    }
    return seats.share(workshop.total, wishes, sent.leases(workshop.code), known)


def move_up(sharing: Sharing, now: int) -> None:
    """The desk's people who waited and have seats now."""
    for claim in sharing.moves_up:
        DeskSignUp.objects.filter(pk=claim.key.seq, waiting__gt=0).update(waiting=0, moved_up=now)


def has_ledger() -> bool:
    """Whether any ingest ever ran."""
    where = store.config().store
    return where.postgresql is not None or where.ledger.exists()


def _seats(body: bytes) -> dict[str, int]:
    told = msgspec.json.decode(body, type=Programme)
    return {each.id: each.seats for each in told.workshops}
