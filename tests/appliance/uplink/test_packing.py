"""Rows into messages that may leave: small enough, dated, and no row ever in the way."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.clock import Anchor
from appliance.uplink.packing import DAMAGED, LOST, HeldBack, Packed, Told, dated, pack
from protocol import batch, signing
from protocol.batch import Header
from protocol.messages import MAX_BATCH
from protocol.row import NO_DIGEST, Row, Tombstone, chain

EPOCH = 7


def noise(size: int, seed: int = 1) -> bytes:
    """A body that does not compress to less than half."""
    return b'{"x":"%s"}' % random.Random(seed).randbytes(size // 2).hex().encode()


def rows_of(bodies: list[bytes]) -> list[Told]:
    digest, rows = NO_DIGEST, list[Told]()
    for seq, body in enumerate(bodies, 1):
        digest = chain(digest, EPOCH, seq, "duty.paused", body, "boot-1", 1000 * seq)
        rows.append(Row(seq, "duty.paused", body, "boot-1", 1000 * seq, None, "none", 0, digest))
    return rows


def header(first: int, last: int, previous: str) -> Header:
    return Header(
        unit="van-germaine",
        journal="screen",
        epoch=EPOCH,
        first=first,
        last=last,
        previous=previous,
    )


def packed_all(rows: list[Told], largest: int = MAX_BATCH) -> list[Packed]:
    """Batch after batch, until every row has left."""
    done: list[Packed] = []
    previous: bytes = NO_DIGEST
    while rows:
        done.append(pack(rows, previous, header, largest))
        rows = rows[done[-1].header.last - done[-1].header.first + 1 :]
        previous = done[-1].digest
    return done


@given(st.lists(st.integers(0, 12_000), min_size=1, max_size=30))
@settings(max_examples=30, deadline=None)
def test_whatever_the_sizes_every_row_leaves_in_its_place(sizes: list[int]) -> None:
    rows = rows_of([noise(size, seed) for seed, size in enumerate(sizes)])
    done = packed_all(rows)
    arrived = [row for each in done for row in batch.decode(each.payload).rows]
    assert all(len(each.payload) + signing.OVERHEAD <= MAX_BATCH for each in done)
    assert [row.seq for row in arrived] == list(range(1, len(sizes) + 1))
    assert [row.digest for row in arrived] == [row.digest for row in rows]
    buried = {grave.row.seq for each in done for grave in each.graves}
    assert buried == {row.seq for row in arrived if isinstance(row, Tombstone)}
    assert buried <= {seq for seq, size in enumerate(sizes, 1) if size > 8000}


@pytest.mark.parametrize("body", [b"not json", b'{ "spaced": 1 }', b"[1]", noise(9000), b"\xff"])
def test_a_row_that_no_batch_can_carry_becomes_a_tombstone_in_its_place(body: bytes) -> None:
    rows = rows_of([b"{}", body, b"{}"])
    (packed,) = packed_all(rows)
    (grave,) = packed.graves
    assert grave.row == Tombstone(2, "duty.paused", len(body), rows[1].digest)
    assert batch.decode(packed.payload).rows == [rows[0], grave.row, rows[2]]


def test_what_is_lost_or_damaged_is_listed_and_what_was_purged_is_not() -> None:
    rows = rows_of([b"{}"] * 5)
    rows[0] = Tombstone(1, "", 0, NO_DIGEST)
    rows[1] = Tombstone(2, "duty.paused", 2, rows[1].digest)
    rows[2] = Tombstone(3, "duty.paused", 0, rows[2].digest)
    (packed,) = packed_all(rows)
    assert [(grave.row.seq, grave.reason) for grave in packed.graves] == [(1, LOST), (2, DAMAGED)]
    assert batch.decode(packed.payload).rows == rows


def test_the_digest_before_a_batch_is_told_as_lost_when_it_is() -> None:
    rows = rows_of([b"{}"] * 4)
    assert pack(rows, NO_DIGEST, header).header.previous == "00" * 8
    assert pack(rows[2:], rows[1].digest, header).header.previous == rows[1].digest.hex()
    for unknown in (None, NO_DIGEST):
        packed = pack(rows[2:], unknown, header)
        assert packed.header.previous == ""
        assert batch.decode(packed.payload).rows == rows[2:]


def test_a_broker_that_takes_less_than_it_must_holds_rows_back_and_loses_none() -> None:
    rows = rows_of([b"{}", b"{}", noise(4000)])
    first = pack(rows, NO_DIGEST, header, largest=1000)
    assert (first.header.first, first.header.last) == (1, 1)
    with pytest.raises(HeldBack, match=r"row 3 .* the broker takes 1000"):
        pack(rows[2:], rows[1].digest, header, largest=1000)


def test_rows_of_a_boot_that_has_been_dated_leave_with_its_time() -> None:
    anchor = Anchor("boot-1", 2000, 1_800_000_002_000, "gps", 500)
    rows: list[Told] = [*rows_of([b"{}"]), Tombstone(2, "", 0, NO_DIGEST)]
    other = Row(3, "duty.paused", b"{}", "boot-2", 5, None, "none", 0, NO_DIGEST)
    told = dated([*rows, other], {"boot-1": anchor}.get)
    assert told == [
        rows[0]._replace(utc=1_800_000_001_000, source="gps", error=500),
        rows[1],
        other,
    ]
    assert dated(told, {"boot-1": anchor}.get) == told
