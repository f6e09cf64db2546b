"""Every state of the pages of workshops: signing up, changing it, giving it back."""

from functools import partial

from protocol.documents import Programme, Workshop

from ..models.panel import Panel
from ..models.typed import Typed
from .scene import Scene
from .stage import NOW, Stage

HOUR = 3_600_000
LONGEST = "Refaire son CV, préparer un entretien d’embauche et écrire une lettre avec aide"
"""As long as a title may be."""
PROGRAMME = Programme(
    workshops=(
        Workshop(
            id="cv",
            title=LONGEST,
            starts=NOW + 21 * HOUR,
            minutes=120,
            theme="insertion_professionnelle",
            seats=4,
        ),
        Workshop(
            id="telephone",
            title="Bien se servir de son téléphone",
            starts=NOW + 41 * HOUR - HOUR // 2,
            minutes=90,
            theme="prendre_en_main_du_materiel",
        ),
        Workshop(
            id="sante",
            title="Mon espace santé",
            starts=NOW + 189 * HOUR,
            minutes=60,
            theme="sante",
            seats=1,
        ),
        Workshop(
            id="cafe",
            title="Le café des parents",
            starts=NOW + 213 * HOUR,
            minutes=60,
            theme="parentalite",
            seats=12,
        ),
    )
)


def signing_up(panel: Panel, stage: Stage, typed: Typed = Typed()) -> None:  # noqa: B008
    """A page of a sign-up, with workshops on offer."""
    stage.knows_time()
    stage.sends("programme", PROGRAMME)
    stage.desk.workshops.look()
    stage.desk.workshops.typed = typed
    stage.show(panel)


SIGN_UP = {
    "ateliers-21-liste": Panel(screen="workshops"),
    "ateliers-22-combien": Panel(screen="people", workshop="cv"),
    "ateliers-23-combien-complet": Panel(screen="people", workshop="telephone"),
    "ateliers-24-groupe": Panel(screen="group", workshop="cv", people=6),
    "ateliers-27-inscrit": Panel(screen="signed_up", workshop="cv", people=1, number=42),
    "ateliers-28-inscrit-attente": Panel(
        screen="signed_up", workshop="cv", people=6, waiting=2, number=8888, unsealed=True
    ),
}
LONG_NAME = Typed(first_name="M" + 19 * "m", phone=15 * "8")
TYPED = {
    "ateliers-25-prenom": ("first_name", Typed(first_name="Zoe")),
    "ateliers-25-prenom-long": ("first_name", LONG_NAME),
    "ateliers-25-prenom-vide": ("first_name", Typed()),
    "ateliers-26-telephone": ("phone", Typed(phone="0694123456")),
    "ateliers-26-telephone-long": ("phone", LONG_NAME),
}


SCENES = (
    Scene("ateliers-20-aucun", lambda stage: stage.show(Panel(screen="workshops"))),
    *(Scene(name, partial(signing_up, panel)) for name, panel in SIGN_UP.items()),
    *(
        Scene(name, partial(signing_up, Panel(screen=page, workshop="cv", people=1), typed=typed))
        for name, (page, typed) in TYPED.items()
    ),
    Scene("ateliers-29-desoles", lambda stage: stage.show(Panel(screen="sorry", workshop="cv"))),
)
