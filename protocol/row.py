"""One row of a journal as both sides know it, and its digest. Knows no table and no wire format."""

from hashlib import blake2b
from typing import NamedTuple

from .event import Key

NO_DIGEST = bytes(8)
"""What stands before the first row of an epoch."""

SOURCES = ("none", "gps", "ntp", "rtc")
"""Where a row's utc came from; "none": utc is not known yet."""


class Row(NamedTuple):
    """A row that travels: its key is (epoch of its batch, seq)."""

    seq: int
    type: str
    body: bytes
    """Canonical JSON (protocol.events.canonical)."""
    boot_id: str
    boottime: int
    """CLOCK_BOOTTIME in milliseconds."""
    utc: int | None
    """Milliseconds since 1970, when known."""
    source: str
    error: int
    """Milliseconds the utc may be wrong by; 0 when utc is None."""
    digest: bytes
    """8 bytes over this row and all before it."""
    origin: Key | None = None
    """The key it had before its journal was rotated."""
    envelope: bytes | None = None
    """Sealed personal fields (protocol.sealing); the body holds their digest."""


class Tombstone(NamedTuple):
    """A row that cannot travel: it holds its place so that no gap ever stops a watermark."""

    seq: int
    type: str
    size: int
    """Bytes of the body; 0 when the row could not be read at all."""
    digest: bytes
    """NO_DIGEST when it is lost."""


def chain(
    previous: bytes, epoch: int, seq: int, type_name: str, body: bytes, boot_id: str, boottime: int
) -> bytes:
    """Digest of a row: 8 bytes that stand for it and for every row before it in its epoch.

    Never over utc, which may be learnt later. Each text is length-prefixed, so that none can
    lend bytes to its neighbour.
    """
    name, boot = type_name.encode(), boot_id.encode()
    told = b"%b%d:%d:%d:%b%d:%b%d:%b:%d" % (
        previous, epoch, seq, len(name), name, len(body), body, len(boot), boot, boottime
    )  # fmt: skip
    return blake2b(told, digest_size=8).digest()
