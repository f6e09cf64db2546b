"""What travels on each topic and how: the table that the documents are generated from."""

from typing import Final, Literal, NamedTuple

from .batch import CONTENT_TYPE, Payload
from .enrolment import Answer, RenewRequest
from .messages import MAX_BATCH, MAX_DOCUMENT, MAX_PACKET, Document, Link, Message, Receipt, Status


class Channel(NamedTuple):
    """One kind of topic of a unit. Everything goes with QoS 1."""

    name: str
    direction: Literal["up", "down"]
    address: str
    """After `escale/v1/<partition>/<unit>/`."""
    kind: type[Message] | type[Payload]
    content_type: str
    retained: bool
    largest: int
    """Bytes."""
    summary: str


JSON: Final = "application/json"
SIGNED: Final = "application/vnd.escale.signed+json"
"""JSON behind the signature of protocol.signing."""

CHANNELS: Final = (
    Channel(
        "batch", "up", "up/batch", Payload, CONTENT_TYPE, False, MAX_BATCH,
        "Rows of one journal, dense, compressed; the user property `rows` tells which.",
    ),
    Channel(
        "link", "up", "up/link", Link, JSON, True, MAX_PACKET,
        "Birth when connected; its last will says `online: false`.",
    ),
    Channel(
        "status", "up", "up/status", Status, JSON, True, MAX_PACKET,
        "The unit's latest word about itself.",
    ),
    Channel(
        "request", "up", "up/request", RenewRequest, SIGNED, False, MAX_PACKET,
        "The unit asks for its next certificate.",
    ),
    Channel(
        "receipt", "down", "down/receipt", Receipt, SIGNED, False, MAX_PACKET,
        "The whole state of the unit's journals in the ledger, after each batch and each birth.",
    ),
    Channel(
        "document", "down", "down/document/{kind}", Document, SIGNED, True, MAX_DOCUMENT,
        "Desired state with a revision; sent again when a birth or status names an older one.",
    ),
    Channel(
        "certificate", "down", "down/certificate", Answer, JSON, False, MAX_PACKET,
        "The next certificate, or why not.",
    ),
)  # fmt: skip
