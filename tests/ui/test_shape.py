"""Arabic before it is drawn: joined, set from the right, hours and brackets as they are read."""

import subprocess
import sys

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
