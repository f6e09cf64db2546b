"""Bodies of many events as columns, and back. Knows no time, no digest, no compression.

A *type* holds one column per field, with the values of all its events that have that field, in
order. A *shape* is a type with the fields that an event really has, in their order: so a field
that is absent costs nothing. Each event is then one letter, its shape.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Any, NamedTuple

import msgspec

from .columns import LETTERS, Column, pack, unpack
from .errors import ProtocolError, Unsendable
from .event import MAX_BODY

TypeName = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
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


class _Layout(NamedTuple):
    letter: str
    appends: list[Any]
    """One per field: takes the next value of its column."""


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[str, Any]).decode


def pack_bodies(events: Iterable[tuple[int, str, bytes]]) -> Bodies:
    """At most 1000 of (seq, type name, canonical body). Raises Unsendable, naming the seq."""
    tables: dict[str, dict[str, list[Any]]] = {}
    layouts: dict[tuple[str, ...], _Layout] = {}
    order = []
    for seq, name, body in events:
        fields = _fields(seq, body)
        shape = (name, *fields)
        layout = layouts.get(shape)
        if layout is None:
            if not 1 <= len(name) <= 64:
                raise Unsendable(seq, "its type has no name of 1 to 64 characters")
            table = tables.setdefault(name, {})
            appends = [table.setdefault(field, []).append for field in fields]
            layout = layouts[shape] = _Layout(LETTERS[len(layouts)], appends)
        order.append(layout.letter)
        for append, value in zip(layout.appends, fields.values(), strict=True):
            append(value)
    return Bodies(
        [
            Type(name, list(table), list(map(pack, table.values())))
            for name, table in tables.items()
        ],
        _shapes(layouts, tables),
        "".join(order),
    )


def unpack_bodies(bodies: Bodies) -> Iterator[tuple[str, bytes]]:
    """(type name, body) of each event, in order. Raises ProtocolError, also while iterating."""
    uses = Counter(bodies.order)
    fields = [_uses(kind) for kind in bodies.types]
    for letter, shape in zip(LETTERS, bodies.shapes, strict=False):
        _count(bodies.types, shape, uses[letter], fields)
    values = [
        [unpack(column, count) for column, count in zip(kind.columns, counts, strict=True)]
        for kind, counts in zip(bodies.types, fields, strict=True)
    ]
    layouts = {
        letter: (
            bodies.types[shape.type].name,
            [bodies.types[shape.type].fields[at] for at in shape.fields],
            [values[shape.type][at] for at in shape.fields],
        )
        for letter, shape in zip(LETTERS, bodies.shapes, strict=False)
    }
    if not uses.keys() <= layouts.keys():
        raise ProtocolError("an event is of a shape that is not given")
    return _built(bodies.order, layouts)


def _fields(seq: int, body: bytes) -> dict[str, Any]:
    try:
        fields = _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unsendable(seq, f"its body is no JSON object ({error})") from error
    if _encode(fields) != body:
        raise Unsendable(seq, "its body is not spelt as protocol.events.canonical does")
    if len(body) > MAX_BODY:
        raise Unsendable(seq, f"its body is longer than {MAX_BODY} bytes")
    return fields


def _shapes(
    layouts: Iterable[tuple[str, ...]], tables: dict[str, dict[str, list[Any]]]
) -> list[Shape]:
    types = {name: place for place, name in enumerate(tables)}
    places = {
        name: {field: place for place, field in enumerate(table)} for name, table in tables.items()
    }
    return [
        Shape(types[name], [places[name][field] for field in fields]) for name, *fields in layouts
    ]


def _uses(kind: Type) -> list[int]:
    if len(kind.fields) != len(kind.columns) or len(set(kind.fields)) != len(kind.fields):
        raise ProtocolError(f"the columns of {kind.name} are not one per field")
    return [0] * len(kind.columns)


def _count(types: Sequence[Type], shape: Shape, uses: int, fields: list[list[int]]) -> None:
    """Adds the uses of a shape to those of its fields."""
    if shape.type >= len(types) or len(set(shape.fields)) != len(shape.fields):
        raise ProtocolError("a shape is of no type, or has a field twice")
    counts = fields[shape.type]
    if shape.fields and max(shape.fields) >= len(counts):
        raise ProtocolError(f"a shape of {types[shape.type].name} has a field that is not given")
    for place in shape.fields:
        counts[place] += uses


def _built(
    order: str, layouts: dict[str, tuple[str, list[str], list[Iterator[Any]]]]
) -> Iterator[tuple[str, bytes]]:
    for letter in order:
        name, fields, values = layouts[letter]
        body = _encode(dict(zip(fields, map(next, values), strict=True)))
        if len(body) > MAX_BODY:
            raise ProtocolError(f"a body of {name} is longer than {MAX_BODY} bytes")
        yield name, body
