"""What every scene of the gallery is held to, on one panel. The lint itself: ui/gallery/lint.py."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any

from tests.support import unit_config
from tests.ui.kit import becomes
from ui.display import PROFILES
from ui.text import catalogue

LARGER = 1.2
"""Letters of that size must fit too."""
KINDS = ("visitor", "workshops", "aloud", "driver", "staff", "attendance", "unit")
"""Of pages: ui/gallery/pictures.py."""
FOR_VISITORS = ("visitor", "workshops", "aloud")
"""Those that are read in every language; the others are French."""


def languages(kind: str) -> tuple[str, ...]:
    """Those to look at: French, Arabic, and the one whose words take the most room."""
    if kind not in FOR_VISITORS:
        return ("fr",)
    longest = max(
        catalogue.languages(), key=lambda code: len("".join(catalogue.load(code).values()))
    )
    return tuple(dict.fromkeys(("fr", "ar", longest)))


@contextmanager
def stage_on(panel: str, folder: Path) -> Iterator[Any]:
    """A window of that panel's size, on a card thrown away."""
    from ui.gallery.stage import Stage

    becomes(PROFILES[panel])
    config = unit_config(folder, screen={"panel": panel, "unread_languages": True})
    stage = Stage(config, folder / "scenes")
    try:
        yield stage
    finally:
        stage.close()


def what_does_not_fit(
    kind: str, panel: str, folder: Path, *, drawn: bool = False
) -> Iterator[tuple[Any, ...]]:
    """In every scene, each of the languages, letters as they are drawn and larger.

    `drawn`: words that are too pale too. A window in memory draws whole only at its first size.
    """
    from ui.gallery import pictures
    from ui.gallery.contrast import faint_words

    with stage_on(panel, folder) as stage:
        for scene in pictures.GALLERY[kind]:
            stage.arrange(scene.arrange)
            for larger, language in product((LARGER, 1), languages(kind)):
                stage.settle(language=language, larger=larger)
                for fault in faults(stage, panel):
                    yield scene.name, language, larger, *fault
            for fault in faint_words(stage.app.root, pictures.drawn()) if drawn else ():
                yield scene.name, *fault


def faults(stage: Any, panel: str) -> list[tuple[Any, ...]]:
    """What the lint says of the page that is up, once it has come to rest."""
    from ui.gallery import lint

    if list(lint.faults(stage.app.root, PROFILES[panel])):
        stage.pump(10)  # boxes in boxes: a few frames more
    return list(lint.faults(stage.app.root, PROFILES[panel]))


def what_does_not_fit_of_a_crash(panel: str, folder: Path, larger: float) -> list[tuple[Any, ...]]:
    """On the page that is shown when the screen broke."""
    with stage_on(panel, folder) as stage:
        stage.settle(larger=larger)
        stage.app.rest()
        stage.app.root.crash()
        stage.pump()
        return faults(stage, panel)
