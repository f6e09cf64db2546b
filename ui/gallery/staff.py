"""Every state of the staff's pages."""

from collections.abc import Callable
from contextlib import closing
from functools import partial

from appliance.journal import Journal
from protocol.codes import theme_of_door
from protocol.documents import PlannedStop, RosterLine, Tour, Tours
from protocol.event import Key
from protocol.stops import Arrived, Departed
from protocol.visits import CheckedIn, Described, Received
from protocol.workshops import SignedUp

from .. import memory
from ..models.panel import Panel
from ..models.staff import Pad
from .scene import Scene
from .stage import Stage

PIN = "482193"
LINES = tuple(
    RosterLine(workshop="atelier-cv", **told)
    for told in (
        {"number": 7, "first_name": "Aïcha", "phone": "06 12 34 56 78"},
        {"number": 12, "first_name": "Jean-Baptiste", "phone": "0594 12 34 56", "seats": 2},
        {"number": 13, "first_name": "Zoé", "seats": 12, "waiting": 11},
        {"number": 9998, "first_name": "Maria-Luísa", "phone": "+590 6 90 12 34 56"},
        {"number": 9999, "phone": "06 11 22 33 44", "waiting": 1},
    )
)
"""Nobody's names and numbers."""
TOURS = Tours(
    tours=(
        Tour(
            day="2026-11-26",
            name="Pays de Freyming",
            stops=tuple(
                PlannedStop(
                    id=f"s{place}",
                    name=f"Arrêt {place}",
                    lat=49,
                    lon=6,
                    commune="57000",
                    opens=540,
                    closes=600,
                )
                for place in range(4)
            ),
        ),
    )
)
PADS = {
    "equipe-01-code": Pad(typed="4821"),
    "equipe-02-code-choisir": Pad(aim="choose"),
    "equipe-02-code-facile": Pad(aim="choose", note="pin.trivial"),
    "equipe-02-code-differents": Pad(aim="choose", note="pin.differs"),
    "equipe-03-code-encore": Pad(aim="confirm", typed="482193"),
    "equipe-04-code-faux": Pad(note="pin.wrong"),
    "equipe-05-code-autre-boitier": Pad(note="pin.elsewhere"),
    "equipe-06-code-carte-pleine": Pad(note="driver.refused"),
}


def pad(typed: Pad, stage: Stage) -> None:
    """The PIN page with that on its pad."""
    stage.show(Panel(screen="pin"))
    stage.desk.staff.pad = typed


def waits(stage: Stage) -> None:
    """Too many wrong PINs."""
    let_in(stage)
    for _ in range(20):
        stage.desk.staff.vault.unlock("000000")
        stage.clock.advance(stage.desk.staff.vault.wait_left())
    stage.desk.staff.vault.unlock("000000")
    pad(Pad(), stage)


def reset(note: str, stage: Stage) -> None:
    """The code that is read out, and an answer half typed."""
    stage.show(Panel(screen="reset"))
    stage.desk.staff.pad = Pad(aim="answer", typed="WMWMWMW", note=note)


def let_in(stage: Stage) -> None:
    """Somebody gave the PIN."""
    stage.desk.staff.vault.choose(PIN)


def inside(
    screen: str, stage: Stage, *before: Callable[[Stage], None], refused: bool = False
) -> None:
    """A page behind the PIN, after what `before` did."""
    let_in(stage)
    for each in before:
        each(stage)
    stage.show(Panel(screen=screen, refused=refused))


PLACES = ("Freyming", "Hombourg-Haut, place du marché", "Folschviller")
DOORS = ("logement", "sante", "impots", "logement", "numerique", "lien_social", "retraite")
LANGUAGES = ("", "ar", "uk", "", "tr", "", "pt")


def came(stage: Stage, *doors: str, minutes: int = 4) -> list[Key]:
    """Visitors, one after the other, some of them in another language."""
    found = list[Key]()
    for door in doors or DOORS:
        stage.clock.advance(60 * minutes)
        desk = stage.desk
        number = len(found) + 1 + len(desk.staff.day.today().visits)
        stop = memory.open_stop(desk.house.data / "vehicle.db")
        event = CheckedIn(number=number, door=door, theme=theme_of_door(door), stop=stop)
        found.append(desk.house.keep(event))
        desk.staff.queue.follow(
            Panel(screen="thanks", number=number, door=door, language=LANGUAGES[number % 7])
        )
    return found


def drove(stage: Stage) -> None:
    """Three stops, the last one still open."""
    path = stage.desk.house.data / "vehicle.db"
    with closing(Journal.open(path, name="vehicle", clock=stage.clock)) as vehicle:
        for place in PLACES:
            stage.clock.advance(1800)
            vehicle.append(Arrived(source="both", name=place))
            if place != PLACES[-1]:
                stage.clock.advance(3600)
                seq = vehicle.head
                vehicle.append(Departed(source="both", stop=Key(vehicle.epoch, seq)))


def lively(stage: Stage) -> None:
    """A day with a bit of everything."""
    stage.knows_time()
    stage.sends("tour", TOURS)
    drove(stage)
    first = came(stage, *DOORS, *DOORS, *DOORS[:3], "emploi", "famille", "droit", "ateliers")
    house = stage.desk.house
    for key in first[:-4]:
        house.keep(Received(visit=key))
    for key in first[:9]:
        house.keep(noted(key))
    for number, workshop in enumerate(("cv", "cv", "telephone"), 1):
        house.keep(SignedUp(workshop=workshop, number=number))


def noted(visit: Key) -> Described:
    """What staff say of it."""
    return Described(
        visit=visit,
        source="staff",
        themes=("logement",),
        duration_minutes=30,
        mode="accompagne",
        place_type="autre",
        author="AB",
    )


def inside_on(screen: str, stage: Stage, **told: object) -> None:
    """A page behind the PIN in the middle of a lively day."""
    let_in(stage)
    lively(stage)
    stage.show(Panel(screen=screen, **told))


def listed(stage: Stage) -> None:
    """Somebody signed up."""
    for line in LINES:
        stage.desk.staff.vault.add(line)


def unsealed(stage: Stage) -> None:
    """Keys that do not work."""
    stage.desk.staff.sealer.trouble = "not_trusted"


def list_gone(stage: Stage) -> None:
    """The power was cut, and the list with it."""
    stage.desk.staff.vault._days.lose()


SCENES = (
    *(Scene(name, partial(pad, typed)) for name, typed in PADS.items()),
    Scene("equipe-07-code-attendre", waits),
    Scene("equipe-08-code-oublie", partial(reset, "reset.impossible")),
    Scene("equipe-10-accueil-vide", partial(inside, "staff")),
    Scene("equipe-11-accueil", partial(inside_on, "staff")),
    Scene("equipe-20-liste-vide", partial(inside, "roster")),
    Scene("equipe-21-liste", lambda stage: inside("roster", stage, listed)),
    Scene("equipe-22-cles", lambda stage: inside("roster", stage, listed, unsealed)),
    Scene("equipe-23-liste-partie", lambda stage: inside("roster", stage, list_gone)),
    Scene("equipe-90-finir", partial(inside, "closing")),
    Scene("equipe-91-finir-carte-pleine", partial(inside, "closing", refused=True)),
)
