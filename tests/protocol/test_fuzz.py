"""Bytes from anywhere: each decoder takes what is valid and raises ProtocolError for the rest."""

import random
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from benchmarks.days import TRAINING, Unit
from protocol import batch, messages, topics
from protocol.batch import Batch, Header, Payload, Range
from protocol.compression import compress, decompress
from protocol.errors import ProtocolError
from protocol.event import MAX_BODY, Key
from protocol.events import canonical
from protocol.messages import (
    Document,
    GpsStatus,
    JournalStatus,
    Link,
    Message,
    Place,
    Receipt,
    Rejected,
    Status,
    Stored,
)
from protocol.row import NO_DIGEST, Row, Tombstone, chain
from protocol.sealing import MAX_ENVELOPE
from tests.protocol.fuzzing import first_fault, spoilt

SHORT, LONG = 10_000, 1_000_000

MESSAGES: tuple[Message, ...] = (
    Receipt(
        epochs={
            "77": Stored(
                stored_to=12,
                digest="0011223344556677",
                fork_at=9,
                rejected_count=1,
                rejected=(Rejected(first=3, last=4, reason="damaged"),),
            ),
            "5": Stored(stored_to=0, digest=""),
        }
    ),
    Link(online=True, boot_id="b", utc=1_780_000_000_000, version="1", documents={"tour": 3}),
    Status(
        boot_id="b",
        boottime=12,
        utc=None,
        version="1",
        journals={"screen": [JournalStatus(epoch=5, head=3, watermark=2)]},
        place=Place(lat=48.1, lon=-1.6, name="Place du marché"),
        gps=GpsStatus(state="fix", satellites=7),
        faults=("disk",),
    ),
    Document(kind="tour", revision=4, unit="van-x", body={"tours": [], "depot": None}),
)


def test_no_batch_gets_through_that_is_not_valid() -> None:
    assert batch_faults(SHORT, seed=1) == ["", ""]


def test_no_receipt_link_status_or_document_gets_through_that_is_not_valid() -> None:
    assert message_faults(SHORT, seed=1) == [""] * len(MESSAGES)


def test_no_topic_or_range_gets_through_that_is_not_valid() -> None:
    assert name_faults(SHORT, seed=1) == ["", ""]


@pytest.mark.campaign
@pytest.mark.parametrize("part", [0, 1, 2])
def test_a_million_inputs_get_nothing_through_either(part: int) -> None:
    faults = (batch_faults, message_faults, name_faults)[part](LONG, random.randrange(2**32))
    assert [fault for fault in faults if fault] == []


