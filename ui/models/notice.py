"""What is kept about people, told to them: our lines, or the federation's text in pages. Pure."""

from typing import Final, NamedTuple

LONGEST: Final = 260
"""Letters of a page: they fit each panel, a fifth larger too."""


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
        if len(joined.rstrip()) <= LONGEST or not found[-1]:
            found[-1] = joined
        else:
            found.append(piece)
    return tuple(page.strip() for page in found if page.strip())


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
        if len(line) + len(word) >= LONGEST:
            cut.append(line)
            line = ""
        line += word[:LONGEST] + " "
    return [*cut, line]
