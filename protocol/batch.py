"""A batch: dense rows of one journal, in columns, compressed. Knows no broker and no table.

Exact: every body comes back byte for byte. Digests do not travel: the chain makes them again
from the digest before the first row. Only where the row before is lost can it not be followed:
there the row's own digest is given and taken on trust.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, NamedTuple

import msgspec

from .columns import Column
from .compression import compress, decompress
from .errors import ProtocolError, Unsendable
from .event import Digest, Number, Positive, whole
from .header import CONTENT_TYPE, Header, Range, parse_properties, properties
from .messages import MAX_RANGE
from .row import NO_DIGEST, Row, Tombstone, chain
from .sealing import MAX_ENVELOPE
from .shapes import Bodies, pack_bodies, unpack_bodies
from .sides import Side, key, pack_sides, unpack_sides

__all__ = [
    "CONTENT_TYPE",
    "Batch",
    "Header",
    "Range",
    "decode",
    "encode",
    "parse_properties",
    "properties",
]


class Batch(NamedTuple):
    """A decoded batch."""

    header: Header
    rows: list[Row | Tombstone]
    """In order, seq dense from first to last."""
    trusted: tuple[int, ...] = ()
    """Seqs whose digest was given and not made again: the row before them is lost."""


class Grave(msgspec.Struct, frozen=True, array_like=True):
    """A tombstone."""

    seq: Positive
    type: Annotated[str, msgspec.Meta(max_length=64)]
    size: Number
    digest: Annotated[str, whole("((?!0{16})[0-9a-f]{16})?")]
    """Empty: lost."""


class Anchor(msgspec.Struct, frozen=True, array_like=True):
    seq: Positive
    digest: Digest


class Sealed(msgspec.Struct, frozen=True, array_like=True):
    """The envelope of a row."""

    seq: Positive
    envelope: Annotated[bytes, msgspec.Meta(min_length=1, max_length=MAX_ENVELOPE)]


class Payload(msgspec.Struct, frozen=True, array_like=True):
    """Rows without their tombstones, in columns; then what is rare."""

    header: Header
    bodies: Bodies
    sides: list[Column]
    """None when there are only tombstones."""
    graves: list[Grave] = []
    anchors: list[Anchor] = []
    sealed: list[Sealed] = []


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Payload)


def encode(header: Header, rows: Sequence[Row | Tombstone]) -> bytes:
    """The payload of one batch; whether it fits a message is the caller's to check.

    Raises Unsendable for a row that no batch can carry, TooLarge when the rows are too much for
    one, ProtocolError when they are not those that the header announces.
    """
    if not rows or [row.seq for row in rows] != list(range(header.first, header.last + 1)):
        raise ProtocolError(f"these are not rows {header.first} to {header.last}")
    if len(rows) > MAX_RANGE:
        raise ProtocolError(f"{len(rows)} rows in one batch, {MAX_RANGE} is the most")
    living = [row for row in rows if isinstance(row, Row)]
    stones = [row for row in rows if isinstance(row, Tombstone)]
    seqs = [row.seq for row in living]
    payload = Payload(
        header,
        pack_bodies(seqs, [row.type for row in living], [row.body for row in living]),
        pack_sides(living) if living else [],
        list(map(_grave, stones)),
        list(_anchors(header.previous, rows)) if stones or not header.previous else [],
        list(_envelopes(living)),
    )
    return compress(_encoder.encode(payload))


def decode(payload: bytes) -> Batch:
    """The batch again. Raises ProtocolError, whatever the bytes are; memory is bounded."""
    plain = decompress(payload)
    try:
        packed = _decoder.decode(plain)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ProtocolError(f"not a batch: {error}") from error
    header, graves = packed.header, {grave.seq: grave for grave in packed.graves}
    count, span = len(packed.bodies.order), header.last - header.first + 1
    if span > MAX_RANGE or span != count + len(graves):
        raise ProtocolError(f"a batch does not hold rows {header.first} to {header.last}")
    if any(not header.first <= seq <= header.last for seq in graves):
        raise ProtocolError("a tombstone stands outside its batch")
    anchors = {anchor.seq: bytes.fromhex(anchor.digest) for anchor in packed.anchors}
    bodies = unpack_bodies(packed.bodies)
    sides = unpack_sides(packed.sides, count) if count else iter(())
    rows = list(_chained(header, zip(bodies, sides, strict=True), graves, anchors))
    _give_envelopes(rows, packed.sealed, header.first)
    return Batch(header, rows, tuple(anchors))


def _envelopes(living: Iterable[Row]) -> Iterator[Sealed]:
    for row in living:
        if row.envelope is not None:
            if not 1 <= len(row.envelope) <= MAX_ENVELOPE:
                why = f"its envelope has {len(row.envelope)} bytes, 1 to {MAX_ENVELOPE} may be"
                raise Unsendable(row.seq, why)
            yield Sealed(row.seq, row.envelope)


def _give_envelopes(rows: list[Row | Tombstone], sealed: Sequence[Sealed], first: int) -> None:
    """Each envelope to its row; whether it is the one its body tells of is the ledger's to ask."""
    for one in sealed:
        place = one.seq - first
        row = rows[place] if 0 <= place < len(rows) else None
        if not isinstance(row, Row) or row.envelope is not None:
            raise ProtocolError(
                f"an envelope is given for row {one.seq}, which has no place for it"
            )
        rows[place] = row._replace(envelope=one.envelope)


def _grave(stone: Tombstone) -> Grave:
    digest = "" if stone.digest == NO_DIGEST else stone.digest.hex()
    return Grave(stone.seq, stone.type, stone.size, digest)


def _anchors(previous: str, rows: Iterable[Row | Tombstone]) -> Iterator[Anchor]:
    followed = previous != ""
    for row in rows:
        if isinstance(row, Tombstone):
            followed = row.digest != NO_DIGEST
        elif not followed:
            yield Anchor(row.seq, row.digest.hex())
            followed = True


def _chained(
    header: Header,
    living: Iterator[tuple[tuple[str, bytes], Side]],
    graves: dict[int, Grave],
    anchors: dict[int, bytes],
) -> Iterator[Row | Tombstone]:
    """Rows and tombstones in order, digests made again."""
    epoch, digest, used = header.epoch, bytes.fromhex(header.previous), 0
    for seq in range(header.first, header.last + 1):
        if seq in graves:
            grave = graves[seq]
            digest = bytes.fromhex(grave.digest)
            yield Tombstone(seq, grave.type, grave.size, digest or NO_DIGEST)
            continue
        (name, body), (boot_id, boottime, offset, source, error, origin) = next(living)
        if digest:
            digest = chain(digest, epoch, seq, name, body, boot_id, boottime)
        elif digest := anchors.get(seq, b""):
            used += 1
        else:
            raise ProtocolError(f"row {seq} follows a lost one and gives no digest")
        utc = None if offset is None else boottime + offset
        yield Row(seq, name, body, boot_id, boottime, utc, source, error, digest, key(origin))
    if used != len(anchors):
        raise ProtocolError("a digest is given for a row that needs none")
