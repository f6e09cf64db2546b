"""Which of a unit's words about stops need not be looked at again and again. Pure.

Folding all that a unit ever told of its stops would take longer each year. Where every stop has
been left, and nothing before is spoken of after, what is before and what is after make the same
stops alone as together: so what is before can lie on a shelf until something reaches back to it.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from protocol.event import Key
from protocol.stop_fold import Told, fold

from .words import Word

MOST: Final = 300
"""Words that are folded each time, about: more than a month of a van."""
KEPT: Final = 100
"""Of them those that stay at hand: somebody may still correct them."""
TRIES: Final = 5
"""Places to cut that are looked at, the latest first."""


def mentions(word: Word) -> set[Key]:
    """Every key that a word speaks of, its own too."""
    said = (getattr(word.event, name, None) for name in ("stop", "cites", "merged_into"))
    return {word.key, *(key for key in said if key is not None)}


def mentioned(words: Iterable[Word]) -> set[Key]:
    """Every key that any of them speaks of."""
    return {key for word in words for key in mentions(word)}


def shelf(words: Sequence[Word], kept: int = KEPT) -> int:
    """How many of these, in the order of time, can lie on the shelf."""
    ends = [count for count in _ends(words) if count <= len(words) - kept]
    closed = (count for count in reversed(ends[-TRIES:]) if not _is_anywhere(words[:count]))
    return next(closed, 0)


def _ends(words: Sequence[Word]) -> Iterator[int]:
    """After how many of them nothing is spoken of again that was spoken of before."""
    last = {key: index for index, word in enumerate(words) for key in mentions(word)}
    own, reach = {word.key for word in words}, 0
    for index, (word, after) in enumerate(pairwise(words)):
        keys = mentions(word)
        if not keys <= own:
            return  # something of it has not arrived yet
        reach = max(reach, *(last[key] for key in keys))
        if reach == index and word.at < after.at:
            yield index + 1


def _is_anywhere(words: Iterable[Word]) -> bool:
    """Whether a stop is still open then: a departure may say of none that it is the one."""
    told = (
        Told(word.key, word.origin, word.utc, word.at, word.event)
        for word in words
        if not word.copied
    )
    return any(stop.open for stop in fold(told))
