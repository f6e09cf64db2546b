"""Bytes on the wire per event: our batches against JSON rows with zstd and one JSON per message.

Days are made up from seeds and profiles that the dictionary was not trained on. Counted is the
whole MQTT 5 PUBLISH packet: fixed header, topic, packet id, properties and payload, a batch with
its signature; TLS aside. Sealed fields are shown apart: the same days with and without them.
"""

import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import msgspec
import zstandard
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

import protocol
from benchmarks.days import MEASURED, Seal, Unit
from protocol import sealing, signing, topics
from protocol.batch import CONTENT_TYPE, Header, encode, properties
from protocol.event import Key
from protocol.messages import MAX_BATCH
from protocol.row import NO_DIGEST, Row

UNIT = "van-germaine"
TOPIC = topics.up(UNIT, "batch")
SEEDS = range(1, 9)
DAYS = 10
RECIPIENTS = [X25519PrivateKey.generate().public_key() for _ in range(2)]
PERSON = {"first_name": "Aïcha", "phone": "06 12 34 56 78"}
"""As long as most are."""


class Slice(NamedTuple):
    """Rows that leave together."""

    journal: str
    epoch: int
    previous: bytes
    rows: list[Row]


def as_batch(part: Slice) -> int:
    """Our batch, cut in two while it is larger than a batch may be."""
    first, last = part.rows[0].seq, part.rows[-1].seq
    header = Header(
        unit=UNIT,
        journal=part.journal,
        epoch=part.epoch,
        first=first,
        last=last,
        previous=part.previous.hex(),
        version=protocol.__version__,
    )
    # What a signature is put before is as long whatever the key.
    payload = bytes(signing.OVERHEAD) + encode(header, part.rows)
    if len(payload) > MAX_BATCH:
        half = len(part.rows) // 2
        left, right = part.rows[:half], part.rows[half:]
        rest = part._replace(previous=left[-1].digest, rows=right)
        return as_batch(part._replace(rows=left)) + as_batch(rest)
    return publish_size(payload, CONTENT_TYPE, properties(header))


def as_json_with_zstd(part: Slice) -> int:
    """A JSON list of whole events, zstd without a dictionary."""
    rows = b"[" + b",".join(as_json(part, row) for row in part.rows) + b"]"
    return publish_size(zstandard.compress(rows, 3), "application/json", [("encoding", "zstd")])


def one_by_one(part: Slice) -> int:
    """One JSON per message, and no property at all."""
    return sum(publish_size(as_json(part, row)) for row in part.rows)


def as_json(part: Slice, row: Row) -> bytes:
    """One event, complete in itself."""
    event = {
        "epoch": part.epoch,
        "seq": row.seq,
        "type": row.type,
        "boot_id": row.boot_id,
        "boottime": row.boottime,
        "utc": row.utc,
        "source": row.source,
        "error": row.error,
        "body": msgspec.Raw(row.body),
    }
    return msgspec.json.encode(event)


def publish_size(
    payload: bytes, content_type: str = "", user: Sequence[tuple[str, str]] = ()
) -> int:
    """Bytes of an MQTT 5 PUBLISH of QoS 1 on the batch topic."""
    told = Properties(PacketTypes.PUBLISH)
    if content_type:
        told.ContentType = content_type
    if user:
        told.UserProperty = list(user)
    remaining = 2 + len(TOPIC) + 2 + len(told.pack()) + len(payload)
    return 1 + (1 if remaining < 128 else 2 if remaining < 16384 else 3) + remaining


def slices(unit: Unit, most: int, *, by_day: bool) -> Iterator[Slice]:
    """What leaves: each day's rows of each journal, or the whole backlog; `most` rows at once."""
    for name, journal in unit.journals.items():
        rows = journal.rows
        days = [at for at, (one, two) in enumerate(pairwise(rows), 1) if one.boot_id != two.boot_id]
        for start, end in pairwise([0, *(days if by_day else []), len(rows)]):
            for first in range(start, end, most):
                previous = rows[first - 1].digest if first else NO_DIGEST
                yield Slice(name, journal.epoch, previous, rows[first : min(end, first + most)])


def per_event(units: Sequence[Unit], most: int, *, by_day: bool) -> list[str]:
    """Median over the units, and their spread, for each way to send."""
    texts = []
    for send in (as_batch, as_json_with_zstd, one_by_one):
        sizes = []
        for unit in units:
            parts = list(slices(unit, most, by_day=by_day))
            sizes.append(sum(map(send, parts)) / sum(len(part.rows) for part in parts))
        texts.append(f"{statistics.median(sizes):6.1f} ({min(sizes):.1f}-{max(sizes):.1f})")
    return texts


def seal(key: Key) -> bytes:
    """The envelope of a sign-up."""
    return sealing.seal(PERSON, RECIPIENTS, sealing.Binding(UNIT, key))


def lived(seal: Seal | None = None) -> list[Unit]:
    """The units after their days."""
    return [Unit(seed, MEASURED[seed % len(MEASURED)], seal).live(DAYS) for seed in SEEDS]


def sealed_apart(units: Sequence[Unit]) -> None:
    """Prints what envelopes add to the same days."""
    with_them = lived(seal)
    sealed = [row.envelope for unit in with_them for row in unit.journals["screen"].rows]
    envelopes = [envelope for envelope in sealed if envelope is not None]
    clear = sum(len(text.encode()) for text in PERSON.values())
    print(f"\n{len(envelopes) / len(units) / DAYS:.1f} sign-ups a day with {clear} bytes of name")
    print(f"and phone, sealed to two keys in an envelope of {len(envelopes[0])} bytes, cost each:")
    for name, by_day in (("a day, at most 100 at a time", True), ("in a backlog", False)):
        plain, more = (
            sum(as_batch(part) for unit in some for part in slices(unit, 100, by_day=by_day))
            for some in (units, with_them)
        )
        each = (more - plain) / len(envelopes)
        print(f"{name:32}{each:6.0f} bytes on the wire; all together {more / plain:.2f} × plain")


def main() -> None:
    """Prints the table."""
    units = lived()
    rows = [row for unit in units for journal in unit.journals.values() for row in journal.rows]
    a_day = len(rows) / len(units) / DAYS
    print(f"{len(units)} units, {DAYS} days each, {a_day:.0f} events a day,")
    print(f"bodies of {statistics.mean(len(row.body) for row in rows):.0f} bytes on average:")
    mix = Counter(row.type for row in rows).most_common()
    print("  " + ", ".join(f"{name} {count * 100 / len(rows):.1f} %" for name, count in mix))
    print("\nbytes per event, median of the units (lowest-highest), MQTT included, TLS aside")
    print(f"{'':32}{'batch':>20}{'JSON rows + zstd':>20}{'one JSON each':>22}")
    for name, most, by_day in (
        ("one event at a time", 1, True),
        ("10 at a time", 10, True),
        ("a day, at most 100 at a time", 100, True),
        ("a day, at most 500 at a time", 500, True),
        (f"{DAYS} days, 100 at a time", 100, False),
        (f"{DAYS} days, 500 at a time", 500, False),
    ):
        texts = per_event(units, most, by_day=by_day)
        print(f"{name:32}{texts[0]:>20}{texts[1]:>20}{texts[2]:>22}")
    sealed_apart(units)


if __name__ == "__main__":
    main()
