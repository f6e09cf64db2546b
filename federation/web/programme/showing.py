"""What the pages say of a workshop: seats, sign-ups, attendance, who has applied it. Reads only."""

import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from protocol import codes, messages
from protocol.messages import Status

from ...database import Database
from ...planning.seats import DESK, Claim, Sharing
from ...registry import Registry
from .. import store
from . import publishing, seating
from .models import DeskSignUp, Workshop

_ATTENDED = "SELECT status, sum(people) FROM attendance WHERE workshop = ? GROUP BY status"
_NUMBER = "SELECT number FROM signed_up WHERE unit = ? AND epoch = ? AND seq = ?"


class Row(NamedTuple):
    """What one vehicle, or the desk, has of a workshop."""

    name: str
    allotted: int | None
    told: int
    """Seats in its next programme; of the desk: those it may give away, and those it gave."""
    held: int
    waiting: int
    owed: int = 0

    @property
    def free(self) -> int:
        """Seats that nobody sits on."""
        return max(0, self.told - self.held)


class Shown(NamedTuple):
    """A workshop as a page shows it."""

    workshop: Workshop
    local: datetime
    sharing: Sharing
    claims: Sequence[Claim]
    rows: Sequence[Row]
    attended: dict[str, int]
    """Label → people; empty before anybody filled a sheet in."""
    last_numbers: str
    """Of who came last, where there are more people than seats."""

    @property
    def held(self) -> int:
        """Seats taken."""
        return sum(claim.held for claim in self.claims)

    @property
    def waiting(self) -> int:
        """People who wait."""
        return sum(min(claim.waiting, claim.seats) for claim in self.claims)

    @property
    def vehicles(self) -> list[str]:
        """Names of those on which it is offered, or was taken."""
        return [row.name for row in self.rows[:-1]]

    @property
    def is_over(self) -> bool:
        """Whether it has begun."""
        return self.workshop.starts_ms <= time.time_ns() // 1_000_000


def shown(workshops: Sequence[Workshop]) -> list[Shown]:
    """With what is known now."""
    registry = store.vehicles()
    units = {each.id: each.unit for each in registry.vehicles if each.unit}
    sent = seating.Sent()
    with seating.ledger() as ledger:
        known = seating.claims(workshops, ledger)
        return [_shown(each, ledger, sent, known[each.code], units, registry) for each in workshops]


def local(workshop: Workshop) -> datetime:
    """When it begins, by the clocks of its place."""
    return workshop.starts.astimezone(ZoneInfo(workshop.zone))


class Applied(NamedTuple):
    """One document of one van."""

    vehicle: str
    unit: str
    kind: str
    desired: int
    reported: int
    reason: str
    """Why it was refused; empty: it was not."""

    @property
    def state(self) -> str:
        """applied, refused or pending."""
        if self.reported >= self.desired:
            return "applied"
        return "refused" if self.reason else "pending"


KINDS = {
    "programme": "Ateliers", "tour": "Tournées", "settings": "Réglages", "notices": "Textes",
    "roster": "Listes du jour", "trust": "Clés", "update": "Mises à jour",
}  # fmt: skip


def applied(units: Sequence[tuple[str, str]]) -> list[Applied]:
    """What was published to these (unit, vehicle), and what each says of it."""
    said = dict[str, Status]()
    with seating.ledger() as ledger:
        if ledger is not None:
            rows = ledger.execute("SELECT unit, status FROM unit WHERE status IS NOT NULL")
            said = {unit: messages.decode(bytes(told), Status) for unit, told in rows}
    published = publishing.latest()
    found = []
    for unit, vehicle in units:
        status = said.get(unit)
        for kind, label in KINDS.items():
            item = published.get((unit, kind))
            if item is None:
                continue
            refused = status.refused.get(kind) if status else None
            held = status.documents.get(kind, 0) if status else 0
            reason = refused.reason if refused and refused.revision >= item.revision else ""
            found.append(Applied(vehicle, unit, label, item.revision, held, reason))
    return found


def _shown(
    workshop: Workshop,
    ledger: Database | None,
    sent: seating.Sent,
    claims: Sequence[Claim],
    units: dict[int, str],
    registry: Registry,
) -> Shown:
    sharing = seating.share(workshop, claims, sent, units)
    rows = _rows(workshop, sharing, claims, units, registry)
    attended, last = _attended(workshop, ledger), _numbers(sharing.last, ledger)
    return Shown(workshop, local(workshop), sharing, claims, rows, attended, last)


def _rows(
    workshop: Workshop,
    sharing: Sharing,
    claims: Sequence[Claim],
    units: dict[int, str],
    registry: Registry,
) -> list[Row]:
    held, waiting = Counter[str](), Counter[str]()
    for claim in claims:
        held[claim.unit] += claim.held
        waiting[claim.unit] += claim.waiting
    names = {unit: vehicle.name for unit in sharing.seats if (vehicle := registry.of(unit))}
    allotted = {units.get(each.vehicle_id): each.seats for each in workshop.allotments.all()}
    rows = [
        Row(
            names.get(unit, unit), allotted.get(unit), told, held[unit], waiting[unit],
            sharing.owed.get(unit, 0),
        )
        for unit, told in sharing.seats.items()
    ]  # fmt: skip
    rest = workshop.total - sum(each.seats for each in workshop.allotments.all())
    desk = Row("Standard", max(0, rest), sharing.desk + held[DESK], held[DESK], waiting[DESK])
    return [*sorted(rows, key=lambda row: row.name), desk]


def _attended(workshop: Workshop, ledger: Database | None) -> dict[str, int]:
    if ledger is None:
        return {}
    rows = ledger.execute(_ATTENDED, (workshop.code,))
    return {codes.label("attendance", status): int(people) for status, people in rows}


def _numbers(claims: Sequence[Claim], ledger: Database | None) -> str:
    """What those people took home."""
    found = []
    for claim in claims:
        if claim.unit == DESK:
            found += DeskSignUp.objects.filter(pk=claim.key.seq).values_list("number", flat=True)
        elif ledger is not None:
            found += [number for (number,) in ledger.execute(_NUMBER, (claim.unit, *_pair(claim)))]
    return ", ".join(map(str, found))


def _pair(claim: Claim) -> tuple[int, int]:
    return claim.key.epoch, claim.key.seq


def days_ago(days: int) -> datetime:
    """That moment."""
    return datetime.now(UTC) - timedelta(days=days)
