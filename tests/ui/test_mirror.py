"""Pages read from the right: boxes, lines, arrows, bars and the corner of *Aide* turn round."""

from typing import Any

import pytest
from kivy.lang import Builder

from tests.ui.kit import Bench
from ui.widgets.bar import Bar
from ui.widgets.keypad import Key
from ui.widgets.text import Words

PAGE = """
Column:
    Row:
        size_hint_y: None
        height: 40
        padding: 30, 0, 10, 0
        Words:
            text: 'un'
            size_hint_x: None
            width: 100
        Words:
            text: 'deux'
    Grid:
        cols: 3
        Words:
            text: '1'
        Words:
            text: '2'
        Words:
            text: '3'
        Words:
            text: '4'
    Words:
        text: 'seul'
        size_hint: None, None
        size: 80, 40
    Keypad:
        cols: 3
        letters: '123'
"""


def places(page: Any, kind: type) -> dict[str, tuple[float, float]]:
    """Text → left and right edge."""
    return {
        one.text: (one.x, one.right) for one in page.walk(restrict=True) if isinstance(one, kind)
    }


@pytest.fixture
def page(bench: Bench) -> Any:
    page = Builder.load_string(PAGE)
    bench.app.root.add_widget(page)
    bench.pump()
    return page


def test_what_began_at_the_left_begins_at_the_right(bench: Bench, page: Any) -> None:
    left = places(page, Words)
    bench.app.rtl = True
    bench.pump()
    width = page.width
    assert places(page, Words) == {
        text: (pytest.approx(width - right), pytest.approx(width - x))
        for text, (x, right) in left.items()
    }
    bench.app.rtl = False
    bench.pump()
    assert places(page, Words) == left


def test_digits_to_type_stand_the_same_way_round(bench: Bench, page: Any) -> None:
    before = places(page, Key)
    bench.app.rtl = True
    bench.pump()
    assert places(page, Key) == before


def test_a_line_starts_where_its_page_starts(bench: Bench) -> None:
    words = Words(text="Bonjour", size=(400, 60))
    words.texture_update()
    assert words._label.options["halign"] == "left"
    bench.app.rtl = True
    words.texture_update()
    assert words._label.options["halign"] == "right"


def test_the_arrow_back_points_back(bench: Bench) -> None:
    from ui import theme

    bench.taps("Commencer")
    assert theme.glyph("arrow_back") in drawn(bench)
    bench.app.rtl = True
    bench.pump()
    assert theme.glyph("arrow_back") not in drawn(bench)
    assert theme.glyph("arrow_forward") in drawn(bench)


def drawn(bench: Bench) -> list[str]:
    return [label.text for label in bench.widgets() if hasattr(label, "texture_size")]


def test_aide_takes_the_other_corner_of_the_same_edge(bench: Bench) -> None:
    right = bench.find("Aide").right
    bench.app.rtl = True
    bench.pump()
    assert bench.find("Aide").x == pytest.approx(bench.window.width - right)


def test_time_runs_out_towards_where_the_line_ends(bench: Bench) -> None:
    bar = Bar(size=(200, 12), value=0.25)
    filled = [shape for shape in bar.canvas.children if hasattr(shape, "radius")][-1]
    bench.pump()
    assert (filled.pos[0], filled.size[0]) == (0, 50)
    bench.app.rtl = True
    bench.pump()
    assert (filled.pos[0], filled.size[0]) == (150, 50)


def test_a_button_s_words_go_over_two_lines_rather_than_leave_it(bench: Bench) -> None:
    from ui.widgets.text import OneLine

    begin = bench.find("Commencer")
    (label,) = (one for one in begin.walk(restrict=True) if isinstance(one, OneLine))
    one_line = label.height
    begin.text = "Commencer maintenant tout de suite avec nous tous"
    bench.pump()
    assert label.height > 1.5 * one_line
    assert label.width <= begin.width
    begin.text = "Commencer"
    bench.pump()
    assert label.height == one_line


def test_the_letters_of_a_code_stand_in_their_order(bench: Bench) -> None:
    from ui.models.panel import Panel

    bench.desk._show(Panel(screen="my_code", language="ar"))
    bench.pump()
    assert bench.app.rtl
    bench.screen.typed = "CPH"
    bench.pump()
    told = {text: x for text, (x, _) in places(bench.screen, Words).items() if text in "CPH"}
    assert told["C"] < told["P"] < told["H"]
