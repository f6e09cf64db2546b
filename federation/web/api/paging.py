"""Pages by cursor: after which key the next one begins. Reads nothing."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, TypeVar

import msgspec

from .problems import Refused
from .shapes import Page, Paged

Row = TypeVar("Row")
Key = TypeVar("Key")
Number = Annotated[int, msgspec.Meta(ge=0, le=2**53)]


def written(key: Any) -> str:
    """A key as a cursor."""
    return urlsafe_b64encode(msgspec.json.encode(key)).decode().rstrip("=")


def read(cursor: str, kind: type[Key]) -> Key | None:
    """The key; None: from the beginning. Raises Refused: it is none of ours."""
    if not cursor:
        return None
    try:
        raw = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return msgspec.json.decode(raw, type=kind)
    except (ValueError, msgspec.DecodeError) as error:
        raise Refused(404, "There is no such page: give `next` of the page before.") from error


def of_rows(
    rows: Sequence[Row], query: Paged, key: Callable[[Row], Any], make: Callable[[Row], Any]
) -> Page[Any]:
    """A page of rows that were read in order, one more than asked for."""
    shown = rows[: query.limit]
    more = len(rows) > query.limit
    return Page(items=[make(row) for row in shown], next=written(key(shown[-1])) if more else None)


def of_all(
    everything: Iterable[Row], query: Paged, key: Callable[[Row], str], make: Callable[[Row], Any]
) -> Page[Any]:
    """A page of what is in memory, by key."""
    after = read(query.cursor, str)
    rows = sorted((row for row in everything if after is None or key(row) > after), key=key)
    return of_rows(rows, query, key, make)
