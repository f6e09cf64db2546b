"""Every stored field is accounted for, none can hold a visitor's own words."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
from msgspec import inspect

from appliance import retention as on_board
from protocol import describe, handbook, header, messages, row, sealing
from protocol.event import PersonalEvent
from protocol.events import TYPES, decode_body
from protocol.retention import ROSTER_HOURS, RULES, Rule

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
KEPT: dict[str, type] = {
    **TYPES,
    **{
        kind.__name__: kind
        for kind in (
            *handbook.MESSAGES, *handbook.DOCUMENTS, header.Header, row.Row, row.Tombstone,
            sealing.Envelope, sealing.Wrap,
        )
    },
}  # fmt: skip
"""Everything that is kept or travels, by the name it has in the page."""
UP = (messages.Link, messages.Status)
"""What a unit says beside its events."""

OWN_WORDS = {
    "stop.arrived.name": "a place of the federation's own tour",
    "unit.booted.version": "of the software",
    "unit.reported.version": "of the software",
    "unit.reported.faults": "sentences of the software",
    "unit.reported.lines": "what our own services logged, without what looks like a person's",
    "clock.set.boot_id": "the kernel made it up",
    "settings.applied.reason": "a sentence of the software, about a document",
    "update.applied.version": "of the software",
    "update.applied.reason": "a sentence of the software",
    "journal.set_aside.reason": "a sentence of the software, about a file",
    "Link.boot_id": "the kernel made it up",
    "Link.version": "of the software",
    "Link.documents[key]": "kinds of documents",
    "Status.boot_id": "the kernel made it up",
    "Status.version": "of the software",
    "Status.journals[key]": "names of processes",
    "Status.place.name": "a place of the federation's own tour",
    "Status.place.commune": "an INSEE code",
    "Status.gps.detail": "a sentence of the software, about the receiver",
    "Status.link": "good or bad",
    "Status.faults": "sentences of the software",
    "Status.documents[key]": "kinds of documents",
    "Status.refused[key]": "kinds of documents",
    "Status.refused.reason": "a sentence of the software, about a document",
}
"""Every text that its type leaves open, and why no visitor can fill it."""


_TABLE = r"(?:CREATE TABLE (?:IF NOT EXISTS )?|db_table = \")(\w+)"


class Line(NamedTuple):
    """A row of one of the page's tables of fields."""

    types: list[str]
    fields: list[str]
    of: str
    what_for: str


def cells() -> Iterator[list[str]]:
    for line in PAGE.splitlines():
        if line.startswith("| ") and not line.startswith("|---"):
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


