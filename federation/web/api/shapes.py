"""What the programming interface gives and takes, as types: its OpenAPI text is made of them.

Moments are UTC (RFC 3339). What is not known is null. No name and no phone is in any of them.
"""

from datetime import datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

import msgspec
from msgspec import Meta

from protocol.event import whole

Item = TypeVar("Item")
Id = Annotated[int, Meta(ge=1, le=2**31 - 1)]
Unit = Annotated[str, whole("[a-z0-9-]{3,26}")]
Day = Annotated[str, whole("[0-9]{4}-[0-9]{2}-[0-9]{2}")]
Period = Annotated[str, whole("[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")]
Word = Annotated[str, whole("[a-z_.]{1,40}")]
Cursor = Annotated[str, whole("[A-Za-z0-9_-]{0,300}")]
Limit = Annotated[int, Meta(ge=1, le=500)]


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """What all have in common."""


class Paged(Shape, frozen=True, kw_only=True):
    """Asks for a page: the first, or the one after another."""

    limit: Limit = 100
    cursor: Cursor = ""
    """`next` of the page before."""


class OfUnit(Paged, frozen=True, kw_only=True):
    """Asks for those of one unit, or of all in reach."""

    unit: Unit | None = None


class OfDays(OfUnit, frozen=True, kw_only=True):
    """Asks for those of some local days, both included."""

    since: Day | None = None
    until: Day | None = None


class OfPeriod(OfUnit, frozen=True, kw_only=True):
    """Asks for sums of a day, a month or a year."""

    period: Period
    axis: Word = "total"


class OfTable(Paged, frozen=True, kw_only=True):
    """Asks for a table of the reports."""

    table: Annotated[str, whole("[a-z0-9_]{1,40}")]
    """As `e2_publics`."""
    period: Annotated[str, whole("20[0-9]{2}(-T[1-4]|-(0[1-9]|1[0-2]))?")]
    """A year, a quarter or a month."""
    territory: Annotated[str, whole("[A-Za-z0-9_-]{1,40}")] | None = None
    """Its code; none: all that the token reaches."""


class OfTypes(OfUnit, frozen=True, kw_only=True):
    """Asks for events, of one type or of all."""

    type: Word | None = None


class Nothing(Shape, frozen=True, kw_only=True):
    """Asks for all there is."""


class Page(msgspec.Struct, Generic[Item], frozen=True, kw_only=True):
    """Some of it, in a fixed order."""

    items: list[Item]
    next: str | None
    """`cursor` of the page that follows; null: this is the last one so far."""


class Territory(Shape, frozen=True, kw_only=True):
    """One of the federation's."""

    code: str
    name: str


class Vehicle(Shape, frozen=True, kw_only=True):
    """A van or a trike with its state now; it outlives its units."""

    id: int
    name: str
    kind: str
    centre: str
    territory: Territory
    zone: str
    """IANA time zone."""
    unit: str | None
    """The one that rides in it now."""
    retired: bool
    state: Literal["missing", "trouble", "online", "quiet"]
    """missing: sans nouvelles; trouble: en difficulté; online: en ligne; quiet: silence prévu."""
    since: datetime | None
    why: str
    place: str
    """Name of the planned stop that the reason is about."""
    open_alerts: int


class UnitState(Shape, frozen=True, kw_only=True):
    """A unit by its own last word and the ledger's."""

    unit: str
    vehicle: int | None
    link: Literal["online", "silent", "offline"] | None
    heard: datetime | None
    version: str
    duty: str | None
    backlog: int
    """Events that wait on board, as far as known."""
    complete_to: datetime | None
    """Everything that happened on board up to then is here."""
    gps: str | None
    disk_free: int | None
    """Bytes."""
    battery_volts: float | None
    certificate_until: datetime | None
    documents: dict[str, int]
    """Kind → revision in force on board."""
    refused: dict[str, str]
    """Kind → why the unit refused one since."""


class Stop(Shape, frozen=True, kw_only=True):
    """Where a vehicle stood. The exact position is forgotten after 60 days."""

    unit: str
    epoch: int
    seq: int
    day: str
    source: str
    arrived: datetime | None
    departed: datetime | None
    open: bool
    name: str
    planned: str | None
    commune: str
    """INSEE code, or empty."""
    territory_class: str
    zoning_year: int | None
    lat: float | None
    lon: float | None


class Workshop(Shape, frozen=True, kw_only=True):
    """A workshop that is or was on offer, and how many seats are taken."""

    id: str
    title: str
    territory: str
    theme: str
    starts: datetime
    minutes: int
    place: str
    cancelled: bool
    seats: int
    taken: int
    waiting: int
    """Seats that people wait for."""
    present: int
    """People whose attendance was noted."""


class Sum(Shape, frozen=True, kw_only=True):
    """Sums of one unit, period and axis. Not masked: see secrecy before publishing any."""

    unit: str
    period: str
    axis: str
    a: str
    b: str
    c: str
    visits: int
    people: int
    tallied: int
    served: int
    left_unserved: int
    minutes: int


class Table(Shape, frozen=True, kw_only=True):
    """Lines of a table as it is published: small numbers are `s`, and what would give them away."""

    table: str
    title: str
    period: str
    territory: str | None
    """null: the whole federation."""
    snapshot: int
    """Position of the ledger: pages of one table belong together while it is the same."""
    complete_to: datetime | None
    missing: list[str]
    """Units in reach of which something may be missing still."""
    columns: list[str]
    """What the files' Table Schema calls them."""
    items: list[list[str | int | float | None]]
    next: str | None


class Completeness(Shape, frozen=True, kw_only=True):
    """How far what a unit noted has come."""

    unit: str
    complete_to: datetime | None
    head: int
    """Events noted on board, as far as known; of all its journals."""
    stored: int
    backlog: int
    rejected: int
    """Rows kept as unread bytes."""


class Event(Shape, frozen=True, kw_only=True):
    """A fact as the ledger has it, once; what is sealed is not in it."""

    unit: str
    epoch: int
    seq: int
    type: str
    utc: datetime | None
    """Corrected by the unit's clock; null: nothing dates it yet."""
    received: datetime | None
    body: Any
    """As its type says (docs/protocol.md)."""
