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
from .models import DeskSignUp, Settled, Workshop

LOCK: Final = threading.RLock()
_CLAIMS = """
SELECT sign_up.unit, sign_up.epoch, sign_up.seq, seats, waiting, coalesce(dated.utc, sign_up.utc)
FROM sign_up LEFT JOIN dated ON dated.unit = sign_up.unit AND dated.epoch = since_epoch
    AND dated.seq = since_event
WHERE workshop = ? AND seats > 0
"""
_STORED = "SELECT unit, epoch, stored_to FROM epoch"
_SENT = """
SELECT unit, revision, body FROM document WHERE kind = 'programme' AND payload IS NOT NULL
ORDER BY unit, revision
"""


class Sent:
    """The programmes that units were sent, from the last one on that they have settled."""

    def __init__(self) -> None:
        self._settled = dict(Settled.objects.values_list("unit", "revision"))
        self._seats: dict[str, list[tuple[int, Mapping[str, int]]]] = {}
        with reading_web(store.config().store) as web:
            if web.columns("document"):
                for unit, revision, body in web.execute(_SENT):
                    if revision >= self._settled.get(unit, 0):
                        self._seats.setdefault(unit, []).append((revision, _seats(body)))

    def leases(self, workshop: str) -> dict[str, int]:
        """Unit → the most seats of that workshop that it may still give away."""
        return {
            unit: seats.lease(
                [(revision, told.get(workshop, 0)) for revision, told in sent],
                self._settled.get(unit, 0),
            )
            for unit, sent in self._seats.items()
            if any(workshop in told for _, told in sent)
        }


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


def claims(workshop: Workshop, ledger: Database | None) -> list[Claim]:
    """Everybody who signed up for it and has not given it back, wherever that was."""
    found = [
        Claim(seats.DESK, desk.key_of(each.pk), each.seats, each.waiting, each.since)
        for each in DeskSignUp.objects.filter(workshop=workshop, seats__gt=0)
    ]
    if ledger is not None:
        for unit, epoch, seq, *told in ledger.execute(_CLAIMS, (workshop.code,)):
            found.append(Claim(unit, Key(epoch, seq), *told))
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
