"""Every event type: found, round-tripped, kept when newer than this software."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from protocol import codes, describe, documents, messages
from protocol.event import Event, PersonalEvent
from protocol.events import TYPES, canonical, decode_body, encode_body
from protocol.visits import CheckedIn
from tests.protocol.strategies import ANYTHING, UNKNOWN, of

PLANNED = """
    visit.checked_in visit.received visit.left visit.described visit.cancelled visits.tallied
    workshop.signed_up workshop.cancelled workshop.changed workshop.called workshop.attended
    stop.arrived stop.departed stop.corrected duty.started duty.ended duty.paused duty.resumed
    incident.reported help.requested day.closed staff.unlocked
    unit.booted unit.reported clock.set settings.applied update.applied
    journal.set_aside journal.rotated disk.faulted
    """


def subclasses(kind: type) -> Iterator[type]:
    for child in kind.__subclasses__():
        yield child
        yield from subclasses(child)


def test_every_type_there_is_has_its_own_wire_name_in_the_registry() -> None:
    found = {kind for kind in subclasses(Event) if kind.__module__.startswith("protocol.")}
    found.discard(PersonalEvent)
    assert found == set(TYPES.values())
    assert sorted(TYPES) == sorted(PLANNED.split())
    assert all(re.fullmatch(r"[a-z]+\.[a-z_]+", name) for name in TYPES)


@pytest.mark.parametrize("name", TYPES)
def test_an_event_of_each_type_survives_its_bytes(name: str) -> None:
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(of(TYPES[name]))
    def survives(event: Event) -> None:
        body = encode_body(event)
        assert decode_body(name, body) == event
        assert canonical(body) == body

    survives()


@settings(max_examples=50, deadline=None)
@given(UNKNOWN)
def test_the_one_spelling_is_a_fixed_point(event: tuple[str, bytes]) -> None:
    assert canonical(event[1]) == event[1]


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.text(max_size=5), ANYTHING, max_size=3))
def test_any_spelling_comes_to_the_one_spelling(fields: dict[str, Any]) -> None:
    body = msgspec.json.encode(fields)
    spaced = msgspec.json.format(body, indent=3)
    assert canonical(spaced) == canonical(body)
    assert msgspec.json.decode(canonical(spaced)) == msgspec.json.decode(body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"1",
        b'{"a":1',
        b'{"a":"\xff"}',
        b'{"a":1e999}',
        b'{"a":' * 33 + b"1" + b"}" * 33,
        b'{"a":' * 32 + b"[]" + b"}" * 32,
        b'{"a":' * 1300 + b"1" + b"}" * 1300,
        b'{"a":' * 9999 + b"1" + b"}" * 9999,
    ],
)
def test_what_is_no_object_or_too_deep_has_no_spelling(body: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        canonical(body)


def test_a_body_may_be_nested_as_deep_as_both_ends_can_read() -> None:
    body = b'{"a":[' * 16 + b"1" + b"]}" * 16
    assert canonical(body) == body


def test_fields_codes_and_types_of_a_newer_unit_are_kept() -> None:
    body = b'{"number":4,"door":"jardin","theme":"jardinage","weather":"rain"}'
    assert canonical(body) == body
    event = CheckedIn(number=4, door="jardin", theme="jardinage")
    assert decode_body("visit.checked_in", body) == event
    assert decode_body("idea.posted", b'{"text":[1,2]}') == {"text": [1, 2]}


def test_a_body_of_another_shape_is_refused_when_it_is_read_as_its_type() -> None:
    with pytest.raises(msgspec.ValidationError):
        decode_body("visit.checked_in", b'{"number":-1,"door":"sante","theme":"sante"}')


def test_every_code_list_named_in_the_types_exists_and_none_is_unused() -> None:
    kinds = [*TYPES.values(), documents.PlannedStop, documents.Workshop, messages.Status]
    named = {
        found
        for kind in kinds
        for field in describe.fields(kind)
        for found in re.findall(r"[Cc]ode list `(\w+)`", field.says)
    }
    elsewhere = {"activity_type", "level", "stop_source"}
    assert named | elsewhere == set(codes.CODES)
