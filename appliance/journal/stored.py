"""From the columns of table `event` to what others know a row as. Reads no file.

The columns are those of SELECT; what a damaged file may hold is let through as it is, for the
chain to judge.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import msgspec

from protocol import events
from protocol.event import Event, Key
from protocol.row import NO_DIGEST, SOURCES, Row, Tombstone

from .spans import Span

SELECT = (
    # The type as bytes: Python refuses a whole answer for one damaged letter in a text.
    "SELECT id, CAST(type AS BLOB), body, boot, boottime, utc, source, error, digest,"
    " origin_epoch, origin_seq FROM event WHERE"
)

Told = Row | Tombstone

_SOURCES = dict(enumerate(SOURCES))


class _Names(dict[Any, str]):
    """Type names as text, each made once."""

    def __missing__(self, name: object) -> str:
        self[name] = text = str(name, "utf-8", "replace") if isinstance(name, bytes) else ""
        return text


_names = _Names()


class Entry(NamedTuple):
    """An event as the unit's own rooms read it."""

    key: Key
    """The first key it ever had: what other events cite it by."""
    type: str
    event: Event | dict[str, Any]
    """A dict when this software does not know the type."""
    boot_id: str
    boottime: int
    utc: int | None
    """As it was known when the row was made; an anchor of its boot may know better."""


def lost(seq: int) -> Tombstone:
    """What stands for a row of which nothing is left."""
    return Tombstone(seq, "", 0, NO_DIGEST)


def rows(found: Iterable[tuple[Any, ...]], base: int, boots: Mapping[int, str]) -> list[Told]:
    """The rows of one epoch; a row whose body was purged is a tombstone."""
    return [
        Row(
            number - base,
            _names[name],
            body,
            boots.get(boot, ""),
            boottime,
            utc,
            _SOURCES.get(source, "none"),
            error,
            digest,
            None if origin_epoch is None else Key(origin_epoch, origin_seq),
        )
        if body is not None
        else Tombstone(number - base, _names[name], 0, digest)
        for (
            number, name, body, boot, boottime, utc, source, error, digest, origin_epoch, origin_seq
        ) in found
    ]  # fmt: skip


def entry(
    columns: tuple[Any, ...], spans: Iterable[Span], boots: Mapping[int, str]
) -> Entry | None:
    """One event, None when the file is damaged there; `spans`: the newest first."""
    number, name, body, boot, boottime, utc, _, _, _, *origin = columns
    span = next((span for span in spans if span.base < number), None)
    event = _decoded(_names[name], body)
    if span is None or event is None or not _are_numbers(boottime, utc or 0):
        return None
    key = Key(span.epoch, number - span.base) if origin[0] is None else Key(*origin)
    return Entry(key, _names[name], event, boots.get(boot, ""), boottime, utc)


def _decoded(type_name: str, body: object) -> Event | dict[str, Any] | None:
    if not isinstance(body, bytes):
        return None
    try:
        return events.decode_body(type_name, body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _object(body)


def _object(body: bytes) -> dict[str, Any] | None:
    """Of newer software, whose type has come to mean more; None when it is no JSON object."""
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _are_numbers(*values: object) -> bool:
    return all(isinstance(value, int) for value in values)
