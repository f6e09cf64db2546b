"""What travels on each topic and how: the table that the documents are generated from."""

from typing import Final, Literal, NamedTuple

from .batch import CONTENT_TYPE, Payload
from .messages import MAX_BATCH, MAX_DOCUMENT, MAX_PACKET, Document, Link, Message, Receipt, Status


class Channel(NamedTuple):
    """One kind of topic of a unit. Everything goes with QoS 1."""

    name: str
    direction: Literal["up", "down"]
    address: str
    """After `escale/v1/<partition>/<unit>/`."""
    kind: type[Message] | type[Payload] | None
    """None: the topic has its name and rights, its messages are those of provisioning."""
    content_type: str
    retained: bool
    largest: int
    """Bytes."""
    summary: str


JSON: Final = "application/json"

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
        "request", "up", "up/request", None, JSON, False, MAX_PACKET,
        "Requests for a certificate.",
    ),
    Channel(
        "receipt", "down", "down/receipt", Receipt, JSON, False, MAX_PACKET,
        "The whole state of the unit's journals in the ledger, after each batch and each birth.",
    ),
    Channel(
        "document", "down", "down/document/{kind}", Document, JSON, True, MAX_DOCUMENT,
        "Desired state with a revision; sent again when a birth or status names an older one.",
    ),
    Channel(
        "certificate", "down", "down/certificate", None, JSON, False, MAX_PACKET,
        "Answers to requests.",
    ),
)  # fmt: skip
