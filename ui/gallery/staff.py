"""Every state of the staff's pages."""

from collections.abc import Callable
from contextlib import closing
from functools import partial

from appliance.journal import Journal
from protocol.codes import theme_of_door
from protocol.documents import PlannedStop, RosterLine, Tour, Tours
from protocol.event import Key
from protocol.incidents import HelpRequested
from protocol.stops import Arrived, Departed
from protocol.visits import CheckedIn, Described, Received
from protocol.workshops import SignedUp

from .. import memory
from ..models.panel import Panel, Visit, changed
from ..models.staff import Pad
from .scene import Scene
from .stage import Stage
from .workshops import PROGRAMME

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
    "equipe-03-code-encore": Pad(aim="confirm"),
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
        number = len(desk.staff.day.today().visits) + 1
        stop = memory.open_stop(desk.house.data / "vehicle.db")
        event = CheckedIn(number=number, door=door, theme=theme_of_door(door), stop=stop)
        found.append(desk.house.keep(event))
        visit = Visit(found[-1], number)
        desk.staff.queue.follow(
            Panel(screen="thanks", visit=visit, door=door, language=LANGUAGES[number % 7])
        )
    return found


def stops(stage: Stage, place: str, *doors: str, over: bool = True) -> list[Key]:
    """The vehicle stands there a while, and people come."""
    path = stage.desk.house.data / "vehicle.db"
    stage.clock.advance(900)
    with closing(Journal.open(path, name="vehicle", clock=stage.clock)) as vehicle:
        vehicle.append(Arrived(source="both", name=place))
        stop = Key(vehicle.epoch, vehicle.head)
    found = came(stage, *doors)
    if over:
        stage.clock.advance(600)
        with closing(Journal.open(path, name="vehicle", clock=stage.clock)) as vehicle:
            vehicle.append(Departed(source="both", stop=stop))
    return found


def lively(stage: Stage) -> None:
    """A day with a bit of everything."""
    stage.knows_time()
    stage.sends("tour", TOURS)
    stage.sends("programme", PROGRAMME)
    first = stops(stage, PLACES[0], *DOORS, *DOORS[:4])
    second = stops(stage, PLACES[1], *DOORS[:3])
    last = stops(stage, PLACES[2], *DOORS, "emploi", "famille", "droit", "ateliers", over=False)
    house = stage.desk.house
    for key in (*first, *second, *last[:-5]):
        house.keep(Received(visit=key))
    for key in first:
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


def after(screen: str, *touches: tuple[str, str], stage: Stage, **told: object) -> None:
    """A page of that day, after these touches."""
    inside_on(screen, stage, **told)
    for touch, value in touches:
        stage.desk.touch(touch, value)
    stage.app.show()


def look(view: str, stage: Stage) -> None:
    """The first page, counted by something else."""
    inside_on("staff", stage)
    stage.app.root.ids.manager.current_screen.look(view)


def visit_refused(stage: Stage) -> None:
    """A description that the card did not take."""
    after("visits", *DESCRIBED, stage=stage)
    stage.show(changed(stage.desk.panel, refused=True))


def nobody_waits(stage: Stage) -> None:
    """The queue of a morning."""
    stage.knows_time()
    inside("queue", stage)


def rehearsing(screen: str, stage: Stage) -> None:
    """Trial mode, with somebody who plays a visitor."""
    stage.knows_time()
    let_in(stage)
    stage.desk.staff._rehearses(True)
    house = stage.desk.house
    house.keep(CheckedIn(number=1, door="sante", theme="social_sante"))
    stage.show(Panel(screen=screen))


def asked_for_help(screen: str, stage: Stage) -> None:
    """A call a few minutes ago."""
    let_in(stage)
    lively(stage)
    stage.desk.house.keep(HelpRequested(screen="welcome"))
    stage.clock.advance(190)
    stage.show(Panel(screen=screen))


def everybody_noted(stage: Stage) -> None:
    """Nothing is left to do."""
    let_in(stage)
    stage.knows_time()
    for key in came(stage, "logement", "sante"):
        stage.desk.house.keep(Received(visit=key))
        stage.desk.house.keep(noted(key))


