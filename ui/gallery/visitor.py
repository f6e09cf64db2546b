"""Every state of the visitors' pages; those of workshops: `workshops.py`."""

from functools import partial

from ..models.panel import Panel
from .scene import Scene
from .stage import Stage


def shown(panel: Panel, stage: Stage) -> None:
    """A page by itself."""
    stage.show(panel)


PAGES = {
    "visiteur-01-bonjour": Panel(),
    "visiteur-02-pourquoi": Panel(screen="reasons"),
    "visiteur-03-oui": Panel(screen="confirm", door="logement"),
    "visiteur-04-parler": Panel(screen="confirm", door="lien_social"),
    "visiteur-05-ne-sait-pas": Panel(screen="confirm", door="ne_sait_pas"),
    "visiteur-06-merci": Panel(screen="thanks", door="logement", number=12),
    "visiteur-07-merci-8888": Panel(screen="thanks", door="logement", number=8888),
    "visiteur-08-aide": Panel(screen="help"),
    "visiteur-09-encore-la": Panel(screen="still_there", before="reasons"),
    "visiteur-10-desoles": Panel(screen="sorry", door="logement"),
}

SCENES = tuple(Scene(name, partial(shown, panel)) for name, panel in PAGES.items())
