"""What the facts of a registry amount to: a fold without files or clocks. Decides nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple, TypeVar

from protocol.certificates import BOOTSTRAP

from . import facts
from .facts import AnyFact

Standing = Literal["new", "bundled", "enrolled", "expired", "revoked", "waiting"]


class Vehicle(NamedTuple):
    """What people see on the road; it outlives its boxes."""

    name: str
    centre: str
    territory: str


class Certificate(NamedTuple):
    """One that was issued."""

    name: str
    serial: int
    not_after: datetime
    authority: str
    """Public key of who signed it, in hex."""
    request: str
    """`enrolment.request_digest` of the request it answered, or empty."""
    der: bytes


@dataclass
class Unit:
    """What is known of one unit; changed by the fold alone."""

    id: str
    vehicle: Vehicle
    profile: facts.Profile
    zone: str
    said: facts.Fact
    """The last fact about it."""
    bundles: dict[int, str] = field(default_factory=dict)
    """Number of each bundle → the reset master its reset secret is from."""
    code_open: bool = False
    """The code of the latest bundle was not used."""
    asked: str = ""
    """The request (its digest) that waits for an approval."""
    approved: bool = False
    """It may enrol once more without a code."""

    @property
    def bundle(self) -> int:
        """Number of the latest bundle; 0: there was none."""
        return max(self.bundles, default=0)


@dataclass
class State:
    """Everything the registry knows; changed by the fold alone."""

    federation: str = ""
    units: dict[str, Unit] = field(default_factory=dict)
    spares: dict[str, datetime] = field(default_factory=dict)
    """Spare cards, and when each was made."""
    services: dict[str, facts.Role] = field(default_factory=dict)
    """Name without `service-` → role."""
    certificates: dict[int, Certificate] = field(default_factory=dict)
    """Serial → certificate, in the order they were issued."""
    names: dict[str, list[int]] = field(default_factory=dict)
    """Common name → its serials, latest last."""
    revoked: dict[int, datetime] = field(default_factory=dict)
    """Serial → since when; of every authority."""
    keys: dict[facts.Purpose, list[str]] = field(default_factory=dict)
    """Purpose → keys in use (`facts.KeyName`), latest last."""
    statement: int = 0
    """Serial of the trust statement signed last."""
    list_number: int = 0
    """Number of the revocation list made last."""

    def latest(self, name: str) -> Certificate | None:
        """The certificate issued last in that name, good or not."""
        serials = self.names.get(name)
        return self.certificates[serials[-1]] if serials else None

    def good(self, name: str, now: datetime) -> list[Certificate]:
        """Those in that name that are neither revoked nor out of date."""
        known = (self.certificates[serial] for serial in self.names.get(name, ()))
        return [one for one in known if one.serial not in self.revoked and now < one.not_after]

    def answering(self, name: str, request: str) -> Certificate | None:
        """What was issued in that name for that very request (its digest)."""
        known = (self.certificates[serial] for serial in self.names.get(name, ()))
        return next((one for one in known if one.request == request), None)

    def revoked_of(self, authority: str) -> dict[int, datetime]:
        """What belongs into the revocation list of that authority."""
        return {
            serial: since
            for serial, since in self.revoked.items()
            if self.certificates[serial].authority == authority
        }

    def vehicles(self) -> dict[Vehicle, list[str]]:
        """Each vehicle → the units it had, latest last."""
        found: dict[Vehicle, list[str]] = {}
        for unit in self.units.values():
            found.setdefault(unit.vehicle, []).append(unit.id)
        return found

    def standing(self, unit: str, now: datetime) -> Standing:
        """Where a unit stands."""
        known = self.units[unit]
        own, bootstrap = self.latest(unit), self.latest(BOOTSTRAP + unit)
        if self.good(unit, now):
            return "enrolled"
        if known.code_open and self.good(BOOTSTRAP + unit, now):
            return "bundled"
        if known.asked and not known.approved:
            return "waiting"
        last = own or bootstrap
        if last is None:
            return "new"
        return "revoked" if last.serial in self.revoked else "expired"


def fold(facts_told: Iterable[AnyFact]) -> State:
    """The state after these facts. Raises ValueError for one that no order of work can bring."""
    state = State()
    for fact in facts_told:
        take(state, fact)
    return state


def take(state: State, fact: AnyFact) -> None:
    """One fact more. Raises ValueError: of a unit or certificate that nobody told of."""
    match fact:
        case facts.UnitAdded():
            if fact.unit in state.units:
                raise ValueError(f"unit {fact.unit} is added twice")
            vehicle = Vehicle(fact.vehicle_name, fact.centre, fact.territory)
            state.units[fact.unit] = Unit(fact.unit, vehicle, fact.profile, fact.zone, fact)
        case facts.BundleMade() | facts.CodeUsed() | facts.Asked() | facts.Approved():
            _of_unit(_known(state.units, fact.unit, "unit"), fact)
        case facts.Issued() | facts.Revoked():
            _of_certificate(state, fact)
        case facts.KeyMade():
            state.keys.setdefault(fact.purpose, []).append(fact.key)
        case facts.KeyRetired():
            kept = [key for key in state.keys.get(fact.purpose, []) if key != fact.key]
            state.keys[fact.purpose] = kept
        case facts.SpareMade():
            state.spares[fact.spare] = fact.at
        case facts.ServiceAdded():
            state.services[fact.service] = fact.role
        case facts.FederationMade():
            state.federation = fact.name
        case facts.StatementSigned():
            state.statement = fact.serial
        case facts.ListMade():
            state.list_number = fact.number


def _of_unit(
    unit: Unit, fact: facts.BundleMade | facts.CodeUsed | facts.Asked | facts.Approved
) -> None:
    unit.said = fact
    match fact:
        case facts.BundleMade():
            unit.bundles[fact.number] = fact.reset
            unit.code_open, unit.asked, unit.approved = True, "", False
        case facts.CodeUsed():
            unit.code_open = False
        case facts.Asked():
            unit.asked = fact.request
        case facts.Approved():
            unit.approved = True


def _of_certificate(state: State, fact: facts.Issued | facts.Revoked) -> None:
    serial = int(fact.serial, 16)
    if isinstance(fact, facts.Revoked):
        certificate = _known(state.certificates, serial, "certificate")
        state.revoked.setdefault(serial, fact.at)
    else:
        certificate = Certificate(
            fact.name, serial, fact.not_after, fact.authority, fact.request, fact.certificate
        )
        state.certificates[serial] = certificate
        state.names.setdefault(fact.name, []).append(serial)
    unit = state.units.get(certificate.name.removeprefix(BOOTSTRAP))
    if unit is not None:
        unit.said = fact
        if isinstance(fact, facts.Issued) and fact.name == unit.id:
            unit.asked, unit.approved = "", False


_Name = TypeVar("_Name", str, int)
_Thing = TypeVar("_Thing")


def _known(things: dict[_Name, _Thing], name: _Name, kind: str) -> _Thing:
    if name not in things:
        raise ValueError(f"nothing was said before of {kind} {name}")
    return things[name]
