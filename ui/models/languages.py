"""Which languages the first page offers, in which order, and what a touch on one does. Pure."""

from collections.abc import Callable, Iterable, Sequence

from .panel import Panel, changed

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
    return (known if "fr" in known else ("fr", *known))[:MOST]


def chosen(panel: Panel, language: str) -> Panel:
    """The panel of somebody who reads that language."""
    return changed(panel, screen="reasons", language="" if language == "fr" else language)


def asks_other(panel: Panel) -> Panel:
    """The panel of somebody who reads none of them: a person comes."""
    return changed(panel, screen="other_language", language=OTHER)
