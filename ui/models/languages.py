"""Which languages the first page offers, in which order, and what a touch on one does. Pure."""

from collections.abc import Callable, Iterable, Sequence

from .panel import Panel, changed

ALWAYS = "fr"
"""Offered whatever anybody wishes."""
MOST = 6
"""As many as stand on the page; who reads none of them asks for a person."""
OTHER = "und"
"""The language of whoever reads none of those (ISO 639: undetermined)."""


def offered(wishes: Iterable[Sequence[str]], readable: Callable[[str], bool]) -> tuple[str, ...]:
    """The first wish that is one, without what nobody could read; French is always there.

    Nothing else changes the order: a language keeps its place.
    """
    wanted = next((wish for wish in wishes if wish), ())
    known = tuple(language for language in dict.fromkeys(wanted) if readable(language))
    return (known if ALWAYS in known else (ALWAYS, *known))[:MOST]


def rearranged(order: tuple[str, ...], language: str) -> tuple[str, ...]:
    """That order after a touch of staff: the language is the last, or there no more.

    French, which is always there, becomes the last.
    """
    others = tuple(other for other in order if other != language)
    return others if language in order and language != ALWAYS else (*others, language)


def chosen(panel: Panel, language: str) -> Panel:
    """The panel of somebody who reads that language."""
    return changed(panel, screen="reasons", language="" if language == ALWAYS else language)


def asks_other(panel: Panel) -> Panel:
    """The panel of somebody who reads none of them: a person comes."""
    return changed(panel, screen="other_language", language=OTHER)
