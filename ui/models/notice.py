"""What is kept about people, told to them: our lines, or the federation's text in pages. Pure."""

from math import ceil
from typing import Final, NamedTuple

LINES_OF_A_PAGE, LETTERS_OF_A_LINE = 7, 36
"""They fit each panel, a fifth larger too."""
LONGEST: Final = LINES_OF_A_PAGE * LETTERS_OF_A_LINE
"""Letters of a page without a break."""


class Told(NamedTuple):
    """A sentence and its picture."""

    pictogram: str
    key: str


LINES: Final = (
    Told("tag", "notice.number"),
    Told("handshake", "notice.workshop"),
    Told("lock", "notice.sealed"),
    Told("delete", "notice.time"),
    Told("person_raised_hand", "notice.ask"),
)


def text(texts: dict[str, str], language: str) -> str:
    """The federation's text in that language, else in French; empty: there is none."""
    return (texts.get(language or "fr") or texts.get("fr") or "").strip()


def pages(whole: str) -> tuple[str, ...]:
    """Cut between paragraphs, else between sentences, else between words."""
    found = [""]
    for piece in _pieces(whole):
        joined = f"{found[-1]}{piece}"
        if lines_of(joined) <= LINES_OF_A_PAGE or not found[-1]:
            found[-1] = joined
        else:
            found.append(piece)
    return tuple(page.strip() for page in found if page.strip())


def lines_of(page: str) -> int:
    """How many it takes on the narrowest panel, about."""
    lines = page.strip().split("\n")
    return sum(max(1, ceil(len(line.rstrip()) / LETTERS_OF_A_LINE)) for line in lines)


def _pieces(whole: str) -> list[str]:
    """Never longer than a page."""
    pieces = list[str]()
    for paragraph in whole.splitlines():
        sentences = paragraph.replace(". ", ".\n").split("\n")
        for sentence in sentences:
            pieces += _words(sentence)
        pieces[-1:] = [pieces[-1].rstrip() + "\n"] if pieces else []
    return pieces


def _words(sentence: str) -> list[str]:
    cut, line = list[str](), ""
    for word in sentence.split():
        for at in range(0, len(word), LONGEST):
            part = word[at : at + LONGEST]
            if line and len(line) + len(part) > LONGEST:
                cut.append(line)
                line = ""
            line += part + " "
    return [*cut, line]
