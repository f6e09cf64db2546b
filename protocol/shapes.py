"""Bodies of many events as columns, and back. Knows no time, no digest, no compression.

A *type* holds one column per field, with the values of all its events that have that field, in
order. A *shape* is a type with the fields that an event really has, in their order: so a field
that is absent costs nothing. Each event is then one letter, its shape.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Any, Final

import msgspec

from .columns import LETTERS, Column, pack, unpack
from .errors import ProtocolError, Unsendable
from .event import MAX_BODY

MAX_NAME: Final = 64
TypeName = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_NAME)]
Place = Annotated[int, msgspec.Meta(ge=0)]


class Type(msgspec.Struct, frozen=True, array_like=True):
    """All events of one type: its fields and their columns, side by side."""

    name: TypeName
    fields: list[str]
    columns: list[Column]


class Shape(msgspec.Struct, frozen=True, array_like=True):
    """A type and those of its fields, by their places, that an event has."""

    type: Place
    fields: list[Place]


class Bodies(msgspec.Struct, frozen=True, array_like=True):
    """Typed bodies in columns."""

    types: list[Type]
    shapes: list[Shape]
    order: str
    """One letter per event: its shape."""


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[str, Any]).decode

_Fields = dict[str, Any]
"""The decoded body of one event."""
_Table = dict[str, list[Any]]
"""The columns of one type, by field."""


def pack_bodies(seqs: Sequence[int], names: Sequence[str], bodies: Sequence[bytes]) -> Bodies:
    """Seq, type name and canonical body of at most 1000 events. Raises Unsendable.

    It works on whole lists at a time: row by row costs twice as much.
    """
    events = _decoded(seqs, bodies)
    shapes = [(name, *fields) for name, fields in zip(names, events, strict=True)]
    letter = dict(zip(dict.fromkeys(shapes), LETTERS, strict=False))
    by_type: dict[str, list[_Fields]] = {}
    for name, fields in zip(names, events, strict=True):
        by_type.setdefault(name, []).append(fields)
    for name in by_type:
        if not 1 <= len(name) <= MAX_NAME:
            seq = seqs[names.index(name)]
            raise Unsendable(seq, f"its type has no name of 1 to {MAX_NAME} characters")
    tables = {name: _transposed(alike) for name, alike in by_type.items()}
    return Bodies(
        [
            Type(name, list(table), list(map(pack, table.values())))
            for name, table in tables.items()
        ],
        _shapes(letter, tables),
        "".join(map(letter.__getitem__, shapes)),
    )


def unpack_bodies(bodies: Bodies) -> Iterator[tuple[str, bytes]]:
    """(type name, body) of each event, in order. Raises ProtocolError, also while iterating."""
    rows = Counter(bodies.order)
    shapes = dict(zip(LETTERS, bodies.shapes, strict=False))
    if not rows.keys() <= shapes.keys():
        raise ProtocolError("an event is of a shape that is not given")
    for shape in bodies.shapes:
        _check_shape(bodies.types, shape)
    counts = [[0] * len(kind.columns) for kind in bodies.types]
    for letter, shape in shapes.items():
        for place in shape.fields:
            counts[shape.type][place] += rows[letter]
    columns = [
        list(map(unpack, kind.columns, of_type))
        for kind, of_type in zip(bodies.types, counts, strict=True)
    ]
    layouts = {
        letter: (
            bodies.types[shape.type].name,
            [bodies.types[shape.type].fields[place] for place in shape.fields],
            [columns[shape.type][place] for place in shape.fields],
        )
        for letter, shape in shapes.items()
    }
    return (_event(*layouts[letter]) for letter in bodies.order)


def _decoded(seqs: Sequence[int], bodies: Sequence[bytes]) -> list[_Fields]:
    try:
        events = list(map(_decode, bodies))
        if list(map(_encode, events)) == bodies and max(map(len, bodies), default=0) <= MAX_BODY:
            return events
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass  # the loop below finds whose it was
    return [_decoded_one(seq, body) for seq, body in zip(seqs, bodies, strict=True)]


def _decoded_one(seq: int, body: bytes) -> _Fields:
    try:
        fields = _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unsendable(seq, f"its body is no JSON object ({error})") from error
    if _encode(fields) != body:
        raise Unsendable(seq, "its body is not spelt as protocol.events.canonical does")
    if len(body) > MAX_BODY:
        raise Unsendable(seq, f"its body is longer than {MAX_BODY} bytes")
    return fields


def _transposed(events: Sequence[_Fields]) -> _Table:
    known: _Fields = {}
    for fields in events:
        known |= fields
    return {name: [fields[name] for fields in events if name in fields] for name in known}


def _shapes(shapes: Iterable[tuple[str, ...]], tables: dict[str, _Table]) -> list[Shape]:
    types = {name: place for place, name in enumerate(tables)}
    places = {
        name: {field: place for place, field in enumerate(table)} for name, table in tables.items()
    }
    return [
        Shape(types[name], [places[name][field] for field in fields]) for name, *fields in shapes
    ]


def _check_shape(types: Sequence[Type], shape: Shape) -> None:
    if shape.type >= len(types):
        raise ProtocolError("a shape is of no type")
    kind, places = types[shape.type], shape.fields
    if len(kind.fields) != len(kind.columns) or len(set(kind.fields)) != len(kind.fields):
        raise ProtocolError(f"{kind.name} does not have one column for each of its fields")
    if len(set(places)) != len(places) or max(places, default=-1) >= len(kind.fields):
        raise ProtocolError(f"a shape of {kind.name} has a field twice, or one that is not given")


def _event(name: str, fields: list[str], columns: list[Iterator[Any]]) -> tuple[str, bytes]:
    body = _encode(dict(zip(fields, map(next, columns), strict=True)))
    if len(body) > MAX_BODY:
        raise ProtocolError(f"a body of {name} is longer than {MAX_BODY} bytes")
    return name, body
