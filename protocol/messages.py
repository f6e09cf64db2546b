"""What travels beside batches: receipts, link, status, documents. Knows no topic and no store."""

from typing import Annotated, Any, Literal, TypeVar

import msgspec

from .errors import ProtocolError
from .event import Count, Digest, Number, Positive, RawKey, Short, Signed, whole
from .stops import Latitude, Longitude

MAX_BATCH = 12 * 1024
"""Bytes of payload, as of MAX_DOCUMENT: checked before publishing, for a broker that refuses
one message blocks all that follow it."""
MAX_DOCUMENT = 48 * 1024
MAX_PACKET = 64 * 1024
"""Bytes of a whole packet that every broker must take."""
MAX_RANGE = 1000
"""Rows in one batch at the most: a wider claimed range is refused."""


EpochName = Annotated[str, whole("[1-9][0-9]{0,15}")]
"""An epoch in decimal."""
Der = Annotated[bytes, msgspec.Meta(max_length=4096)]
"""A certificate or a request for one."""
Proof = Annotated[bytes, msgspec.Meta(max_length=73)]
"""A signature without what it is of (protocol.signing.prove); empty: there is none."""
DocumentKind = Annotated[str, whole("[a-z_]{1,32}")]


class Message(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What every message has in common."""


class Rejected(Message, frozen=True, kw_only=True):
    """A range that is kept as bytes at the federation and counts as stored."""

    first: Positive
    last: Positive
    reason: str


LastRejected = Annotated[tuple[Rejected, ...], msgspec.Meta(max_length=20)]


class Stored(Message, frozen=True, kw_only=True):
    """How far one epoch has come at the federation."""

    stored_to: Number
    """Every row up to this seq is in the ledger (or listed as rejected)."""
    digest: Digest
    """Of the ledger's row at `stored_to`; empty at 0 and where it is not known."""
    fork_at: Positive | None = None
    """First seq that the ledger knows with another digest."""
    proved_to: Number = 0
    """Last row of the batch read last that the ledger holds as it was sent, with all before it;
    told when `stored_to` is further: the rows beyond may be of another history."""
    proved: Digest = ""
    """Digest of that row."""
    rejected_count: Number = 0
    rejected: LastRejected = ()
    """The last ones."""


class Receipt(Message, frozen=True, kw_only=True):
    """The whole state of a unit's journals at the federation (down/receipt)."""

    epochs: dict[EpochName, Stored]
    """Epoch in decimal → how far it has come. An epoch not listed starts at 0."""


class Link(Message, frozen=True, kw_only=True):
    """Birth and last will (up/link, retained)."""

    online: bool
    boot_id: str
    utc: Signed | None = None
    """Milliseconds since 1970 at birth, when known."""
    version: str = ""
    documents: dict[str, Number] = {}
    """Kind → revision held."""
    certificate: Der = b""
    """DER: whose key signs the unit's batches. It proves itself, whoever passes it on."""


class Refusal(Message, frozen=True, kw_only=True):
    """The last document of a kind that was not applied."""

    revision: Number
    """0 when it did not say its own."""
    reason: Short = ""


class JournalStatus(Message, frozen=True, kw_only=True):
    """One epoch of a journal as its unit sees it."""

    epoch: Positive
    head: Number
    """Last seq written."""
    watermark: Number
    """Last seq receipted."""
    lost: Number = 0
    """Rows of which nothing could be read."""
    set_aside: bool = False

    @property
    def backlog(self) -> int:
        """Rows that the federation has not receipted."""
        return self.head - self.watermark


class GpsStatus(Message, frozen=True, kw_only=True):
    """What the receiver gives just now."""

    state: Literal["absent", "silent", "no_fix", "fix", "off_duty"]
    satellites: Count | None = None
    bad_sentences: Number = 0
    detail: str = ""


class Place(Message, frozen=True, kw_only=True):
    """The position at stop level: the stop it stands at or last stood at."""

    lat: Latitude | None = None
    lon: Longitude | None = None
    name: str = ""
    commune: str = ""
    arrived: Signed | None = None
    """Milliseconds since 1970."""
    departed: Signed | None = None


class Status(Message, frozen=True, kw_only=True):
    """The unit's latest word about itself (up/status, retained); not an event."""

    boot_id: str
    boottime: Number
    utc: Signed | None
    version: str
    journals: dict[str, list[JournalStatus]]
    """Journal owner → its live epoch first, then those set aside and not yet drained."""
    duty: Literal["on", "paused", "off"] = "off"
    place: Place | None = None
    gps: GpsStatus | None = None
    disk_free: Number | None = None
    """Bytes."""
    link: str = ""
    """What the uplink thinks of the network: good, bad."""
    battery_volts: float | None = None
    faults: tuple[str, ...] = ()
    """Open faults in plain words, without anything personal."""
    documents: dict[str, Number] = {}
    """Kind → revision applied."""
    refused: dict[str, Refusal] = {}
    """Kind → what was refused since."""
    certificate_until: Signed | None = None
    """Milliseconds since 1970."""
    day_key: RawKey = ""
    """X25519 in hex: today's roster is to be sealed to it; empty: nobody could open one."""
    day_proof: Proof = b""
    """That the unit said so, purpose `day`: names are sealed to no key that a broker made up."""
    quarantined: Number = 0
    """Rows that went as tombstones."""


class Document(Message, frozen=True, kw_only=True):
    """A downlink document: desired state with a revision (down/document/<kind>, retained)."""

    kind: DocumentKind
    revision: Signed
    """Only a higher one than what is held counts."""
    unit: str
    """The one it is for: a document that strayed is refused."""
    published: Signed = 0
    """Milliseconds since 1970."""
    body: dict[str, Any]
    """As the type of its kind in protocol.documents says."""


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
