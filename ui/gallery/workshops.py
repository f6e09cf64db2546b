"""Every state of the pages of workshops: signing up, changing it, giving it back."""

from functools import partial
from typing import Any

from protocol.documents import Notices, Programme, Workshop
from protocol.event import Key

from ..models.panel import Panel, Visit, changed
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
            starts=NOW + 25 * HOUR,
            minutes=120,
            theme="insertion_professionnelle",
            seats=4,
        ),
        Workshop(
            id="telephone",
            title="Bien se servir de son téléphone",
            starts=NOW + 54 * HOUR - HOUR // 2,
            minutes=90,
            theme="prendre_en_main_du_materiel",
        ),
        Workshop(
            id="sante",
            title="Mon espace santé",
            starts=NOW + 193 * HOUR,
            minutes=60,
            theme="sante",
            seats=1,
        ),
        Workshop(
            id="cafe",
            title="Le café des parents",
            starts=NOW + 221 * HOUR,
            minutes=60,
            theme="parentalite",
            seats=12,
        ),
    )
)


def offered(stage: Stage) -> None:
    """The federation offers these, and the time is known."""
    stage.knows_time()
    stage.sends("programme", PROGRAMME)
    stage.desk.workshops.look()


def signing_up(panel: Panel, stage: Stage, typed: Typed = Typed()) -> None:  # noqa: B008
    """A page of a sign-up, with workshops on offer."""
    offered(stage)
    stage.desk.workshops.typed = typed
    stage.show(panel)


def signed_up(
    stage: Stage,
    *,
    screen: str,
    workshop: str = "cv",
    people: int = 1,
    waiting: int = 0,
    **more: Any,
) -> None:
    """A page about a sign-up that is on the card."""
    offered(stage)
    said = stage.desk.capture.sign_up(workshop, people, waiting, "", "")
    stage.desk.workshops.look()
    about = Panel(
        screen=screen,
        workshop=workshop,
        people=people,
        waiting=waiting,
        number=said.number,
        sign_up=said.key,
    )
    stage.show(changed(about, **more))


def typing(screen: str, stage: Stage, *, typed: str = "", note: str = "") -> None:
    """Number or letters half typed, or refused."""
    offered(stage)
    stage.show(Panel(screen=screen, number=42))
    stage.desk.my_place.typed, stage.desk.my_place.note = typed, note


SHORT = Programme(workshops=PROGRAMME.workshops[1:])


def short_titles(stage: Stage) -> None:
    """Titles of one line: more of them on a page."""
    stage.knows_time()
    stage.sends("programme", SHORT)
    stage.desk.workshops.look()
    stage.show(Panel(screen="workshops"))


VISIT = Visit(key=Key(1, 1), number=12)
SIGN_UP = {
    "ateliers-21-liste": Panel(screen="workshops"),
    "ateliers-21-liste-avec-numero": Panel(screen="workshops", visit=VISIT),
    "ateliers-22-combien": Panel(screen="people", workshop="cv"),
    "ateliers-23-combien-complet": Panel(screen="people", workshop="telephone"),
    "ateliers-24-groupe": Panel(screen="group", workshop="cv", people=6),
}
LONG_NAME = Typed(first_name="M" + 19 * "m", phone=15 * "8")
TYPED = {
    "ateliers-25-prenom": ("first_name", Typed(first_name="Zoe")),
    "ateliers-25-prenom-long": ("first_name", LONG_NAME),
    "ateliers-25-prenom-vide": ("first_name", Typed()),
    "ateliers-26-telephone": ("phone", Typed(phone="0694123456")),
    "ateliers-26-telephone-long": ("phone", LONG_NAME),
}
SIGNED_UP: dict[str, dict[str, Any]] = {
    "ateliers-27-inscrit": {"screen": "signed_up", "workshop": "sante"},
    "ateliers-28-inscrit-attente": {
        "screen": "signed_up",
        "people": 6,
        "waiting": 2,
        "number": 8888,
        "unsealed": True,
    },
    "ateliers-33-ma-place": {"screen": "my_place", "workshop": "sante"},
    "ateliers-34-ma-place-attente": {"screen": "my_place", "people": 6, "waiting": 6},
    "ateliers-35-rendre": {"screen": "give_back", "people": 2},
    "ateliers-36-rendu": {"screen": "given_back"},
}
FOUND_AGAIN = {
    "ateliers-30-numero": ("my_number", {"typed": "42"}),
    "ateliers-31-numero-inconnu": ("my_number", {"note": "my_number.unknown"}),
    "ateliers-31-numero-rendu": ("my_number", {"note": "my_number.given_back"}),
    "ateliers-32-lettres": ("my_code", {"typed": "BW"}),
    "ateliers-32-lettres-fausses": ("my_code", {"note": "my_code.wrong"}),
    "ateliers-32-lettres-attendre": ("my_code", {"note": "my_code.wait"}),
}

NOTICE = Notices(
    texts={
        "fr": "Le centre social Les Halles est responsable de ces informations. Elles servent à "
        "préparer les ateliers et à compter les visites.\nElles sont gardées deux ans au plus. "
        "Vous pouvez demander à les lire, à les corriger ou à les effacer : parlez à l’équipe, ou "
        "écrivez à donnees@example.org. Vous pouvez aussi écrire à la CNIL."
    }
)


IN_LINES = Notices(texts={"fr": "Oui.\n" * 40})


def noticed(stage: Stage, notices: Notices = NOTICE) -> None:
    """The federation has sent a text of its own."""
    stage.sends("notices", notices)
    stage.show(Panel(screen="notice"))


SCENES = (
    Scene("ateliers-40-informations", lambda stage: stage.show(Panel(screen="notice"))),
    Scene("ateliers-41-informations-federation", noticed),
    Scene("ateliers-42-informations-lignes", lambda stage: noticed(stage, IN_LINES)),
    Scene("ateliers-20-aucun", lambda stage: stage.show(Panel(screen="workshops"))),
    Scene(
        "ateliers-20-aucun-avec-numero",
        lambda stage: stage.show(Panel(screen="workshops", visit=VISIT)),
    ),
    Scene("ateliers-21-liste-courte", short_titles),
    *(Scene(name, partial(signing_up, panel)) for name, panel in SIGN_UP.items()),
    *(
        Scene(name, partial(signing_up, Panel(screen=page, workshop="cv", people=1), typed=typed))
        for name, (page, typed) in TYPED.items()
    ),
    *(Scene(name, partial(signed_up, **told)) for name, told in SIGNED_UP.items()),
    *(Scene(name, partial(typing, page, **told)) for name, (page, told) in FOUND_AGAIN.items()),
    Scene("ateliers-29-desoles", lambda stage: stage.show(Panel(screen="sorry", workshop="cv"))),
)
