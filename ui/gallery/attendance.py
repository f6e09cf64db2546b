"""Every state of staff's pages of workshops."""

from collections.abc import Callable

from protocol.documents import RosterLine
from protocol.event import Key
from protocol.workshops import Attended, Called, Cancelled

from ..models.panel import Panel
from .scene import Scene
from .staff import let_in
from .stage import Stage
from .workshops import PROGRAMME, offered

ELSEWHERE = RosterLine(
    workshop="cv",
    number=9999,
    seats=2,
    first_name="Marie-Emmanuelle",
    phone="+590 6 90 12 34 56",
    unit="van-marius",
    sign_up=Key(1, 1),
)
NAMES = ("Aïcha", "Jean-Baptiste", "", "Zoé")
"""Nobody's."""


def listed(stage: Stage) -> None:
    """People have signed up, here and elsewhere."""
    offered(stage)
    vault, unit = stage.desk.staff.vault, stage.desk.house.config.unit.id
    for place, name in enumerate(NAMES):
        people, waiting = ((1, 0), (2, 0), (1, 0), (3, 3))[place]
        said = stage.desk.capture.sign_up("cv", people, waiting, "", "")
        if name:
            vault.add(
                RosterLine(
                    workshop="cv",
                    number=said.number,
                    seats=people,
                    waiting=waiting,
                    first_name=name,
                    phone="06 12 34 56 78",
                    unit=unit,
                )
            )
    vault.add(ELSEWHERE)


def begun(stage: Stage) -> None:
    """It is the morning of the workshop, and it has begun."""
    stage.knows_time(PROGRAMME.workshops[0].starts + 600_000)


def came(stage: Stage) -> None:
    """Some are there, one without a sign-up."""
    seats = stage.desk.seats
    seats.look()
    first, second, *_ = seats.standings
    for said in (
        Attended(workshop="cv", status="seen", sign_up=first),
        Attended(workshop="cv", status="noshow", sign_up=second, people=2),
        Attended(workshop="cv", status="seen"),
    ):
        stage.desk.house.keep(said)


def moved_up(stage: Stage) -> None:
    """Somebody gave a place back, somebody else has it and does not know."""
    listed(stage)
    seats = stage.desk.seats
    seats.look()
    second, third = list(seats.standings)[1:3]
    for key in (second, third):
        seats.keep(Cancelled(sign_up=key))


def moved_up_unnamed(stage: Stage) -> None:
    """Somebody who gave no telephone has a seat now."""
    offered(stage)
    first, _ = (stage.desk.capture.sign_up("cv", 4, waiting, "", "") for waiting in (0, 4))
    seats = stage.desk.seats
    seats.look()
    if first.key:
        seats.keep(Cancelled(sign_up=first.key))


def everybody_told(stage: Stage) -> None:
    """There is nobody left to call."""
    for key in stage.desk.seats.to_call():
        stage.desk.house.keep(Called(sign_up=key))


def page(
    screen: str, stage: Stage, *before: Callable[[Stage], None], place: int | None = None
) -> None:
    """A page of a workshop, after what `before` did."""
    let_in(stage)
    for each in before:
        each(stage)
    stage.show(Panel(screen="closing" if screen == "closing" else "attendance"))
    if screen in ("roll", "place", "hand_back"):
        stage.desk.touch("open", "cv")
    if place is not None:
        stage.desk.touch("place", str(place))
    if screen == "hand_back":
        stage.desk.touch("give_back")
    if screen == "to_call":
        stage.desk.touch("to_call")


def of(
    screen: str, *before: Callable[[Stage], None], place: int | None = None
) -> Callable[[Stage], None]:
    """What brings a stage there."""
    return lambda stage: page(screen, stage, *before, place=place)


SCENES = (
    Scene("presences-01-aucun", of("attendance")),
    Scene("presences-02-ateliers", of("attendance", listed)),
    Scene("presences-03-a-noter", of("attendance", listed, begun)),
    Scene("presences-04-a-prevenir", of("attendance", moved_up)),
    Scene("presences-10-vide", of("roll", offered)),
    Scene("presences-11-feuille", of("roll", listed)),
    Scene("presences-12-faite", of("roll", listed, begun, came)),
    Scene("presences-20-inscrit", of("place", listed, place=0)),
    Scene("presences-21-groupe", of("place", listed, begun, came, place=1)),
    Scene("presences-21-present", of("place", listed, begun, came, place=0)),
    Scene("presences-22-sans-nom", of("place", listed, place=2)),
    Scene("presences-23-rendre", of("hand_back", listed, place=3)),
    Scene("presences-23-rendre-sans-nom", of("hand_back", listed, place=2)),
    Scene("presences-24-ailleurs", of("place", listed, place=4)),
    Scene("presences-30-prevenir", of("to_call", moved_up)),
    Scene("presences-30-prevenir-sans-telephone", of("to_call", moved_up_unnamed)),
    Scene("presences-32-finir-a-prevenir", of("closing", moved_up)),
    Scene("presences-31-tous-prevenus", of("to_call", moved_up, everybody_told)),
)