def quoted(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def lines() -> list[Line]:
    """The rows that tell of fields: of the four cells, the third is a class."""
    return [
        Line(list(TYPES) if first == "every event" else quoted(first), quoted(fields), of, what_for)
        for first, fields, of, what_for in (row for row in cells() if len(row) == 4)
        if of in set("PVSDTF")
    ]


def fields_of(kind: type) -> set[str]:
    if issubclass(kind, msgspec.Struct):
        return {field.name for field in describe.fields(kind)}
    return set(kind._fields)  # type: ignore[attr-defined]


def untold(kinds: dict[str, type], page: list[Line]) -> list[str]:
    """Fields without a row, and rows without a field."""
    told = {f"{name}.{field}" for line in page for name in line.types for field in line.fields}
    real = {f"{name}.{field}" for name, kind in kinds.items() for field in fields_of(kind)}
    return sorted(told ^ real)


def test_every_field_is_in_the_page_and_nothing_else_is() -> None:
    assert untold(KEPT, lines()) == []
    named = {name for line in lines() for name in line.types}
    assert sorted(set(KEPT) - named) == []
    assert all(line.what_for for line in lines())


def test_a_field_that_nobody_wrote_down_is_found_and_one_that_is_no_more() -> None:
    changed = {"visit.checked_in": TYPES["visit.received"]}
    found = untold(changed, [line for line in lines() if "visit.checked_in" in line.types])
    assert {"visit.checked_in.visit", "visit.checked_in.door"} <= set(found)


def test_names_are_of_the_class_that_is_sealed() -> None:
    personal = [line for line in lines() if line.of == "P"]
    assert {"sealed", "envelope", "first_name", "phone"} <= {
        field for line in personal for field in line.fields
    }
    assert [line for line in lines() if line.of != "P" and "phone" in line.fields] == []


def open_texts(kind: inspect.Type, path: str) -> Iterator[str]:
    """Where in a type a text may be anything: neither a choice nor bound to a pattern."""
    if isinstance(kind, inspect.StrType) and kind.pattern is None:
        yield path
    if isinstance(kind, inspect.AnyType | inspect.BytesType | inspect.RawType):
        yield f"{path} (anything)"
    if isinstance(kind, inspect.StructType):
        for field in kind.fields:
            yield from open_texts(field.type, f"{path}.{field.name}")
    for part in getattr(kind, "types", ()):
        yield from open_texts(part, path)
    for part in (*getattr(kind, "item_types", ()), getattr(kind, "item_type", None)):
        yield from open_texts(part, path) if part is not None else ()
    if isinstance(kind, inspect.DictType):
        yield from open_texts(kind.key_type, f"{path}[key]")
        yield from open_texts(kind.value_type, path)


def all_open_texts(kinds: dict[str, Any]) -> set[str]:
    return {
        text for name, kind in kinds.items() for text in open_texts(inspect.type_info(kind), name)
    }


def test_no_field_but_the_sealed_ones_can_hold_what_a_visitor_says() -> None:
    found = all_open_texts({**TYPES, **{kind.__name__: kind for kind in UP}})
    assert found - {"Link.certificate (anything)", "Status.day_proof (anything)"} == set(OWN_WORDS)


def test_a_field_for_free_text_would_be_found() -> None:
    class Idea(msgspec.Struct):
        text: str
        by: dict[str, tuple[str, ...]]

    assert all_open_texts({"Idea": Idea}) == {"Idea.text", "Idea.by[key]", "Idea.by"}


@pytest.mark.parametrize("words", ["I am Jeanne", "06 12 34 56 78", "né", ""])
def test_a_code_with_words_in_it_is_refused(words: str) -> None:
    body = {"number": 1, "door": words, "theme": "sante"}
    with pytest.raises(msgspec.ValidationError, match="door"):
        decode_body("visit.checked_in", msgspec.json.encode(body))


def test_an_author_is_initials_and_no_name() -> None:
    for author, good in (("JD", True), ("Éa", True), ("Jeanne", False), ("J D", False)):
        body = msgspec.json.encode({"check_ins": 3, "author": author})
        if good:
            decode_body("day.closed", body)
        else:
            with pytest.raises(msgspec.ValidationError, match="author"):
                decode_body("day.closed", body)


def test_sign_ups_alone_have_personal_fields_and_never_in_the_body() -> None:
    personal = {
        name: kind.PERSONAL for name, kind in TYPES.items() if issubclass(kind, PersonalEvent)
    }
    assert personal == {"workshop.signed_up": ("first_name", "phone")}
    bodies = {field for kind in TYPES.values() for field in fields_of(kind)}
    assert bodies.isdisjoint({"first_name", "phone"})


@pytest.mark.parametrize("rooms", [("appliance", "ui"), ("federation",)])
def test_every_table_of_a_file_is_in_the_page(rooms: tuple[str, ...]) -> None:
    made = {
        name
        for room in rooms
        for path in (ROOT / room).rglob("*.py")
        for name in re.findall(_TABLE, path.read_text("utf-8"))
    }
    part = PAGE.partition("*Vehicle*:")[2].partition("## Periods")[0].partition("*Federation*:")
    rows = part[0] if "appliance" in rooms else part[2]
    told = {
        name
        for line in rows.splitlines()
        if line.startswith("| `")
        for name in quoted(line.split(" | ")[0])
    }
    assert made == told


def test_the_periods_of_the_page_are_those_of_the_code() -> None:
    told = {
        quoted(first)[0]: Rule(where, what, counted, int(days), source)  # type: ignore[arg-type]
        for first, where, what, counted, days, source in (r for r in cells() if len(r) == 6)
        if days.isdigit()
    }
    assert told == RULES
    assert f"after {ROSTER_HOURS} hours" in PAGE


def test_the_days_on_board_of_the_page_are_those_of_the_code() -> None:
    told = {
        subject: int(days)
        for names, days in (row for row in cells() if len(row) == 2)
        if days.isdigit()
        for subject in quoted(names)
    }
    assert told == on_board.DAYS
    assert {name.partition(".")[0] for name in TYPES} == set(told)
