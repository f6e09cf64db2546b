"""The first page by its languages, and who reads none of them."""

from functools import partial

from ..models.panel import Panel
from .scene import Scene
from .stage import Stage

SIX = ("fr", "ar", "en", "uk", "tr", "pt")
OFFERED = {
    "visiteur-01-bonjour-langues": SIX,
    "visiteur-01-bonjour-deux-langues": SIX[:2],
}


def welcoming(languages: tuple[str, ...], stage: Stage) -> None:
    """The first page of a vehicle with those languages."""
    stage.desk.languages.offered = languages
    stage.show(Panel())


def shown(panel: Panel, stage: Stage) -> None:
    """A page by itself."""
    stage.show(panel)


SCENES = (
    *(Scene(name, partial(welcoming, languages)) for name, languages in OFFERED.items()),
    Scene(
        "visiteur-01-autre-langue",
        partial(shown, Panel(screen="other_language", language="und")),
    ),
)