def counting(screen: str, stage: Stage) -> None:
    """A tally of a street animation, half done."""
    let_in(stage)
    lively(stage)
    stage.show(Panel(screen="animation"))
    desk = stage.desk
    desk.touch("chose", "lien_social")
    for many, cell in ((12, "moins_de_douze:feminin"), (9, "moins_de_douze:masculin")):
        for _ in range(many):
            desk.touch("one", cell)
    for cell in ("vingt_cinq_trente_neuf:feminin", "soixante_dix_plus:non_communique"):
        desk.touch("one", cell)
    if screen == "lasted":
        desk.touch("over")
    stage.app.show()


def signing(stage: Stage) -> None:
    """Initials half typed."""
    after("staff", ("author", ""), ("key", "C"), ("key", "D"), stage=stage)


def call(number: str, stage: Stage) -> None:
    """Somebody is called."""
    after("queue", ("call", number), stage=stage)


DESCRIBED = (("describe", "13"), ("choose", "duration:30"), ("choose", "mode:accompagne"))


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
    Scene("equipe-12-accueil-inscrits", lambda stage: look("sign_ups", stage)),
    Scene("equipe-13-accueil-arrets", lambda stage: look("stops", stage)),
    Scene("equipe-14-initiales", signing),
    Scene("equipe-15-accueil-essai", partial(rehearsing, "staff")),
    Scene("equipe-16-visiteurs-essai", partial(rehearsing, "welcome")),
    Scene("equipe-17-finir-essai", partial(rehearsing, "closing")),
    Scene("equipe-30-file-vide", nobody_waits),
    Scene("equipe-31-file", partial(inside_on, "queue")),
    Scene("equipe-32-file-aide", partial(asked_for_help, "queue")),
    Scene("equipe-32-accueil-aide", partial(asked_for_help, "staff")),
    Scene("equipe-33-file-notee", lambda s: after("check_in", ("chose", "retraite"), stage=s)),
    Scene("equipe-34-file-essai", partial(rehearsing, "queue")),
    Scene("equipe-35-appel", partial(call, "24")),
    Scene("equipe-36-appel-arabe", partial(call, "22")),
    Scene("equipe-37-noter", partial(inside_on, "check_in")),
    Scene("equipe-38-noter-carte-pleine", partial(inside_on, "check_in", refused=True)),
    Scene("equipe-40-visites", partial(inside_on, "visits")),
    Scene("equipe-41-visites-toutes", lambda s: after("visits", ("all", ""), stage=s)),
    Scene("equipe-42-visites-rien", lambda s: inside("visits", s, everybody_noted)),
    Scene("equipe-43-visite", lambda s: after("visits", DESCRIBED[0], stage=s)),
    Scene("equipe-44-visite-carte-pleine", visit_refused),
    Scene("equipe-44-visite-dite", lambda s: after("visits", *DESCRIBED, stage=s)),
    Scene(
        "equipe-45-visite-themes",
        lambda s: after("visits", DESCRIBED[0], ("field", "themes"), stage=s),
    ),
    *(
        Scene(
            f"equipe-46-visite-{field}",
            lambda s, field=field: after("visits", DESCRIBED[0], ("field", field), stage=s),
        )
        for field in ("people", "materials", "autonomy", "place", "referral")
    ),
    Scene(
        "equipe-47-ne-pas-compter",
        lambda s: after("visits", DESCRIBED[0], ("strike", ""), stage=s),
    ),
    Scene("equipe-48-visites-ensemble", lambda s: after("closing", ("describe", ""), stage=s)),
    Scene("equipe-50-animation", partial(inside_on, "animation")),
    Scene("equipe-51-comptage", partial(counting, "tally")),
    Scene("equipe-51-comptage-vide", partial(inside_on, "tally")),
    Scene("equipe-52-comptage-duree", partial(counting, "lasted")),
    Scene("equipe-20-liste-vide", partial(inside, "roster")),
    Scene("equipe-21-liste", lambda stage: inside("roster", stage, listed)),
    Scene("equipe-22-cles", lambda stage: inside("roster", stage, listed, unsealed)),
    Scene("equipe-23-liste-partie", lambda stage: inside("roster", stage, list_gone)),
    Scene("equipe-90-finir", lambda s: inside("closing", s, everybody_noted)),
    Scene("equipe-92-finir-reste", partial(inside_on, "closing")),
    Scene("equipe-95-journee-finie", lambda s: s.show(Panel(screen="day_over"))),
    Scene("equipe-93-resume", partial(inside_on, "summary")),
    Scene("equipe-94-resume-vide", partial(inside, "summary")),
    Scene("equipe-91-finir-carte-pleine", partial(inside, "closing", refused=True)),
)
