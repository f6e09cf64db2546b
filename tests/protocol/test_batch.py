"""A batch gives back exactly what was put in, and takes nothing else."""

import random
from typing import Any

import msgspec
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.days import MEASURED, Unit
from protocol import batch, compression, signing
from protocol.batch import Batch, Header, Range, decode, encode
from protocol.errors import ProtocolError, TooLarge, Unsendable
from protocol.event import MAX_BODY, MAX_NUMBER, Key
from protocol.messages import MAX_BATCH, MAX_RANGE
from protocol.row import NO_DIGEST, Row, Tombstone, chain
from protocol.sealing import MAX_ENVELOPE
from protocol.shapes import MAX_NAME
from tests.protocol.strategies import JOURNALS, KNOWN, UNKNOWN

BOOT = "7b0c8d58-6f3c-4d7e-9d0b-2f6f3a7c1e55"


def header_of(
    rows: list[Row | Tombstone], epoch: int = 7, previous: bytes | None = NO_DIGEST
) -> Header:
    return Header(
        unit="van-germaine",
        journal="screen",
        epoch=epoch,
        first=rows[0].seq,
        last=rows[-1].seq,
        previous=previous.hex() if previous else "",
        version="0.1.0",
    )


def chained(bodies: list[tuple[str, bytes]], epoch: int = 7) -> list[Row | Tombstone]:
    rows: list[Row | Tombstone] = []
    digest = NO_DIGEST
    for seq, (name, body) in enumerate(bodies, 1):
        digest = chain(digest, epoch, seq, name, body, BOOT, seq * 1000)
        rows.append(Row(seq, name, body, BOOT, seq * 1000, None, "none", 0, digest))
    return rows


def sent(rows: list[Row | Tombstone]) -> bytes:
    return encode(header_of(rows), rows)


@settings(max_examples=150, deadline=None)
@given(JOURNALS)
def test_any_rows_come_back_identical_with_their_digests(
    journal: tuple[int, bytes | None, list[Row | Tombstone]],
) -> None:
    epoch, before, rows = journal
    header = header_of(rows, epoch, before)
    assert decode(encode(header, rows))[:2] == (header, rows)


@settings(max_examples=200, deadline=None)
@given(st.lists(KNOWN | UNKNOWN, min_size=1, max_size=30))
def test_bodies_of_many_types_share_columns_and_come_back_byte_for_byte(
    bodies: list[tuple[str, bytes]],
) -> None:
    rows = decode(sent(chained(bodies))).rows
    assert [(row.type, row.body) for row in rows if isinstance(row, Row)] == bodies


def test_values_that_python_calls_equal_stay_apart() -> None:
    spellings = [b"1", b"1.0", b"true", b"0", b"-0.0", b"0.0", b"false", b"null", b'"1"', b"[1,1]"]
    bodies = [("a.b", b'{"x":' + value + b"}") for value in spellings * 3]
    bodies += [("a.c", b'{"x":[' + value + b",2]}") for value in (b"1", b"true", b"1.0") * 3]
    bodies += [("a.d", b'{"x":' + value + b"}") for value in (b"1", b"true") * 3]
    bodies += [("a.e", b'{"x":[' + value + b",2]}") for value in (b"1", b"true") * 3]
    rows = decode(sent(chained(bodies))).rows
    assert [row.body for row in rows if isinstance(row, Row)] == [body for _, body in bodies]


def test_numbers_of_any_size_come_back() -> None:
    huge = 10**4000
    bodies = [("a.b", b'{"x":%d}' % value) for value in (0, 2**53, 2**53 + 1, -(2**64), huge)]
    bodies += [("a.c", b'{"x":[%d,%d]}' % (value, -value)) for value in (1, 2**70, 3)]
    rows = decode(sent(chained(bodies))).rows
    assert [row.body for row in rows if isinstance(row, Row)] == [body for _, body in bodies]


def test_a_realistic_backlog_comes_back_and_is_small() -> None:
    journal = Unit(3, MEASURED[1]).live(6).journals["screen"]
    previous = journal.rows[99].digest
    rows: list[Row | Tombstone] = list(journal.rows[100:600])
    header = header_of(rows, journal.epoch, previous)
    payload = encode(header, rows)
    assert decode(payload) == Batch(header, rows, ())
    assert len(payload) < min(15 * len(rows), MAX_BATCH)


