"""Arabic before it is drawn: joined, set from the right, hours and brackets as they are read."""

import random
import subprocess
import sys
from itertools import chain

import pytest

from ui.text import shape

ABOVE, BELOW = "\u0627\u0644\u0637\u0627\u0628\u0642", "\u0627\u0644\u0633\u0627\u0639\u0629"
"""Floor; hour."""


def test_letters_are_joined_and_the_first_one_stands_rightmost() -> None:
    drawn = shape.joined(BELOW)
    assert drawn[-1] == "\ufe8d"  # alef, alone
    assert not any("\u0600" <= letter <= "\u06ff" for letter in drawn)


def test_hours_and_foreign_words_are_kept_as_they_are_read() -> None:
    drawn = shape.joined(f"{BELOW} 14:30 France")
    assert "14:30" in drawn
    assert drawn.startswith("France")


def test_brackets_are_turned() -> None:
    assert shape.joined(f"({ABOVE} 12)").startswith("(12 ")


def test_a_vowel_is_drawn_over_its_own_letter() -> None:
    assert shape.joined("شكراً")[:2] == "\ufe8d\u064b"  # alef, then its tanwin


def test_lines_are_parted_before_they_are_turned() -> None:
    lines = shape.wrapped("واحد اثنان ثلاثة أربعة", 12, measure=len).split("\n")
    assert lines == [shape.joined("واحد اثنان"), shape.joined("ثلاثة أربعة")]


def test_a_word_wider_than_its_box_stays_whole() -> None:
    assert shape.wrapped(f"{ABOVE} {BELOW}", 3, measure=len) == "\n".join(
        (shape.joined(ABOVE), shape.joined(BELOW))
    )


def test_an_empty_line_stays() -> None:
    assert shape.wrapped(f"{ABOVE}\n\n{BELOW}", 99, measure=len).count("\n") == 2


@pytest.mark.parametrize("mark", [0x2066, 0x2069, 0x202E, 0x200F, 0x61C, 0x2029, 0x85, 0, 0x1F8FF])
def test_what_is_no_letter_is_as_if_it_were_not_there(mark: int) -> None:
    assert shape.joined(f"{ABOVE} {chr(mark)}12 France") == shape.joined(f"{ABOVE} 12 France")


def test_a_letter_that_shall_not_be_joined_is_not() -> None:
    assert shape.joined("\u0628\u200c\u0628") != shape.joined("\u0628\u0628")


def test_no_text_is_more_than_can_be_drawn() -> None:
    """Of all that may stand beside Arabic: every mark, the other scripts, brackets, digits."""
    chance = random.Random(4)
    marks = chain(range(0x600, 0x700), range(0x2000, 0x2070), range(0x20), range(0x7F, 0xA0))
    letters = [*map(chr, marks), *"a1%([)]é \u05d0\u0300\ufeff\ufe8d\U0001f600\U00010800"]
    for _ in range(5000):
        text = ABOVE[0] + "".join(chance.choices(letters, k=chance.randrange(30)))
        assert shape.wrapped(text, chance.choice((1, 50, 200)), lambda line: len(line) * 8.0)


def test_the_letters_name_the_font_not_the_language() -> None:
    assert shape.script("Évreux") == shape.script("Київ") == shape.script("12") == "latin"
    assert shape.script(f"Évreux {ABOVE}") == "arabic"


def test_french_waits_for_nothing_that_arabic_needs() -> None:
    said = subprocess.run(
        [sys.executable, "-c", _FRENCH_ONLY], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "[]"


_FRENCH_ONLY = """
import sys
from ui.text import catalogue, shape
shape.script(catalogue.load("fr")["reasons.title"])
print(sorted({"babel", "bidi", "arabic_reshaper", "segno"} & set(sys.modules)))
"""


def test_no_text_is_remembered_since_it_may_be_a_name() -> None:
    from ui.widgets.text import width_of

    for step in (shape.script, shape.joined, shape.wrapped, width_of):
        assert not hasattr(step, "cache_info"), step
