"""What the panel shows, and what a touch does to it: (panel, touch) → (panel, event).

Pure: the day's number and the open stop are given, the event goes back to be kept by others.
"""

from typing import Literal, NamedTuple

import msgspec

from protocol import codes, duty, incidents, stops, visits
from protocol.event import Event, Key

Screen = Literal[
    "welcome",
    "reasons",
    "confirm",
    "thanks",
    "workshops",
    "people",
    "group",
    "first_name",
    "phone",
    "signed_up",
    "sorry",
    "help",
    "still_there",
    "driver",
    "pin",
    "reset",
    "staff",
    "closing",
    "dark",
]
INSIDE: tuple[Screen, ...] = ("staff", "closing")
"""Screens that nobody sees without the PIN."""
DUTIES = {
    "started": duty.Started,
    "paused": duty.Paused,
    "resumed": duty.Resumed,
    "ended": duty.Ended,
}
WORDS = {"arrived": stops.Arrived, "departed": stops.Departed}


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """All that is remembered of the person at the panel: the default is nobody."""

    screen: Screen = "welcome"
    door: str = ""
    number: int = 0
    patient: bool = False
    """*J'ai besoin de temps* was touched: every delay is doubled."""
    before: Screen = "welcome"
    """Where *Aide* and *Encore là ?* lead back to."""
    refused: bool = False
    """The disk did not take the last word of the driver."""
    workshop: str = ""
    """Id of the workshop that somebody signs up for."""
    people: int = 0
    waiting: int = 0
    """How many of the people wait for a seat."""
    unsealed: bool = False
    """No name was asked for, or kept, since it could not be sealed."""


class Facts(NamedTuple):
    """What the panel needs to know of the world when it is touched."""

    number: int = 1
    """The day's next number."""
    stop: Key | None = None
    """The stop that is open."""


NO_FACTS = Facts()


MOVES: dict[tuple[Screen, str], Screen] = {
    ("welcome", "begin"): "reasons",
    ("welcome", "driver"): "driver",
    ("reasons", "back"): "welcome",
    ("reasons", "chose"): "confirm",
    ("confirm", "back"): "reasons",
    ("confirm", "yes"): "thanks",
    ("reasons", "workshops"): "workshops",
    ("workshops", "back"): "reasons",
    ("workshops", "chose"): "confirm",
    ("people", "back"): "workshops",
    ("group", "back"): "people",
    ("first_name", "back"): "people",
    ("phone", "back"): "first_name",
    ("signed_up", "done"): "welcome",
    ("sorry", "again"): "confirm",
    ("thanks", "done"): "welcome",
    ("sorry", "done"): "welcome",
    ("driver", "done"): "welcome",
    ("driver", "duty"): "driver",
    ("driver", "stop"): "driver",
    ("welcome", "staff"): "pin",
    ("pin", "done"): "welcome",
    ("pin", "forgotten"): "reset",
    ("reset", "done"): "welcome",
    ("reset", "back"): "pin",
    ("staff", "done"): "welcome",
    ("staff", "change"): "pin",
    ("staff", "close"): "closing",
    ("closing", "back"): "staff",
}
RETURNS = (("help", "back"), ("still_there", "stay"), ("still_there", "more_time"))
"""Touches that lead back to where the question or the call for help came from."""
WITH_HELP: tuple[Screen, ...] = (
    "welcome",
    "reasons",
    "confirm",
    "thanks",
    "workshops",
    "people",
    "group",
    "first_name",
    "phone",
    "signed_up",
    "sorry",
    "still_there",
)
"""Screens with *Aide* in their corner."""


def touched(
    panel: Panel, touch: str, value: str = "", facts: Facts = NO_FACTS
) -> tuple[Panel, Event | None]:
    """The panel after a touch, and the event to keep before it may be shown.

    A touch that means nothing on this screen (a late finger) changes nothing.
    """
    if touch == "help" and panel.screen in WITH_HELP:
        return _asks_help(panel)
    if (panel.screen, touch) in RETURNS:
        patient = panel.patient or touch == "more_time"
        return changed(panel, screen=panel.before, patient=patient), None
    screen = MOVES.get((panel.screen, touch))
    if screen is None:
        return panel, None
    if screen == "welcome":
        return Panel(), None
    if touch == "again" and panel.workshop:
        return changed(panel, screen="people"), None
    if touch == "yes":
        return _checks_in(panel, facts)
    if touch == "duty":
        return changed(panel, refused=False), DUTIES[value]()
    if touch == "stop":
        return changed(panel, refused=False), WORDS[value](source="driver")
    workshop = "" if screen in ("reasons", "workshops") else panel.workshop
    return changed(panel, screen=screen, door=value or panel.door, workshop=workshop), None


def let_in(panel: Panel) -> Panel:
    """The staff's page for whoever gave the PIN; no touch alone leads there."""
    return changed(panel, screen="staff", refused=False) if panel.screen == "pin" else panel


def put_out(panel: Panel) -> Panel:
    """The panel when the PIN was forgotten while somebody was in."""
    return Panel() if panel.screen in INSIDE else panel


def refused(before: Panel, touch: str) -> Panel:
    """The panel when the disk did not take what the touch made.

    Who checks in is told, kindly; help comes anyway; the driver sees it on the page.
    """
    if touch == "help":
        return _asks_help(before)[0]
    if touch in ("yes", "workshops", "workshop") or before.workshop:
        return changed(before, screen="sorry", door=before.door or "ateliers")
    return changed(before, refused=True)


def while_moving(panel: Panel, moving: bool) -> Panel:
    """Dark and without a button while the vehicle moves; nobody afterwards."""
    if moving:
        return Panel(screen="dark")
    return Panel() if panel.screen == "dark" else panel


def _checks_in(panel: Panel, facts: Facts) -> tuple[Panel, Event]:
    event = visits.CheckedIn(
        number=facts.number,
        door=panel.door,
        theme=codes.theme_of_door(panel.door),
        stop=facts.stop,
    )
    return changed(panel, screen="thanks", number=facts.number), event


def _asks_help(panel: Panel) -> tuple[Panel, Event]:
    asked_from = panel.before if panel.screen == "still_there" else panel.screen
    after = changed(panel, screen="help", before=asked_from)
    return after, incidents.HelpRequested(screen=asked_from)


def changed(panel: Panel, **values: object) -> Panel:
    """The same person, one thing different."""
    return msgspec.structs.replace(panel, **values)
