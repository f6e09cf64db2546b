"""How long each screen waits for whoever went away, and that it then forgets everything. Pure."""

from .moves import QUIET, WITH_BAR
from .panel import Panel, Quiet, changed


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
    # The question goes on with the patience of the page that it was asked on.
    asked = panel.screen == "still_there" and panel.before in QUIET
    quiet = QUIET.get(panel.before if asked else panel.screen)
    if quiet is None or not panel.patient:
        return quiet
    return Quiet(quiet.question and quiet.question * 2, quiet.forgotten * 2)
