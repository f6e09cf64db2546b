"""Hypothesis values made from the types themselves, so that a new type needs no new strategy."""

from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

from protocol.event import MAX_NUMBER, Key
from protocol.events import TYPES, canonical, encode_body
from protocol.row import NO_DIGEST, Row, Tombstone, chain
from protocol.sealing import MAX_ENVELOPE

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | TEXT | st.floats(allow_nan=False)
    .filter(lambda value: abs(value) != float("inf")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
"""Any JSON value."""
NUMBERS = st.integers(0, 300) | st.integers(0, MAX_NUMBER)


def of(kind: type[msgspec.Struct]) -> st.SearchStrategy[Any]:
    """Values of a message or event type."""
    return _values(inspect.type_info(kind))


def _values(kind: inspect.Type) -> st.SearchStrategy[Any]:
    if isinstance(kind, inspect.StructType):
        given = {field.name: _values(field.type) for field in kind.fields if field.required}
        maybe = {field.name: _values(field.type) for field in kind.fields if not field.required}
        make = kind.cls
        return st.fixed_dictionaries(given, optional=maybe).map(lambda told: make(**told))
    if isinstance(kind, inspect.UnionType):
        return st.one_of([_values(part) for part in kind.types])
    if isinstance(kind, inspect.VarTupleType):
        most = 3 if kind.max_length is None else min(3, kind.max_length)
        return st.lists(_values(kind.item_type), max_size=most).map(tuple)
    if isinstance(kind, inspect.ListType):
        return st.lists(_values(kind.item_type), max_size=3)
    if isinstance(kind, inspect.TupleType):
        return st.tuples(*[_values(part) for part in kind.item_types])
    if isinstance(kind, inspect.DictType):
        return st.dictionaries(_values(kind.key_type), _values(kind.value_type), max_size=3)
    if isinstance(kind, inspect.LiteralType):
        return st.sampled_from(kind.values)
    return _plain(kind)


def _plain(kind: inspect.Type) -> st.SearchStrategy[Any]:
    if isinstance(kind, inspect.StrType):
        if kind.pattern is not None:
            return st.from_regex(kind.pattern.removesuffix(r"(?!\n)"), fullmatch=True).filter(
                lambda text: not text.endswith("\n")
            )
        characters = st.characters(exclude_categories=["Cs"])
        least, most = kind.min_length or 0, min(20, kind.max_length or 20)
        return st.text(characters, min_size=least, max_size=most)
    if isinstance(kind, inspect.IntType):
        low = -MAX_NUMBER if kind.ge is None else kind.ge
        return st.integers(low, MAX_NUMBER if kind.le is None else kind.le)
    if isinstance(kind, inspect.FloatType):
        low, high = (kind.ge, kind.le) if kind.ge is not None else (-1e6, 1e6)
        return st.floats(low, high, allow_nan=False)
    simple: dict[type, st.SearchStrategy[Any]] = {
        inspect.BoolType: st.booleans(),
        inspect.BytesType: st.binary(max_size=40),
        inspect.NoneType: st.none(),
        inspect.AnyType: ANYTHING,
    }
    return simple[type(kind)]


EVENTS = st.one_of([of(kind) for kind in TYPES.values()])
KNOWN = EVENTS.map(lambda event: (event.TYPE, encode_body(event)))
UNKNOWN = st.tuples(
    st.sampled_from(["idea.posted", "vote.cast", "visit.checked_in"]),
    st.dictionaries(st.sampled_from(["a", "b", 'c"', "é"]), ANYTHING, max_size=4).map(
        lambda fields: canonical(msgspec.json.encode(fields))
    ),
)
"""Types, fields and codes of a newer unit, and fields of another kind than ours."""
KEYS = st.builds(Key, st.integers(1, 5) | st.just(MAX_NUMBER), st.integers(1, 9))


ENVELOPES = st.binary(min_size=1, max_size=40) | st.just(b"\xfb\xff" * (MAX_ENVELOPE // 2))
DIGESTS = st.binary(min_size=8, max_size=8).filter(lambda value: value != NO_DIGEST)
_GIVEN = st.tuples(
    KNOWN | UNKNOWN,
    st.sampled_from(["b1", "b2"]),
    NUMBERS,
    st.sampled_from([None, 1_780_000_000_000, -5]),
    st.sampled_from(["none", "gps", "atomic"]),
    st.sampled_from([0, 50]),
    st.none() | KEYS,
    st.none() | st.none() | ENVELOPES,
    DIGESTS,
    st.sampled_from(["row"] * 8 + ["dead", "lost"]),
)


def _journal(
    epoch: int, first: int, before: bytes | None, given: list[Any]
) -> tuple[int, bytes | None, list[Row | Tombstone]]:
    """Rows made of what was drawn, their digests as an honest journal has them."""
    rows: list[Row | Tombstone] = []
    digest = before
    for seq, (event, boot, at, offset, *rest, drawn, state) in enumerate(given, first):
        name, body = event
        if state == "lost":
            rows.append(Tombstone(seq, "", 0, NO_DIGEST))
            digest = None
            continue
        if state == "dead":
            digest = drawn
            rows.append(Tombstone(seq, name, len(body), digest))
            continue
        digest = drawn if digest is None else chain(digest, epoch, seq, name, body, boot, at)
        utc = None if offset is None else at + offset
        source, error, origin, envelope = rest
        rows.append(Row(seq, name, body, boot, at, utc, source, error, digest, origin, envelope))
    return epoch, before, rows


JOURNALS = st.builds(
    _journal,
    st.integers(1, 9) | st.just(MAX_NUMBER),
    st.integers(1, 99),
    st.none() | st.just(NO_DIGEST) | DIGESTS,
    st.lists(_GIVEN, min_size=1, max_size=12),
)
"""(epoch, digest before or None when lost, dense rows with an honest chain)."""
