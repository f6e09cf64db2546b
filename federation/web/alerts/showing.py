"""Which alerts somebody sees, and how they are named. Writes nothing."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from ... import alert_words
from ...alerting import FEDERATION, Key
from ...projections.words import sane
from ...registry import Registry, Vehicle
from ..scope import Scope
from .models import Alert, Mute

GRAVE: Final = ("silence", "network", "certificate", "revocation", "fork", "update")


class Names:
    """Of subjects; reads the registry once."""

    def __init__(self, known: Registry) -> None:
        self._vehicles = {f"v{each.id}": each for each in known.vehicles}
        self._territories = known.territories()

    def vehicle(self, subject: str) -> Vehicle | None:
        """The vehicle that a subject is."""
        return self._vehicles.get(subject)

    def of(self, subject: str) -> str:
        """What people call it."""
        vehicle = self._vehicles.get(subject)
        if vehicle is not None:
            return f"{vehicle.name} ({vehicle.centre})"
        kind, _, rest = subject.partition(":")
        if kind == "t":
            return f"Territoire {self._territories.get(rest, rest)}"
        return f"Boîtier {rest}, hors registre" if kind == "u" else "Fédération"


def title(alert: Alert) -> str:
    """What kind of trouble it is."""
    if alert.kind == "network" and alert.subject == FEDERATION:
        return alert_words.EVERYWHERE
    return alert_words.TITLES.get(alert.kind, alert.kind)


def reaches(scope: Scope, alert: Alert) -> bool:
    """Whether an alert is in somebody's reach."""
    kind, _, rest = alert.subject.partition(":")
    if scope.everything:
        return True
    if kind == "t":
        return rest in scope.registry.territories()
    if alert.kind == "network":
        return bool(scope.vehicles)
    return kind in {f"v{each.id}" for each in scope.vehicles}


class Muted:
    """Subjects that nobody is told of just now."""

    def __init__(self, now: int) -> None:
        self._held: Mapping[Key, Mute] = {
            (mute.subject, mute.kind): mute
            for mute in Mute.objects.filter(until__gt=now).select_related("by")
        }

    def of(self, alert: Any) -> Mute | None:
        """The mute that holds for an alert."""
        return self._held.get((alert.subject, alert.kind)) or self._held.get((alert.subject, ""))


class Shown(NamedTuple):
    """One alert with its words."""

    row: Alert
    where: str
    title: str
    mute: Mute | None

    @classmethod
    def of(cls, row: Alert, names: Names, muted: Muted | None) -> "Shown":
        """`muted` None: it is over, nobody is told anyway."""
        return cls(row, names.of(row.subject), title(row), muted.of(row) if muted else None)

    @property
    def is_new(self) -> bool:
        """Nobody takes care of it yet, and everybody is told."""
        return self.row.taken_at is None and self.mute is None

    @property
    def tone(self) -> str:
        """Of its badge."""
        return "bad" if self.row.kind in GRAVE else "care"

    @property
    def since(self) -> datetime:
        """When it began."""
        return at(self.row.since)

    @property
    def closed(self) -> datetime | None:
        """When it was over."""
        return None if self.row.closed is None else at(self.row.closed)

    @property
    def muted_until(self) -> datetime | None:
        """When people are told again."""
        return None if self.mute is None else at(self.mute.until)


class Group(NamedTuple):
    """One subject with its alerts."""

    subject: str
    name: str
    vehicle: Vehicle | None
    alerts: list[tuple[Shown, list[Shown]]]
    """Each with those that are folded under it."""


def grouped(shown: Iterable[Shown], names: Names) -> list[Group]:
    """By subject: networks and the federation first, then vehicles by name."""
    under: dict[int, list[Shown]] = {}
    top = []
    for one in shown:
        if one.row.under_id is None:
            top.append(one)
        else:
            under.setdefault(one.row.under_id, []).append(one)
    found: dict[str, Group] = {}
    for one in top:
        subject = one.row.subject
        group = found.setdefault(
            subject, Group(subject, one.where, names.vehicle(subject), [])
        )  # fmt: skip
        members = sorted(under.get(one.row.pk, ()), key=lambda member: member.where)
        group.alerts.append((one, members))
    return sorted(found.values(), key=lambda group: (group.vehicle is not None, group.name))


def at(moment: int) -> datetime:
    """A moment for a template, which says it in the zone of the pages."""
    return datetime.fromtimestamp(sane(moment, 0) / 1000, UTC)