def test_envelopes_travel_with_their_rows_past_tombstones() -> None:
    rows = chained([("a.b", b'{"n":%d}' % number) for number in range(6)])
    sealed = [
        row._replace(envelope=bytes([row.seq]) * 300) if row.seq in (1, 5, 6) else row
        for row in rows
        if isinstance(row, Row)
    ]
    mixed = [sealed[0], Tombstone(2, "a.b", 9, rows[1].digest), *sealed[2:]]
    assert decode(sent(mixed)).rows == mixed


def test_the_largest_row_with_the_largest_envelope_fits_one_signed_message() -> None:
    noise = random.Random(1)
    body = b'{"x":"' + bytes(noise.choices(range(0x23, 0x5B), k=MAX_BODY - 8)) + b'"}'
    (row,) = chained([("a" * MAX_NAME, body)])
    assert isinstance(row, Row)
    row = row._replace(envelope=noise.randbytes(MAX_ENVELOPE), origin=Key(MAX_NUMBER, MAX_NUMBER))
    assert signing.OVERHEAD + len(sent([row])) < MAX_BATCH


def test_lost_ranges_anywhere_leave_the_rest_whole_and_say_what_was_trusted() -> None:
    rows = chained([("a.b", b'{"n":%d}' % number) for number in range(10)])
    lost = Tombstone(4, "", 0, NO_DIGEST)
    dead = Tombstone(8, "a.b", 9000, rows[7].digest)
    mixed = [*rows[:3], lost, lost._replace(seq=5), *rows[5:7], dead, *rows[8:]]
    header = header_of(mixed)
    assert decode(encode(header, mixed)) == Batch(header, mixed, (6,))
    unknown = header_of(mixed, previous=None)
    assert decode(encode(unknown, mixed)) == Batch(unknown, mixed, (1, 6))
    only = [lost, lost._replace(seq=5)]
    assert decode(encode(header_of(only), only)).rows == only


def test_changing_a_row_without_its_digest_changes_every_digest_after_it() -> None:
    rows = chained([("a.b", b'{"n":%d}' % number) for number in range(6)])
    forged = [*rows[:2], rows[2]._replace(body=b'{"n":99}'), *rows[3:]]
    got = [row.digest for row in decode(sent(forged)).rows]
    assert got[:2] == [row.digest for row in rows[:2]]
    assert all(ours != theirs.digest for ours, theirs in zip(got[2:], rows[2:], strict=True))


def test_fields_of_a_newer_unit_in_the_header_and_behind_the_payload_are_ignored() -> None:
    rows = chained([("a.b", b"{}")])
    plain = msgspec.json.decode(compression.decompress(sent(rows)))
    plain[0]["signature_kind"] = "later"
    plain.append({"later": True})
    assert decode(compression.compress(msgspec.json.encode(plain))).rows == rows


def test_a_newer_format_and_an_unknown_dictionary_are_told_by_name() -> None:
    payload = sent(chained([("a.b", b"{}")]))
    with pytest.raises(ProtocolError, match="format 2 is newer"):
        decode(b"\x02" + payload[1:])
    # The id of the dictionary stands behind the magic number and the frame descriptor.
    assert payload[6] == compression.DICTIONARY
    with pytest.raises(ProtocolError, match="dictionary 250 is not known"):
        decode(payload[:6] + b"\xfa" + payload[7:])


