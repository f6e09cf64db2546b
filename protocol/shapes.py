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
from .errors import ProtocolError, TooLarge, Unsendable
from .event import MAX_BODY
from .events import MAX_DEPTH, too_deep

MAX_NAME: Final = 64
TypeName = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_NAME)]
Place = Annotated[int, msgspec.Meta(ge=0)]


class Type(msgspec.Struct, frozen=True, array_like=True):
    """All events of one type: its fields and their columns, side by side."""

    name: TypeName
    fields: list[str]
    columns: list[Column]


class Shape(msgspec.Struct, frozen=True, array_like=True):
    """A type, by its place, and those of its fields that an event has."""

    type: Place
    fields: str
    """One letter per field: its place in the type."""


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
_Table = dict[str, Sequence[Any]]
"""The columns of one type, by field."""
_Layout = tuple[str, list[str], list[Iterator[Any]]]
"""Type name, names of the fields, and where their values come from."""


def pack_bodies(seqs: Sequence[int], names: Sequence[str], bodies: Sequence[bytes]) -> Bodies:
    """Seq, type name and canonical body of at most 1000 events. Raises Unsendable, TooLarge.

    It works on whole lists at a time: row by row costs twice as much.
    """
    events = _decoded(seqs, bodies)
    shapes = [(name, *fields) for name, fields in zip(names, events, strict=True)]
    letter = dict(zip(dict.fromkeys(shapes), LETTERS, strict=False))
    by_type: dict[str, list[_Fields]] = {name: [] for name, *_ in letter}
    for name, fields in zip(names, events, strict=True):
        by_type[name].append(fields)
    _check_names(seqs, names, by_type)
    variants = Counter(name for name, *_ in letter)
    tables = {
        name: _uniform(alike) if variants[name] == 1 else _varied(alike)
        for name, alike in by_type.items()
    }
    types = [
        Type(name, list(table), [*map(pack, table.values())]) for name, table in tables.items()
    ]
    return Bodies(types, _shapes(letter, tables), "".join(map(letter.__getitem__, shapes)))


def unpack_bodies(bodies: Bodies) -> Iterator[tuple[str, bytes]]:
    """(type name, body) of each event, in order. Raises ProtocolError, also while iterating."""
    rows = Counter(bodies.order)
    shapes = dict(zip(LETTERS, bodies.shapes, strict=False))
    if not rows.keys() <= shapes.keys():
        raise ProtocolError("an event is of a shape that is not given")
    uses = [dict.fromkeys(LETTERS[: len(kind.fields)], 0) for kind in bodies.types]
    for letter, shape in shapes.items():
        _check_shape(bodies.types, shape)
        for field in shape.fields:
            uses[shape.type][field] += rows[letter]
    columns = [
        dict(zip(used, map(unpack, kind.columns, used.values()), strict=False))
        for kind, used in zip(bodies.types, uses, strict=True)
    ]
    layouts = {
        letter: _layout(bodies.types[shape.type], shape.fields, columns[shape.type])
        for letter, shape in shapes.items()
    }
    return (_event(*layouts[letter]) for letter in bodies.order)


def _decoded(seqs: Sequence[int], bodies: Sequence[bytes]) -> list[_Fields]:
    try:
        events = list(map(_decode, bodies))
        same = _encode(events) == b"[" + b",".join(bodies) + b"]"
        if same and max(map(len, bodies), default=0) <= MAX_BODY and _all_flat(bodies, events):
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
    if too_deep(fields):
        raise Unsendable(seq, f"its body is nested deeper than {MAX_DEPTH}")
    return fields


def _all_flat(bodies: Sequence[bytes], events: Sequence[_Fields]) -> bool:
    # Counting brackets is quick, and enough for nearly every body.
    return not any(
        body.count(b"{") + body.count(b"[") > MAX_DEPTH and too_deep(fields)
        for body, fields in zip(bodies, events, strict=True)
    )


def _check_names(seqs: Sequence[int], names: Sequence[str], known: Iterable[str]) -> None:
    for name in known:
        if not 1 <= len(name) <= MAX_NAME:
            seq = seqs[names.index(name)]
            raise Unsendable(seq, f"its type has no name of 1 to {MAX_NAME} characters")


def _uniform(events: Sequence[_Fields]) -> _Table:
    """The columns of events that all have the same fields in the same order."""
    values = zip(*[fields.values() for fields in events], strict=True)
    return dict(zip(events[0], values, strict=True))


def _varied(events: Sequence[_Fields]) -> _Table:
    known: _Fields = {}
    for fields in events:
        known |= fields
    if len(known) > len(LETTERS):
        raise TooLarge(f"events of one type with {len(known)} fields, {len(LETTERS)} is the most")
    return {name: [fields[name] for fields in events if name in fields] for name in known}


def _shapes(shapes: Iterable[tuple[str, ...]], tables: dict[str, _Table]) -> list[Shape]:
    types = {name: place for place, name in enumerate(tables)}
    letters = {name: dict(zip(table, LETTERS, strict=False)) for name, table in tables.items()}
    return [
        Shape(types[name], "".join(map(letters[name].__getitem__, fields)))
        for name, *fields in shapes
    ]


def _check_shape(types: Sequence[Type], shape: Shape) -> None:
    if shape.type >= len(types):
        raise ProtocolError("a shape is of no type")
    kind, fields = types[shape.type], shape.fields
    if len(kind.fields) != len(kind.columns) or len(set(kind.fields)) != len(kind.fields):
        raise ProtocolError(f"{kind.name} does not have one column for each of its fields")
    if len(set(fields)) != len(fields) or not set(fields) <= set(LETTERS[: len(kind.fields)]):
        raise ProtocolError(f"a shape of {kind.name} has a field twice, or one that is not given")


def _layout(kind: Type, fields: str, columns: dict[str, Iterator[Any]]) -> _Layout:
    names = dict(zip(LETTERS, kind.fields, strict=False))
    return kind.name, [names[field] for field in fields], [columns[field] for field in fields]


def _event(name: str, fields: list[str], columns: list[Iterator[Any]]) -> tuple[str, bytes]:
    body = _encode(dict(zip(fields, map(next, columns), strict=True)))
    if len(body) > MAX_BODY:
        raise ProtocolError(f"a body of {name} is longer than {MAX_BODY} bytes")
    return name, body
