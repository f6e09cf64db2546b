"""A page that is read aloud, line after line: the question, then each choice. Pure."""

from collections.abc import Iterable
from typing import NamedTuple


class Line(NamedTuple):
    """What is said in one breath."""

    texts: tuple[str, ...]
    choice: int | None = None
    """Which button of the page it says; None: no button."""


class Listening(NamedTuple):
    """How far somebody has listened."""

    lines: tuple[Line, ...] = ()
    at: int = 0

    @property
    def line(self) -> Line | None:
        """The one that is being said; None: nothing is."""
        return self.lines[self.at] if self.at < len(self.lines) else None

    @property
    def lit(self) -> int | None:
        """The button that is lit meanwhile."""
        return self.line.choice if self.line else None


SILENT = Listening()


def touched(listening: Listening, page: Iterable[Line], doors: Iterable[str]) -> Listening:
    """The loudspeaker was touched: begin to read; a second touch stops.

    `doors`: what the doors are called. They are read as choices alone: who stands behind the
    visitor never hears which one was chosen.
    """
    if listening.line:
        return SILENT
    secret = frozenset(doors)
    return Listening(
        tuple(line for line in page if line.choice is not None or not secret & set(line.texts))
    )


def said(listening: Listening) -> Listening:
    """That line was said: the next one, or silence."""
    after = listening._replace(at=listening.at + 1)
    return after if after.line else SILENT
