"""Every state of the staff's pages."""

from collections.abc import Callable
from functools import partial

from protocol.documents import RosterLine

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
    Scene("equipe-20-liste-vide", partial(inside, "staff")),
    Scene("equipe-21-liste", lambda stage: inside("staff", stage, listed)),
    Scene("equipe-22-cles", lambda stage: inside("staff", stage, listed, unsealed)),
    Scene("equipe-23-liste-partie", lambda stage: inside("staff", stage, list_gone)),
    Scene("equipe-90-finir", partial(inside, "closing")),
    Scene("equipe-91-finir-carte-pleine", partial(inside, "closing", refused=True)),
)