def test_the_fuzzer_reaches_every_check_of_the_batch() -> None:
    """Inputs that all fail at the first byte would prove nothing."""
    reasons, taken = set(), 0
    for text in spoilt([decompress(payload) for payload in payloads()], SHORT // 2, seed=2):
        try:
            batch.decode(compress(text))
            taken += 1
        except ProtocolError as error:
            reasons.add(str(error)[:30])
    assert taken > SHORT // 50
    assert len(reasons) > 20


def test_control_a_decoder_that_believes_what_it_reads_is_found_out() -> None:
    def believing(text: bytes) -> Any:
        packed = msgspec.json.decode(text, type=Payload)
        return packed, packed.bodies.shapes[len(packed.bodies.shapes) - 1]

    fault = first_fault(
        believing, lambda value: msgspec.json.encode(value[0]), spoilt(plain_payloads(), SHORT, 1)
    )
    assert "Error for" in fault


def test_control_a_batch_that_is_not_checked_against_its_chain_is_found_out() -> None:
    def unchained(text: bytes) -> Batch:
        header, rows, trusted = batch.decode(compress(text))
        return Batch(header, [rows[0]._replace(digest=b"whatever"), *rows[1:]], trusted)

    fault = first_fault(
        unchained, lambda value: decompress(again(value)), iter(plain_payloads()), is_whole
    )
    assert "which is not valid" in fault


def test_control_a_topic_of_another_partition_is_found_out() -> None:
    def lax(topic: str) -> topics.Address:
        parts = topic.split("/")
        if len(parts) != 6 or parts[4] != "up":
            raise ProtocolError(topic)
        return topics.Address(parts[3], parts[5])

    fault = first_fault(lax, lambda value: topics.down(*value), topic_inputs(SHORT, seed=1))
    assert fault


def batch_faults(count: int, seed: int) -> list[str]:
    """Of payloads spoilt from outside, and of what they hold spoilt before compression."""
    return [
        first_fault(batch.decode, again, spoilt(payloads(), count, seed), is_whole),
        first_fault(
            lambda text: batch.decode(compress(text)),
            lambda value: decompress(again(value)),
            spoilt(plain_payloads(), count, seed),
            is_whole,
        ),
    ]


def message_faults(count: int, seed: int) -> list[str]:
    """Of each kind of message."""
    return [message_fault(message, count, seed) for message in MESSAGES]


def message_fault(message: Message, count: int, seed: int) -> str:
    kind, inputs = type(message), spoilt([messages.encode(message)], count, seed)
    return first_fault(lambda raw: messages.decode(raw, kind), messages.encode, inputs)


def name_faults(count: int, seed: int) -> list[str]:
    """Of topics and of the range beside a batch."""
    ranges = spoilt([b"screen 266800464311352 101-200", b"cli 7 1-1"], count, seed)
    return [
        first_fault(parsed_topic, topic_again, topic_inputs(count, seed)),
        first_fault(
            lambda text: batch.parse_properties([("rows", text)]),
            range_again,
            (raw.decode("utf-8", "surrogateescape") for raw in ranges),
        ),
    ]


def range_again(value: Range) -> str:
    header = Header(unit="van-x", previous="", **value._asdict())
    ((_, told),) = batch.properties(header)
    return told


def again(value: Batch) -> bytes:
    """The batch as payload."""
    return batch.encode(value.header, value.rows)


def is_whole(value: Batch) -> bool:
    """All that the decoder promises, worked out in another way."""
    header, rows, trusted = value
    digest = bytes.fromhex(header.previous)
    for row in rows:
        if isinstance(row, Tombstone):
            digest = b"" if row.digest == NO_DIGEST else row.digest
            continue
        if canonical(row.body) != row.body or len(row.body) > MAX_BODY:
            return False
        if (digest == b"") != (row.seq in trusted):
            return False
        if digest and row.digest != chain(
            digest, header.epoch, row.seq, row.type, row.body, row.boot_id, row.boottime
        ):
            return False
        digest = row.digest
        if row.envelope is not None and not 1 <= len(row.envelope) <= MAX_ENVELOPE:
            return False
    return [row.seq for row in rows] == list(range(header.first, header.last + 1))


def payloads() -> list[bytes]:
    """Valid batches of every kind: few rows, many, tombstones, lost rows, former keys, sealed."""
    journal = Unit(11, TRAINING[0]).live(2).journals["screen"]
    found = []
    for first, count in ((1, 1), (2, 3), (5, 30), (40, 12)):
        rows: list[Row | Tombstone] = list(journal.rows[first - 1 : first - 1 + count])
        before = journal.rows[first - 2].digest if first > 1 else NO_DIGEST
        found.append(payload_of(journal.epoch, before.hex(), rows))
        if count > 3:
            *rest, last = journal.rows[first - 1 : first - 1 + count]
            moved = last._replace(origin=Key(99, last.seq), utc=None, source="none")
            rest[0] = rest[0]._replace(envelope=b"sealed once" * 9)
            dead = Tombstone(first + 1, rest[1].type, 9000, rest[1].digest)
            lost = Tombstone(first + 2, "", 0, NO_DIGEST)
            mixed = [rest[0], dead, lost, *rest[3:], moved._replace(envelope=b"and again")]
            found.append(payload_of(journal.epoch, "", mixed))
    return found


def plain_payloads() -> list[bytes]:
    """What they hold."""
    return [decompress(payload) for payload in payloads()]


def payload_of(epoch: int, previous: str, rows: list[Row | Tombstone]) -> bytes:
    first, last = rows[0].seq, rows[-1].seq
    header = Header(
        unit="van-x", journal="screen", epoch=epoch, first=first, last=last, previous=previous
    )
    return batch.encode(header, rows)


def topic_inputs(count: int, seed: int) -> Iterator[str]:
    seeds = [topics.up(unit, what) for unit in ("van-x", "abc") for what in ("batch", "link")]
    seeds += [topics.down("van-x", what) for what in ("receipt", "document/tour")]
    for raw in spoilt([topic.encode() for topic in seeds], count, seed):
        yield raw.decode("utf-8", "surrogateescape")


def parsed_topic(topic: str) -> tuple[str, topics.Address]:
    try:
        return "up", topics.parse_up(topic)
    except ProtocolError:
        return "down", topics.parse_down(topic)


def topic_again(value: tuple[str, topics.Address]) -> str:
    return (topics.up if value[0] == "up" else topics.down)(*value[1])
