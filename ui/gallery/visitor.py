"""Every state of the visitors' pages; those of workshops: `workshops.py`."""

from functools import partial

from protocol.documents import PlannedStop, Tour, Tours
from protocol.event import Key

from ..models import questions
from ..models.panel import Panel, Visit, changed
from .scene import Scene
from .stage import Stage

NUMBERED = Panel(screen="thanks", door="logement", number=12, visit=Visit(Key(1, 1), 12))
COMMUNES = ("Folschviller", "Valmont", "Saint-Avold", "Hombourg-Haut", "Lachambre")
TOURS = Tours(
    tours=(
        Tour(
            day="2026-11-26",
            name="Tournée du jeudi",
            stops=tuple(
                PlannedStop(
                    id=f"s-{place}",
                    name="Place",
                    lat=49.1,
                    lon=6.7,
                    commune=str(57000 + place),
                    commune_name=name,
                    opens=0,
                    closes=60,
                )
                for place, name in enumerate((*COMMUNES, "Saint-Jean-Rohrbach", "Valmont-le-Haut"))
            ),
        ),
    )
)


def shown(panel: Panel, stage: Stage) -> None:
    """A page by itself."""
    stage.show(panel)


def rings(panel: Panel, stage: Stage) -> None:
    """Somebody called, and the vehicle rings."""
    stage.says("vehicle", rings=True)
    stage.show(panel)


def asks(wanted: tuple[str, ...], panel: Panel, stage: Stage) -> None:
    """Somebody has a number, and may be asked that."""
    stage.desk.visitors.questions = questions.asked(wanted, TOURS, "")
    stage.show(panel)


PAGES = {
    "visiteur-01-bonjour": Panel(),
    "visiteur-02-pourquoi": Panel(screen="reasons"),
    "visiteur-03-oui": Panel(screen="confirm", door="logement"),
    "visiteur-04-parler": Panel(screen="confirm", door="lien_social"),
    "visiteur-05-ne-sait-pas": Panel(screen="confirm", door="ne_sait_pas"),
    "visiteur-06-merci": changed(NUMBERED, question=2),
    "visiteur-07-merci-8888": changed(NUMBERED, number=8888),
    "visiteur-07-merci-reponse-refusee": changed(NUMBERED, refused=True),
    "visiteur-08-aide-sans-sonnerie": Panel(screen="help"),
    "visiteur-09-encore-la": Panel(screen="still_there", before="reasons"),
    "visiteur-10-desoles": Panel(screen="sorry", door="logement"),
}
RINGS = {
    "visiteur-08-aide": Panel(screen="help"),
    "visiteur-08-autre-langue": Panel(screen="other_language", language="und"),
}
ASKED = {
    "visiteur-06-merci-1-question": changed(NUMBERED, question=1),
    "visiteur-06-merci-2-questions": NUMBERED,
    "visiteur-06-merci-2-questions-8888": changed(NUMBERED, number=8888),
}

SCENES = (
    *(Scene(name, partial(shown, panel)) for name, panel in PAGES.items()),
    *(Scene(name, partial(rings, panel)) for name, panel in RINGS.items()),
    *(Scene(name, partial(asks, questions.USUAL, panel)) for name, panel in ASKED.items()),
    *(
        Scene(
            f"visiteur-12-question-{number}-{code.replace('_', '-')}",
            partial(asks, (code, *questions.USUAL), changed(NUMBERED, screen="question")),
        )
        for number, code in enumerate(questions.ALL, 1)
    ),
)
