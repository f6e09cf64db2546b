"""Every scene on a panel that lies: words fit and can be read, a finger finds its target."""

from pathlib import Path
from typing import Any

import pytest

from tests.ui.kit import Bench
from tests.ui.layout import (
    KINDS,
    LARGER,
    what_does_not_fit,
    what_does_not_fit_of_a_crash,
)
from ui import theme

PANEL = "officiel-7"


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_every_scene_fits_a_panel_that_lies_and_its_words_stand_out(
    tmp_path: Path, kind: str
) -> None:
    assert list(what_does_not_fit(kind, PANEL, tmp_path, drawn=True)) == []


@pytest.mark.parametrize("larger", [1, LARGER])
def test_the_crash_page_fits_a_panel_that_lies(tmp_path: Path, larger: float) -> None:
    assert what_does_not_fit_of_a_crash(PANEL, tmp_path, larger) == []


def test_the_lint_sees_what_does_not_fit(bench: Bench) -> None:
    from ui.gallery import lint

    bench.app.words = {**bench.app.words, "welcome.begin": "Commencer maintenant tout de suite"}
    bench.find("Aide").size = (40, 40)
    bench.pump()
    assert {fault[0] for fault in lint.faults(bench.app.root, bench.profile)} >= {
        "is cut",
        "is too small",
    }


@pytest.mark.parametrize(
    ("text", "size", "wrong"),
    [
        ("Deux lignes\nsur deux lignes", (300, 80), set()),
        ("Deux lignes\nsans la place", (300, 40), {"is broken"}),
        ("Anticonstitutionnellement", (200, 90), {"is broken"}),
    ],
)
def test_the_lint_sees_words_that_are_not_whole(
    bench: Bench, text: str, size: tuple[int, int], wrong: set[str]
) -> None:
    from ui.gallery import lint
    from ui.widgets.layout import Column
    from ui.widgets.text import Words

    room = Column(size_hint=(None, None), size=size)
    room.add_widget(Words(text=text))
    bench.app.root.add_widget(room)
    bench.pump()
    assert {fault[0] for fault in lint.cut_words(bench.app.root)} == wrong


def test_the_lint_sees_words_on_words_and_on_a_button(bench: Bench) -> None:
    from ui.gallery import lint
    from ui.widgets.text import OneLine

    x, y = bench.find("Aide").pos
    for _ in range(2):
        bench.app.root.add_widget(OneLine(text="Ici", pos=(x, y), pos_hint={}))
    bench.pump()
    found = {fault[0] for fault in lint.covered_words(bench.app.root)}
    assert found == {"lie on each other", "lies on a button"}


@pytest.mark.parametrize(
    ("ink", "wrong"),
    [(theme.MUTED, []), (theme.LINE, ["is faint"]), (theme.PAPER, ["cannot be seen"])],
)
def test_the_lint_sees_words_that_are_too_pale(bench: Bench, ink: Any, wrong: list[str]) -> None:
    from ui.gallery import pictures
    from ui.gallery.contrast import faint_words
    from ui.widgets.text import Words

    bench.desk.touch("begin")
    words = Words(text="Pourquoi venez-vous ?", color=ink)
    bench.app.root.clear_widgets()
    bench.app.root.add_widget(words)
    bench.pump()
    words.color = ink
    assert [fault[0] for fault in faint_words(bench.app.root, pictures.drawn())] == wrong
