"""What travels beside batches: receipts, link, status, documents. Knows no topic and no store."""

from typing import Any, Literal, TypeVar

import msgspec

from .errors import ProtocolError

MAX_BATCH = 12 * 1024
MAX_DOCUMENT = 48 * 1024
MAX_RANGE = 1000
"""Rows in one batch at the most: a wider claimed range is refused."""


class Message(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What every message has in common."""


class Rejected(Message, frozen=True, kw_only=True):
    """A range that is kept as bytes at the federation and counts as stored."""

    first: int
    last: int
    reason: str


class Stored(Message, frozen=True, kw_only=True):
    """How far one epoch has come at the federation."""

    stored_to: int
    """Every row up to this seq is in the ledger (or listed as rejected)."""
    digest: str
    """Hex of the ledger's digest at `stored_to` ("" at 0 or where it is not known)."""
    fork_at: int | None = None
    """First seq that the ledger knows with another digest."""
    rejected_count: int = 0
    rejected: tuple[Rejected, ...] = ()
    """The last 20."""


class Receipt(Message, frozen=True, kw_only=True):
    """The whole state of a unit's journals at the federation (down/receipt)."""

    epochs: dict[str, Stored]
    """Epoch in decimal → how far it has come. An epoch not listed starts at 0."""


class Link(Message, frozen=True, kw_only=True):
    """Birth and last will (up/link, retained)."""

    online: bool
    boot_id: str
    utc: int | None = None
    """Milliseconds since 1970 at birth, when known."""
    version: str = ""
    documents: dict[str, int] = {}
    """Kind → revision held."""


class JournalStatus(Message, frozen=True, kw_only=True):
    """One epoch of a journal as its unit sees it."""

    epoch: int
    head: int
    """Last seq written."""
    watermark: int
    """Last seq receipted."""
    lost: int = 0
    set_aside: bool = False

    @property
    def backlog(self) -> int:
        """Rows that the federation has not receipted."""
        return self.head - self.watermark


class GpsStatus(Message, frozen=True, kw_only=True):
    """What the receiver gives just now."""

    state: Literal["absent", "silent", "no_fix", "fix", "off_duty"]
    satellites: int | None = None
    bad_sentences: int = 0
    detail: str = ""


class Place(Message, frozen=True, kw_only=True):
    """The position at stop level: the stop it stands at or last stood at."""

    lat: float | None = None
    lon: float | None = None
    name: str = ""
    commune: str = ""
    arrived: int | None = None
    departed: int | None = None


class Status(Message, frozen=True, kw_only=True):
    """The unit's latest word about itself (up/status, retained); not an event."""

    boot_id: str
    boottime: int
    utc: int | None
    version: str
    journals: dict[str, list[JournalStatus]]
    """Journal owner → its live epoch first, then those set aside and not yet drained."""
    duty: Literal["on", "paused", "off"] = "off"
    place: Place | None = None
    gps: GpsStatus | None = None
    disk_free: int | None = None
    """Bytes."""
    link: str = ""
    """What the uplink thinks of the network: good, bad."""
    battery_volts: float | None = None
    faults: tuple[str, ...] = ()
    """Open faults in plain words, without anything personal."""
    documents: dict[str, int] = {}
    """Kind → revision applied."""
    quarantined: int = 0
    """Rows that went as tombstones."""


class Document(Message, frozen=True, kw_only=True):
    """A downlink document: desired state with a revision (down/document/<kind>, retained)."""

    kind: str
    revision: int
    unit: str
    body: dict[str, Any]


_Kind = TypeVar("_Kind", bound=Message)
_encoder = msgspec.json.Encoder()


def encode(message: Message) -> bytes:
    """A message as JSON."""
    return _encoder.encode(message)


def decode(payload: bytes, kind: type[_Kind]) -> _Kind:
    """A message from JSON; unknown fields are ignored. Raises ProtocolError."""
    try:
        return msgspec.json.decode(payload, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ProtocolError(f"not a {kind.__name__}: {error}") from error
