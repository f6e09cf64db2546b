"""The registry of event types and their bodies as bytes. Refuses to drop what it does not know."""

from collections.abc import Iterable
from typing import Any

import msgspec

from . import day, duty, incidents, stops, unit, visits, workshops
from .event import Event, PersonalEvent

_SUBJECTS = (visits, workshops, stops, duty, incidents, day, unit)

TYPES: dict[str, type[Event]] = {
    value.TYPE: value
    for subject in _SUBJECTS
    for value in vars(subject).values()
    if isinstance(value, type) and issubclass(value, Event) and value not in (Event, PersonalEvent)
}
"""Wire name → type, subject by subject."""

MAX_DEPTH = 32
"""Objects and lists within each other, the body itself counted: both ends can read that."""

_encoder = msgspec.json.Encoder()
_decoders = {name: msgspec.json.Decoder(kind) for name, kind in TYPES.items()}


def encode_body(event: Event) -> bytes:
    """The event as compact JSON; fields at their default are left out."""
    return _encoder.encode(event)


def decode_body(type_name: str, body: bytes) -> Event | dict[str, Any]:
    """The typed event, or a plain dict when the type is not known here.

    Unknown fields are ignored here and kept in the stored bytes.
    Raises msgspec.DecodeError (or its ValidationError) when the body is not of its type.
    """
    decoder = _decoders.get(type_name)
    if decoder is not None:
        return decoder.decode(body)
    return msgspec.json.decode(body, type=dict[str, Any])


def canonical(body: bytes) -> bytes:
    """The same JSON object in the one spelling that survives a trip through a batch.

    Raises msgspec.DecodeError when it is not a JSON object, or nested deeper than MAX_DEPTH.
    """
    try:
        fields = msgspec.json.decode(body, type=dict[str, Any])
    except (UnicodeDecodeError, RecursionError) as error:
        raise msgspec.DecodeError(str(error)) from error
    if too_deep(fields):
        raise msgspec.DecodeError(f"nested deeper than {MAX_DEPTH}")
    return _encoder.encode(fields)


def too_deep(value: object, most: int = MAX_DEPTH) -> bool:
    """Whether decoded JSON is nested deeper than `most`.

    Looks no further than that: how deep Python itself can go differs from version to version.
    """
    inner: Iterable[object]
    if isinstance(value, dict):
        inner = value.values()
    elif isinstance(value, list):
        inner = value
    else:
        return False
    return most == 0 or any(too_deep(item, most - 1) for item in inner)
