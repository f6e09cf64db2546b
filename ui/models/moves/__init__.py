"""Where a touch leads that keeps nothing: data for visitors, driver and staff, one rule. Pure."""

from ..panel import Moves, Panel, Quiet, changed
from . import driver, staff, unit, visitor, workshops

MOVES: Moves = {
    **visitor.MOVES,
    **workshops.MOVES,
    **driver.MOVES,
    **staff.MOVES,
    **unit.MOVES,
}
QUIET: dict[str, Quiet] = {
    **visitor.QUIET,
    **workshops.QUIET,
    **driver.QUIET,
    **staff.QUIET,
    **unit.QUIET,
}
INSIDE = (*staff.INSIDE, *workshops.INSIDE, *unit.INSIDE)
WITH_HELP = (*visitor.WITH_HELP, *workshops.WITH_HELP)
WITH_BAR = (*visitor.WITH_BAR, *workshops.WITH_BAR)


def moved(panel: Panel, touch: str) -> Panel:
    """The panel after a touch that nobody had more to say about.

    A touch that means nothing on this screen (a late finger) changes nothing.
    """
    screen = MOVES.get((panel.screen, touch))
    if screen is None:
        return panel
    if screen == "welcome":
        return Panel()
    return changed(panel, screen=screen, refused=False)


def is_inside(panel: Panel) -> bool:
    """Whether only whoever gave the PIN sees it: a page of staff, or one that they use."""
    return panel.screen in INSIDE or panel.by_staff


def let_in(panel: Panel) -> Panel:
    """The staff's page for whoever gave the PIN; no touch alone leads there."""
    return changed(panel, screen="staff", refused=False) if panel.screen == "pin" else panel


def put_out(panel: Panel) -> Panel:
    """The panel when the PIN was forgotten while somebody was in."""
    return Panel() if is_inside(panel) else panel