@pytest.mark.parametrize("version", range(compression.DICTIONARY + 1))
def test_every_dictionary_ever_shipped_can_still_be_read(
    version: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = chained([("visit.left", b'{"visit":[5,%d]}' % number) for number in range(1, 9)])
    monkeypatch.setattr(compression, "DICTIONARY", version)
    compression._compressor.cache_clear()
    try:
        payload = sent(rows)
    finally:
        compression._compressor.cache_clear()
    assert decode(payload).rows == rows


HEADER, BODIES, SIDES, GRAVES, ANCHORS, SEALED = "0", "1", "2", "3", "4", "5"
TYPE, SHAPE, ORDER = BODIES + ".0.0", BODIES + ".1.0", BODIES + ".2"
COLUMN = TYPE + ".2.0"
BOOT_ID, BOOTTIME, ERROR, ORIGIN = (f"{SIDES}.{place}" for place in (0, 1, 4, 5))
CONTRADICTIONS: dict[str, tuple[dict[str, Any], str]] = {
    "a row too few": ({HEADER + ".last": 4}, "does not hold rows 1 to 4"),
    "last before first": ({HEADER + ".first": 9}, "does not hold"),
    "row 0": ({HEADER + ".first": 0}, "not a batch"),
    "a unit with a newline": ({HEADER + ".unit": "van\n"}, "not a batch"),
    "half a digest": ({HEADER + ".previous": "00"}, "not a batch"),
    "no digest": ({HEADER + ".previous": ""}, "gives no digest"),
    "an anchor too many": ({ANCHORS: [[2, "0011223344556677"]]}, "needs none"),
    "a tombstone of zeros": ({GRAVES: [[2, "a.b", 1, "0" * 16]]}, "not a batch"),
    "a tombstone elsewhere": ({GRAVES: [[9, "a.b", 1, ""]], HEADER + ".last": 4}, "outside"),
    "an unknown letter": ({ORDER: "00Z"}, "shape that is not given"),
    "no letters": ({ORDER: ""}, "does not hold"),
    "a shape of no type": ({SHAPE: [7, ""]}, "of no type"),
    "a field twice": ({SHAPE: [0, "00"]}, "twice"),
    "a field that is not there": ({SHAPE: [0, "1"]}, "not given"),
    "a field without column": ({TYPE + ".1": ["n", "m"]}, "one column for each"),
    "a type without name": ({TYPE + ".0": ""}, "not a batch"),
    "a value too few": ({COLUMN: ["s", [1, 1]]}, "2 values instead of 3"),
    "a letter too few": ({COLUMN: ["t", [1, 2], "12"]}, "2 values instead of 3"),
    "a letter of no value": ({COLUMN: ["t", [1], "001"]}, "no entry"),
    "an empty table": ({COLUMN: ["t", [], ""]}, "0 values instead of 3"),
    "steps beyond all numbers": ({COLUMN: ["s", [2**53, 1, 1]]}, "out of range"),
    "a column of no kind": ({COLUMN: ["z", [1]]}, "not a batch"),
    "no sides": ({SIDES: []}, "beside their bodies"),
    "a boot that is a number": ({BOOT_ID: ["t", [1]]}, "not a batch"),
    "time before the boot": ({BOOTTIME: ["s", [-1, 1, 1]]}, "not a batch"),
    "half a millisecond": ({BOOTTIME: ["s", [1.5, 1, 1]]}, "not a batch"),
    "a negative error": ({ERROR: ["t", [-1]]}, "not a batch"),
    "an envelope of no row": ({SEALED: [[4, "AAAA"]]}, "no place for it"),
    "an envelope of the row before the first": (
        {HEADER + ".first": 2, HEADER + ".last": 4, SEALED: [[1, "AAAA"]]},
        "no place for it",
    ),
    "an envelope of row 0": ({SEALED: [[0, "AAAA"]]}, "not a batch"),
    "two envelopes of one row": ({SEALED: [[2, "AAAA"], [2, "AAAB"]]}, "no place for it"),
    "an envelope of a tombstone": (
        {SEALED: [[4, "AAAA"]], GRAVES: [[4, "a.b", 1, "01" * 8]], HEADER + ".last": 4},
        "no place for it",
    ),
    "an envelope over the limit": ({SEALED: [[2, "AAAA" * 683]]}, "not a batch"),
    "an empty envelope": ({SEALED: [[2, ""]]}, "not a batch"),
    "an envelope that is no base64": ({SEALED: [[2, "A"]]}, "not a batch"),
    "an origin in epoch 0": ({ORIGIN: ["t", [[0, 1]]]}, "not a batch"),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_a_payload_that_contradicts_itself_is_refused(name: str) -> None:
    changes, why = CONTRADICTIONS[name]
    rows = chained([("a.b", b'{"n":%d}' % number) for number in range(3)])
    plain = msgspec.json.decode(compression.decompress(sent(rows)))
    for path, value in changes.items():
        *way, last = (int(step) if step.isdigit() else step for step in path.split("."))
        target = plain
        for step in way:
            target = target[step]
        target[last] = value
    with pytest.raises(ProtocolError, match=why):
        decode(compression.compress(msgspec.json.encode(plain)))


def test_what_would_grow_without_bound_is_refused_before_it_grows() -> None:
    with pytest.raises(TooLarge):
        compression.compress(bytes(compression.MAX_PLAIN + 1))
    bomb = zstandard.ZstdCompressor().compress(bytes(50_000_000))
    with pytest.raises(ProtocolError, match="more than"):
        decode(b"\x01" + bomb)
    rows = chained([("a.b", b'{"x":"%d"}' % number) for number in range(MAX_RANGE)])
    plain = msgspec.json.decode(compression.decompress(sent(rows)))
    plain[1][0][0][2] = [["t", ["y" * 900_000]]]
    with pytest.raises(ProtocolError, match="longer than"):
        decode(compression.compress(msgspec.json.encode(plain)))


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"body": b'{"a": 1}'}, "spelt"),
        ({"body": b'{"a":1,"a":1}'}, "spelt"),
        ({"body": b'{"a":"\xff"}'}, "no JSON object"),
        ({"body": b"[1]"}, "no JSON object"),
        ({"body": b""}, "no JSON object"),
        ({"body": b'{"a":' * 33 + b"1" + b"}" * 33}, "nested deeper than 32"),
        ({"body": b'{"a":' * 1300 + b"1" + b"}" * 1300}, "no JSON object|nested deeper"),
        ({"body": b'{"a":' * 3000 + b"1" + b"}" * 3000}, "no JSON object|longer"),
        ({"body": b'{"a":"' + b"x" * MAX_BODY + b'"}'}, "longer"),
        ({"type": ""}, "name"),
        ({"type": "x" * 65}, "name"),
        ({"boot_id": "x" * 81}, "boot_id"),
        ({"boottime": -1}, "boottime"),
        ({"error": -1}, "error"),
        ({"utc": 2**60}, "offset"),
        ({"source": "x" * 81}, "source"),
        ({"origin": Key(0, 1)}, "origin"),
        ({"envelope": b""}, "its envelope has 0 bytes"),
        ({"envelope": bytes(MAX_ENVELOPE + 1)}, "its envelope has 2049 bytes"),
    ],
)
def test_a_row_that_no_batch_can_carry_is_named(row: dict[str, object], why: str) -> None:
    rows = chained([("a.b", b"{}")] * 5)
    spoilt = [*rows[:3], rows[3]._replace(**row), rows[4]]
    with pytest.raises(Unsendable, match=why) as caught:
        sent(spoilt)
    assert caught.value.seq == 4
    grave = Tombstone(4, "a.b", 9, rows[3].digest)
    assert decode(sent([*rows[:3], grave, rows[4]])).rows == [*rows[:3], grave, rows[4]]


