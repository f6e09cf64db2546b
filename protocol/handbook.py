"""The handbook, docs/protocol.md: prose from handbook.md, tables from the types. Writes nothing."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

import msgspec

from . import (
    codes,
    describe,
    documents,
    enrolment,
    equipment,
    event,
    installation,
    messages,
    sealing,
    signing,
    trust,
)
from .batch import CONTENT_TYPE
from .channels import CHANNELS
from .compression import FORMAT, MAX_PLAIN
from .events import TYPES
from .topics import PARTITIONS, ROOT, UNIT_ID

ALIASES: Final = {
    "Code": "1 to 64 ASCII characters without a space, mostly from a code list",
    "Initials": "at most 4 letters",
    "Short": "text of at most 80 characters",
    "LoggedLines": "at most 40 texts of at most 160 characters, which the software wrote",
    "Count": "whole number, 0 to 10 000",
    "Number": "whole number from 0",
    "Positive": "whole number from 1",
    "Signed": "whole number",
    "Milliseconds": "whole number from 0",
    "Digest": "8 bytes in hex, or empty",
    "Key": "`[epoch, seq]`: where an event was born",
    "Source": "`gps`, `driver` or `both`",
    "EpochName": "an epoch in decimal, as text",
    "DocumentKind": "1 to 32 letters and `_`",
    "Address": "`https://…`, at most 298 characters, or empty",
    "FileDigest": "SHA-256 of a file: 32 bytes in hex, or empty",
    "EnvelopeDigest": "16 bytes in hex, or empty",
    "LastRejected": "list of at most 20 `Rejected`",
    "RawKey": "a public key: 32 bytes in hex, or empty",
    "Keys": "list of at most 8 public keys, each 32 bytes in hex",
    "UnitId": "the id of a unit",
    "Display": "`officiel-7`, `touch-2`, `touch-2-paysage` or `dix-pouces`",
    "Rotation": "0, 90, 180 or 270",
    "Pin": "GPIO number (BCM), 0 to 27",
    "Der": "DER, at most 4096 bytes",
    "WifiName": "text of at most 32 characters",
    "WifiPassword": "text of at most 63 characters",
    "CodeName": "32 hex digits: what a typed code is asked for by",
    "Closed": "a bundle, closed with a typed code: at most 48 KiB",
    "Proof": "a signature, 73 bytes, or empty",
    "bytes": "base64",
    "Latitude": "degrees, -90 to 90",
    "Longitude": "degrees, -180 to 180",
}
"""What the short names in the tables stand for; whole numbers end at 2^53."""


_AS_JSON: Final = {"None": "null", "True": "true", "False": "false", "()": "[]", "''": '""'}


def text() -> str:
    """The whole page."""
    parts = {**_figures(), **_tables()}
    template = (Path(__file__).parent / "handbook.md").read_text(encoding="utf-8")
    return re.sub(r"<!-- (\w+) -->", lambda marker: parts[marker[1]], template)


def _figures() -> dict[str, str]:
    return {
        "max_range": f"{messages.MAX_RANGE}",
        "max_batch": f"{messages.MAX_BATCH}",
        "max_document": f"{messages.MAX_DOCUMENT}",
        "max_packet": f"{messages.MAX_PACKET}",
        "max_plain": f"{MAX_PLAIN}",
        "max_body": f"{event.MAX_BODY}",
        "format": f"{FORMAT}",
        "content_type": CONTENT_TYPE,
        "signed_overhead": f"{signing.OVERHEAD}",
        "sealing_suite": f"{sealing.SUITE}",
        "root": ROOT,
        "partitions": f"{PARTITIONS}",
        "unit_id": UNIT_ID.pattern,
        "codes_version": f"{codes.CURRENT}",
    }


def _tables() -> dict[str, str]:
    return {
        "topics": "\n".join(_topics()),
        "aliases": "\n".join(_table(("name", "means"), ALIASES.items())),
        "events": "\n".join(_types(TYPES, inherited=event.Event)),
        "messages": "\n".join(_types({kind.__name__: kind for kind in MESSAGES})),
        "documents": "\n".join(_types({f"{kind.__name__}{_of(kind)}": kind for kind in DOCUMENTS})),
        "codes": "\n".join(_lists()),
    }


MESSAGES = (
    messages.Receipt,
    messages.Stored,
    messages.Rejected,
    messages.Link,
    messages.Status,
    messages.Refusal,
    messages.JournalStatus,
    messages.GpsStatus,
    messages.Place,
    messages.Document,
    trust.Trust,
    enrolment.EnrolRequest,
    enrolment.RenewRequest,
    enrolment.Answer,
    enrolment.Bundle,
    equipment.Equipment,
    equipment.Screen,
    equipment.Panel,
    installation.InstallRequest,
    installation.Installation,
)
DOCUMENTS = (
    documents.Tours,
    documents.Tour,
    documents.PlannedStop,
    documents.Programme,
    documents.Workshop,
    documents.Settings,
    documents.Notices,
    documents.Roster,
    documents.RosterLine,
    documents.Update,
)


def _of(kind: type[documents.Body]) -> str:
    return next((f" ({name})" for name, body in documents.BODIES.items() if body is kind), "")


def _topics() -> Iterator[str]:
    rows = (
        (
            f"`{channel.address}`",
            f"`{channel.kind.__name__}`",
            "yes" if channel.retained else "no",
            str(channel.largest),
            channel.summary,
        )
        for channel in CHANNELS
    )
    return _table(("topic", "message", "retained", "bytes at most", ""), rows)


def _types(
    kinds: Mapping[str, type[msgspec.Struct]], inherited: type[msgspec.Struct] | None = None
) -> Iterator[str]:
    hidden = inherited.__struct_fields__ if inherited else ()
    for name, kind in kinds.items():
        yield f"### {name}\n\n{describe.summary(kind)}\n"
        rows = [
            (
                f"`{field.name}`",
                f"`{_spoken(field.type)}`",
                _default(field.default),
                _line(field.says),
            )
            for field in describe.fields(kind)
            if field.name not in hidden
        ]
        if rows:
            yield from _table(("field", "type", "default", ""), rows)
            yield ""


def _default(source: str) -> str:
    return f"`{_AS_JSON.get(source, source)}`" if source else ""


def _spoken(annotation: str) -> str:
    return re.sub(r"Literal\[(.*?)\]", lambda found: found[1].replace(", ", " | "), annotation)


def _lists() -> Iterator[str]:
    for name, items in codes.CODES.items():
        yield f"### {name}\n"
        head: tuple[str, ...] = ("code", "label")
        if name == "door":
            head = (*head, "counts as")
        rows = (
            (f"`{code}`", label, f"`{codes.theme_of_door(code)}`")[: len(head)]
            for code, label in items.items()
        )
        yield from _table(head, rows)
        yield ""


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    names = list(head)
    yield f"| {' | '.join(names)} |"
    yield f"|{'---|' * len(names)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def _line(text: str) -> str:
    return " ".join(text.split())
