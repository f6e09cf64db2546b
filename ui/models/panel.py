"""What the panel shows, and what a touch or the quiet does to it: (panel, touch) → (panel, event).

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


class Facts(NamedTuple):
    """What the panel needs to know of the world when it is touched."""

    number: int = 1
    """The day's next number."""
    stop: Key | None = None
    """The stop that is open."""


NO_FACTS = Facts()


class Quiet(NamedTuple):
    """How long a screen bears quiet, in seconds."""

    question: float | None
    """Until *Encore là ?*; None: it does not ask."""
    forgotten: float
    """Until everything is forgotten."""


VISITOR = Quiet(35, 45)
QUIET: dict[Screen, Quiet] = {
    "reasons": VISITOR,
    "confirm": VISITOR,
    "still_there": VISITOR,
    "thanks": Quiet(None, 12),
    "sorry": Quiet(None, 30),
    "help": Quiet(None, 90),
    "driver": Quiet(None, 120),
    "pin": Quiet(None, 60),
    "staff": Quiet(None, 60),
    "closing": Quiet(None, 60),
    # Long enough to read a code over the phone and hear the answer; no name is in sight.
    "reset": Quiet(None, 240),
}
MOVES: dict[tuple[Screen, str], Screen] = {
    ("welcome", "begin"): "reasons",
    ("welcome", "driver"): "driver",
    ("reasons", "back"): "welcome",
    ("reasons", "chose"): "confirm",
    ("confirm", "back"): "reasons",
    ("confirm", "yes"): "thanks",
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
        return _changed(panel, screen=panel.before, patient=patient), None
    screen = MOVES.get((panel.screen, touch))
    if screen is None:
        return panel, None
    if screen == "welcome":
        return Panel(), None
    if touch == "yes":
        return _checks_in(panel, facts)
    if touch == "duty":
        return _changed(panel, refused=False), DUTIES[value]()
    if touch == "stop":
        return _changed(panel, refused=False), WORDS[value](source="driver")
    return _changed(panel, screen=screen, door=value or panel.door), None


def let_in(panel: Panel) -> Panel:
    """The staff's page for whoever gave the PIN; no touch alone leads there."""
    return _changed(panel, screen="staff", refused=False) if panel.screen == "pin" else panel


def put_out(panel: Panel) -> Panel:
    """The panel when the PIN was forgotten while somebody was in."""
    return Panel() if panel.screen in INSIDE else panel


def refused(before: Panel, touch: str) -> Panel:
    """The panel when the disk did not take what the touch made.

    Who checks in is told, kindly; help comes anyway; the driver sees it on the page.
    """
    if touch == "yes":
        return _changed(before, screen="sorry")
    if touch == "help":
        return _asks_help(before)[0]
    return _changed(before, refused=True)


def after_quiet(panel: Panel, quiet: float) -> Panel:
    """The panel after so many seconds without a touch."""
    bears = bears_quiet(panel)
    if bears is None:
        return panel
    if quiet >= bears.forgotten:
        return Panel()
    if bears.question is not None and quiet >= bears.question and panel.screen != "still_there":
        return _changed(panel, screen="still_there", before=panel.screen)
    return panel


def while_moving(panel: Panel, moving: bool) -> Panel:
    """Dark and without a button while the vehicle moves; nobody afterwards."""
    if moving:
        return Panel(screen="dark")
    return Panel() if panel.screen == "dark" else panel


def time_left(panel: Panel, quiet: float) -> float:
    """What the bar shows: from 1 to 0 while the panel waits to forget; 0 where no bar is."""
    bears = bears_quiet(panel)
    if bears is None or panel.screen not in ("thanks", "still_there"):
        return 0.0
    start = bears.question or 0.0
    return max(0.0, min(1.0, (bears.forgotten - quiet) / (bears.forgotten - start)))


def bears_quiet(panel: Panel) -> Quiet | None:
    """How long this panel bears quiet; None: for ever."""
    quiet = QUIET.get(panel.screen)
    if quiet is None or not panel.patient:
        return quiet
    return Quiet(quiet.question and quiet.question * 2, quiet.forgotten * 2)


def _checks_in(panel: Panel, facts: Facts) -> tuple[Panel, Event]:
    event = visits.CheckedIn(
        number=facts.number,
        door=panel.door,
        theme=codes.theme_of_door(panel.door),
        stop=facts.stop,
    )
    return _changed(panel, screen="thanks", number=facts.number), event


def _asks_help(panel: Panel) -> tuple[Panel, Event]:
    asked_from = panel.before if panel.screen == "still_there" else panel.screen
    after = _changed(panel, screen="help", before=asked_from)
    return after, incidents.HelpRequested(screen=asked_from)


def _changed(panel: Panel, **values: object) -> Panel:
    return msgspec.structs.replace(panel, **values)
