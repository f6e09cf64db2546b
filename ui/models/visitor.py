"""What a visitor's touch does beyond a move: who checks in, who asks for help. Pure."""

from typing import NamedTuple

from protocol import codes
from protocol.event import Key
from protocol.visits import CheckedIn

from .languages import asks_other
from .moves import WITH_HELP, moved
from .moves.visitor import RETURNS
from .panel import Panel, Visit, changed

AFTERWARDS = (("question", "back"), ("workshops", "back"), ("workshops", "chose"))
"""Touches that mean something else once somebody has a number."""
MINE = ("my_number", "my_code", "my_place", "give_back")
"""Pages of somebody who signed up before: what fails there is tried again there."""


class Facts(NamedTuple):
    """What must be known of the world when somebody checks in."""

    number: int = 1
    """The day's next number."""
    stop: Key | None = None
    """The stop that is open."""


def touched(panel: Panel, touch: str, value: str) -> Panel | None:
    """The panel after a touch that keeps nothing; None: it is not one of these."""
    if (panel.screen, touch) in RETURNS:
        patient = panel.patient or touch == "more_time"
        return changed(panel, screen=panel.before, patient=patient)
    if (panel.screen, touch) in AFTERWARDS and panel.visit:
        return _afterwards(panel, touch, panel.visit)
    if touch == "chose":
        after = changed(moved(panel, touch), door=value, workshop="")
        return after if after.screen == "confirm" else None
    if (panel.screen, touch) == ("sorry", "again"):
        return _again(panel)
    return None


def _again(panel: Panel) -> Panel | None:
    """Back to where the disk took nothing; None: to the check-in."""
    if panel.workshop:
        return changed(panel, screen="people")
    return changed(panel, screen=panel.before) if panel.before in MINE else None


def _afterwards(panel: Panel, touch: str, visit: Visit) -> Panel:
    """Whoever has a number keeps it: back leads to it, and nobody takes a second one."""
    if touch != "back":
        return panel
    if panel.screen == "question" and panel.question:
        return changed(panel, question=panel.question - 1)
    return changed(panel, screen="thanks", number=visit.number)


def check_in(panel: Panel, facts: Facts) -> CheckedIn:
    """What is kept of somebody who touched *Oui*."""
    return CheckedIn(
        number=facts.number,
        door=panel.door,
        theme=codes.theme_of_door(panel.door),
        stop=facts.stop,
    )


def checked_in(panel: Panel, visit: Visit) -> Panel:
    """The panel once that is on the card."""
    return changed(panel, screen="thanks", number=visit.number, visit=visit)


def answered(panel: Panel, asked: int) -> Panel:
    """The panel once an answer is on the card: the next question, or the number again."""
    question = panel.question + 1
    screen = "question" if question < asked else "thanks"
    return changed(panel, screen=screen, question=question, refused=False)


def asked_from(panel: Panel) -> str:
    """The page that *Aide* leads back to."""
    failed = panel.screen == "sorry" and panel.before in MINE
    return panel.before if failed or panel.screen == "still_there" else panel.screen


def asks_help(panel: Panel) -> Panel:
    """Somebody comes, whether the call was kept or not."""
    return changed(panel, screen="help", before=asked_from(panel))


def refused(before: Panel, touch: str) -> Panel:
    """The panel when the disk did not take what the touch made.

    Who checks in is told, kindly; help comes anyway; driver and staff see it on their page.
    """
    if touch == "help":
        return asks_help(before)
    if touch == "other_language":
        return asks_other(before)
    if before.screen == "question":
        return changed(before, screen="thanks", refused=True)
    if before.visit and not before.workshop:
        # Who has a number is led back to it, never to another one.
        return changed(before, screen="thanks", number=before.visit.number, refused=True)
    if before.screen in WITH_HELP:
        door = before.door if before.screen in MINE else before.door or "ateliers"
        return changed(before, screen="sorry", door=door, before=before.screen)
    return changed(before, refused=True)