def test_more_fields_of_one_type_than_can_be_numbered_are_too_large() -> None:
    bodies = [
        b"{" + b",".join(b'"%d":0' % (n * 100 + k) for k in range(100)) + b"}" for n in range(130)
    ]
    assert len(decode(sent(chained([("a.b", body) for body in bodies[:110]]))).rows) == 110
    with pytest.raises(TooLarge, match="13000 fields"):
        sent(chained([("a.b", body) for body in bodies]))


def test_rows_that_are_not_those_of_the_header_are_refused_at_once() -> None:
    rows = chained([("a.b", b"{}")] * 4)
    header = header_of(rows)
    for wrong in ([], rows[1:], rows[:-1], [rows[0], rows[2], rows[1], rows[3]]):
        with pytest.raises(ProtocolError, match="not rows 1 to 4"):
            encode(header, wrong)
    many = chained([("a.b", b"{}")] * (MAX_RANGE + 1))
    with pytest.raises(ProtocolError, match="1000 is the most"):
        sent(many)
    assert len(decode(sent(many[:-1])).rows) == MAX_RANGE


@given(st.integers(1, MAX_NUMBER), st.integers(1, MAX_NUMBER - 999), st.integers(0, 999))
def test_the_range_beside_a_batch_reads_back(epoch: int, first: int, more: int) -> None:
    rows = [Tombstone(first, "", 0, NO_DIGEST), Tombstone(first + more, "", 0, NO_DIGEST)]
    told = batch.properties(header_of(rows, epoch))
    expected = Range("screen", epoch, first, first + more)
    assert batch.parse_properties([("later", "x"), *told]) == expected


@pytest.mark.parametrize(
    "pairs",
    [
        [],
        [("rows", "")],
        [("rows", "screen 7 1-2"), ("rows", "screen 7 1-2")],
        [("rows", "screen 7 2-1")],
        [("rows", "screen 7 1-1001")],
        [("rows", "screen 0 1-2")],
        [("rows", "screen 7 0-2")],
        [("rows", "screen 07 1-2")],
        [("rows", "screen 7 1-2 ")],
        [("rows", "screen 7 1-2\n")],
        [("rows", "screen ٧ 1-2")],
        [("rows", "Screen 7 1-2")],
        [("rows", f"screen {2**53 + 1} 1-2")],
        [("rows", f"screen 7 {2**53}-{2**53 + 1}")],
    ],
)
def test_a_range_that_is_none_is_refused(pairs: list[tuple[str, str]]) -> None:
    with pytest.raises(ProtocolError):
        batch.parse_properties(pairs)
