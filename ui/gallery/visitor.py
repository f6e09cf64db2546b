"""Every state of the visitors' pages."""

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


def shown(panel: Panel, stage: Stage) -> None:
    """A page by itself."""
    stage.show(panel)


def signing_up(panel: Panel, stage: Stage, typed: Typed = Typed()) -> None:  # noqa: B008
    """A page of a sign-up, with workshops on offer."""
    stage.knows_time()
    stage.sends("programme", PROGRAMME)
    stage.desk.workshops.look()
    stage.desk.workshops.typed = typed
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
    "visiteur-11-desoles-atelier": Panel(screen="sorry", workshop="cv"),
    "visiteur-20-ateliers-aucun": Panel(screen="workshops"),
}
SIGN_UP = {
    "visiteur-21-ateliers": Panel(screen="workshops"),
    "visiteur-22-combien": Panel(screen="people", workshop="cv"),
    "visiteur-23-combien-complet": Panel(screen="people", workshop="telephone"),
    "visiteur-24-groupe": Panel(screen="group", workshop="cv", people=6),
    "visiteur-27-inscrit": Panel(screen="signed_up", workshop="cv", people=1, number=42),
    "visiteur-28-inscrit-attente": Panel(
        screen="signed_up", workshop="cv", people=6, waiting=2, number=8888, unsealed=True
    ),
}
LONG_NAME = Typed(first_name="M" + 19 * "m", phone=15 * "8")
TYPED = {
    "visiteur-25-prenom": ("first_name", Typed(first_name="Zoe")),
    "visiteur-25-prenom-long": ("first_name", LONG_NAME),
    "visiteur-25-prenom-vide": ("first_name", Typed()),
    "visiteur-26-telephone": ("phone", Typed(phone="0694123456")),
    "visiteur-26-telephone-long": ("phone", LONG_NAME),
}

SCENES = (
    *(Scene(name, partial(shown, panel)) for name, panel in PAGES.items()),
    *(Scene(name, partial(signing_up, panel)) for name, panel in SIGN_UP.items()),
    *(
        Scene(name, partial(signing_up, Panel(screen=page, workshop="cv", people=1), typed=typed))
        for name, (page, typed) in TYPED.items()
    ),
)
