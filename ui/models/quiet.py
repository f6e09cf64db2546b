"""How long each screen waits for whoever went away, and that it then forgets everything. Pure."""

from typing import NamedTuple

from .panel import Panel, Screen, changed


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
    "workshops": VISITOR,
    "people": VISITOR,
    "group": VISITOR,
    "first_name": VISITOR,
    "phone": VISITOR,
    "thanks": Quiet(None, 12),
    # Long enough to write the number and the date down.
    "signed_up": Quiet(None, 30),
    "sorry": Quiet(None, 30),
    "help": Quiet(None, 90),
    "driver": Quiet(None, 120),
    "pin": Quiet(None, 60),
    "staff": Quiet(None, 60),
    "closing": Quiet(None, 60),
    # Long enough to read a code over the phone and hear the answer; no name is in sight.
    "reset": Quiet(None, 240),
}
WITH_BAR: tuple[Screen, ...] = ("thanks", "signed_up", "still_there")


def after_quiet(panel: Panel, quiet: float) -> Panel:
    """The panel after so many seconds without a touch."""
    bears = bears_quiet(panel)
    if bears is None:
        return panel
    if quiet >= bears.forgotten:
        return Panel()
    if bears.question is not None and quiet >= bears.question and panel.screen != "still_there":
        return changed(panel, screen="still_there", before=panel.screen)
    return panel


def time_left(panel: Panel, quiet: float) -> float:
    """What the bar shows: from 1 to 0 while the panel waits to forget; 0 where no bar is."""
    bears = bears_quiet(panel)
    if bears is None or panel.screen not in WITH_BAR:
        return 0.0
    start = bears.question or 0.0
    return max(0.0, min(1.0, (bears.forgotten - quiet) / (bears.forgotten - start)))


def bears_quiet(panel: Panel) -> Quiet | None:
    """How long this panel bears quiet; None: for ever."""
    quiet = QUIET.get(panel.screen)
    if quiet is None or not panel.patient:
        return quiet
    return Quiet(quiet.question and quiet.question * 2, quiet.forgotten * 2)
