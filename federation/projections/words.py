"""An event as subjects are made of it, and the order in which they are told. Pure."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from protocol.codes import NOT_STATED
from protocol.event import Event, Key

ZONE: Final = "Europe/Paris"
"""Of a unit whose own zone cannot be found."""
_LAST: Final = int(datetime(9999, 12, 30, tzinfo=UTC).timestamp()) * 1000
"""A clock that says more says nothing."""


class Word(NamedTuple):
    """An event of the ledger, read."""

    id: int
    key: Key
    origin: Key | None
    """The key it had before its journal was rotated."""
    copied: bool
    """The same fact is there under an older key, and counts there."""
    utc: int | None
    received: int
    event: Event
    body: bytes

    @property
    def at(self) -> int:
        """When it happened as well as it is known, in milliseconds since 1970."""
        return self.received if self.utc is None else self.utc

    @property
    def dated(self) -> int:
        """1: a clock dated it."""
        return int(self.utc is not None)


class Local(NamedTuple):
    """A unit, and the zone that cuts its days."""

    unit: str
    zone: ZoneInfo

    def day(self, moment: int) -> str:
        """YYYY-MM-DD of a moment in milliseconds since 1970."""
        return self._at(moment).strftime("%Y-%m-%d")

    def hour(self, moment: int) -> str:
        """00 to 23."""
        return self._at(moment).strftime("%H")

    def _at(self, moment: int) -> datetime:
        return datetime.fromtimestamp(sane(moment, 0) // 1000, self.zone)


class Placed(NamedTuple):
    """Where something happened."""

    epoch: int | None = None
    seq: int | None = None
    commune: str = NOT_STATED
    territory_class: str = NOT_STATED
    zoning_year: int | None = None


def sane(moment: int | None, otherwise: int) -> int:
    """A time that a calendar has."""
    return moment if moment is not None and 0 <= moment <= _LAST else otherwise


def is_sane(moment: int | None) -> bool:
    """Whether a calendar has it."""
    return moment is not None and 0 <= moment <= _LAST


@cache
def zone(name: str) -> ZoneInfo:
    """The zone of that name; a mistake in the registry must not stop a van's figures."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(ZONE)


def in_order(words: Iterable[Word]) -> list[Word]:
    """As they were told: by seq; journal files, whose epochs are drawn by lot, by their time."""
    words = list(words)
    began: dict[int, int] = {}
    for word in words:
        began[word.key.epoch] = min(word.at, began.get(word.key.epoch, word.at))
    return sorted(words, key=lambda word: (began[word.key.epoch], *_pair(word.key)))


def by_time(words: Iterable[Word]) -> list[Word]:
    """As they happened, of several journals at once."""
    return sorted(words, key=lambda word: (word.at, *_pair(word.key)))


def clean(text: str) -> str:
    """Without the one character that PostgreSQL cannot keep."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def _pair(key: Key) -> tuple[int, int]:
    return key.epoch, key.seq


def meant(word: Word, begun: Sequence[Word], field: str) -> Word | None:
    """Which of the facts that began something it cites in that field.

    After a fork two facts had the same key, each in its history.
    """
    cited = getattr(word.event, field, None)
    if cited is None:
        return None
    same = [each for each in begun if each.key.epoch == word.key.epoch]
    named = [each for each in begun if each.key == cited]
    return next(iter(same or named or begun), None)
