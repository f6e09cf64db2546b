"""How letters must stand before they are drawn: Arabic joined and set from right to left.

The drawing kit does neither well: its own right-to-left setting turns 14:30 into 03:41. So a text
is parted into lines first, and each line is joined and reordered by itself. Knows no Kivy, and
remembers no text: a name may be among them, and a line takes a tenth of a millisecond.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Literal
from unicodedata import category

if TYPE_CHECKING:
    from arabic_reshaper import ArabicReshaper

Script = Literal["latin", "arabic"]

BLOCKS: dict[Script, re.Pattern[str]] = {"arabic": re.compile("[\u0600-\u06ff\u0750-\u077f]")}
"""The letters that the Latin and Cyrillic font has not."""

VOWELS = re.compile("([\u064b-\u0652\u0670]+)(.)")
"""Marks above or below a letter, and the letter after them."""

UNSEEN = ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")
"""Categories of what is no letter: marks that steer the order, codes that stand for nothing yet."""
JOINERS = "\u200c\u200d"
"""Not seen either, but they say whether two letters are joined."""


def script(text: str) -> Script:
    """The script of the first letters that are neither Latin nor Cyrillic: it names the font.

    By the letters and not by the language: a town keeps its French name on an Arabic page.
    """
    return next((name for name, letters in BLOCKS.items() if letters.search(text)), "latin")


def seen(line: str) -> str:
    """What of it can be drawn: get_display breaks on the rest, which would end the screen."""
    return "".join(each for each in line if each in JOINERS or category(each) not in UNSEEN)


def joined(line: str) -> str:
    """One line of Arabic as it is drawn, from the left; numbers and foreign words kept as read."""
    # Imported when the first Arabic word is drawn: nobody else waits for it. And from
    # bidi.algorithm, since the other get_display leaves brackets unturned.
    from bidi.algorithm import get_display

    drawn = get_display(_reshaper().reshape(seen(line)), base_dir="R")
    # Set from the right, a vowel comes before its letter; the font draws it over the one before.
    return VOWELS.sub(r"\2\1", drawn)


def wrapped(text: str, width: float, measure: Callable[[str], float]) -> str:
    """Arabic lines no wider than `width`, each as it is drawn; `measure` tells how wide one is.

    A word wider than that stays whole, alone on its line.
    """
    return "\n".join(
        line for paragraph in text.split("\n") for line in _lines(paragraph, width, measure)
    )


def _lines(paragraph: str, width: float, measure: Callable[[str], float]) -> list[str]:
    whole = joined(paragraph)
    if measure(whole) <= width:
        return [whole]
    words = paragraph.split(" ")
    lines, line = list[str](), words[0]
    for word in words[1:]:
        longer = f"{line} {word}"
        if measure(joined(longer)) > width:
            lines.append(line)
            longer = word
        line = longer
    return [joined(line) for line in (*lines, line)]


@cache
def _reshaper() -> "ArabicReshaper":
    from arabic_reshaper import ArabicReshaper

    return ArabicReshaper({"delete_harakat": False, "support_ligatures": True})
