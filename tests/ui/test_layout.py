"""Every scene on the panels: words fit, nothing leaves the window, a finger finds its target."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import unit_config
from tests.ui.kit import Bench, becomes
from ui import theme
from ui.display import PROFILES
from ui.text import catalogue

WIDE, TALL = "officiel-7", "touch-2"
LARGER = 1.2


def longest() -> str:
    """The language whose words take the most room."""
    return max(catalogue.languages(), key=lambda code: len("".join(catalogue.load(code).values())))


VISITORS = sorted({"fr", longest(), *({"ar"} & set(catalogue.languages()))})
READERS = [("visitor", language) for language in VISITORS] + [("driver", "fr"), ("staff", "fr")]
"""Who reads the pages, and in which language; drivers and staff read French."""


@pytest.fixture
def stage(tmp_path: Path, panel: str) -> Iterator[Any]:
    """A window of that panel's size."""
    from ui.gallery.stage import Stage

    becomes(PROFILES[panel])
    stage = Stage(unit_config(tmp_path, screen={"panel": panel}), tmp_path / "scenes")
    yield stage
    stage.close()


@pytest.mark.parametrize("panel", [WIDE, TALL])
@pytest.mark.parametrize(("reader", "language"), READERS)
def test_every_scene_fits_and_in_letters_a_fifth_larger_too(
    stage: Any, panel: str, reader: str, language: str
) -> None:
    from ui.gallery.pictures import GALLERY

    found = []
    for scene in GALLERY[reader]:
        stage.arrange(scene.arrange)
        for larger in (1, LARGER):
            stage.settle(language=language, larger=larger)
            found += ((scene.name, larger, *fault) for fault in faults(stage, panel))
    assert found == []


@pytest.mark.slow
@pytest.mark.parametrize("panel", sorted({*PROFILES} - {WIDE, TALL}))
def test_every_scene_fits_the_other_panels(stage: Any, panel: str) -> None:
    from ui.gallery.pictures import SCENES

    found = []
    for scene in SCENES:
        stage.arrange(scene.arrange)
        found += ((scene.name, *fault) for fault in faults(stage, panel))
    assert found == []


@pytest.mark.slow
@pytest.mark.parametrize("panel", [WIDE])
def test_every_word_of_every_scene_stands_out(stage: Any, panel: str) -> None:
    from ui.gallery import pictures
    from ui.gallery.contrast import faint_words

    found = []
    for scene in pictures.SCENES:
        stage.arrange(scene.arrange)
        faint = faint_words(stage.app.root, pictures.drawn())
        found += ((scene.name, *fault) for fault in faint)
    assert found == []


@pytest.mark.parametrize("panel", [WIDE, TALL])
@pytest.mark.parametrize("larger", [1, LARGER])
def test_the_crash_page_fits(stage: Any, panel: str, larger: float) -> None:
    stage.settle(larger=larger)
    stage.app.rest()
    stage.app.root.crash()
    stage.pump()
    assert faults(stage, panel) == []


def faults(stage: Any, panel: str) -> list[tuple[Any, ...]]:
    from ui.gallery import lint

    return list(lint.faults(stage.app.root, PROFILES[panel]))


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
