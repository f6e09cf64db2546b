"""What a touch does on the pages of a sign-up. Pure; holds no name: what is typed lies elsewhere.

Says when the sign-up is to be kept; only what was kept is ever shown as done.
"""

from typing import NamedTuple

from protocol.event import Key

from . import workshops
from .panel import Panel, changed
from .workshops import Offer

MOST_PEOPLE = 6
TOUCHES: frozenset[tuple[str, str]] = frozenset(
    {
        ("workshops", "workshop"),
        ("people", "people"),
        ("group", "all_wait"),
        ("group", "some_wait"),
        ("first_name", "named"),
        ("first_name", "nameless"),
        ("phone", "phoned"),
        ("phone", "phoneless"),
    }
)
SHEET = Panel(screen="roll")
"""Where staff who signed somebody up go on."""
TYPED: tuple[str, ...] = ("first_name", "phone")
"""Pages where something is typed: what was typed is kept for them alone."""


class Step(NamedTuple):
    """The panel after a touch."""

    panel: Panel
    is_due: bool = False
    """Everything was asked: the sign-up is to be kept before anything is shown."""


def touched(panel: Panel, touch: str, value: str, offer: Offer | None, *, seals: bool) -> Step:
    """`offer`: the workshop that is meant, None when there is no such one any more.

    For a sign-up that is changed its own seats count among those that are left.
    `seals`: whether a name could be kept; where it could not, none is asked for.
    """
    if offer is None:
        gone = changed(panel, screen="workshops", workshop="", sign_up=None)
        return Step(SHEET if panel.by_staff else gone)
    if touch == "workshop":
        return Step(changed(panel, screen="people", workshop=offer.id))
    if touch == "people":
        return _seated(changed(panel, people=_people(value), waiting=0), offer, seals)
    if touch in ("all_wait", "some_wait"):
        waiting = panel.people - (offer.left if touch == "some_wait" else 0)
        return _asks(changed(panel, waiting=waiting), offer, seals)
    if touch in ("named", "nameless"):
        return Step(changed(panel, screen="phone"))
    if not workshops.is_possible(panel.people, panel.waiting, offer.left):
        return Step(changed(panel, screen="people", waiting=0))
    return Step(panel, is_due=True)


def begun(workshop: str) -> Panel:
    """Staff sign somebody up for that workshop."""
    return Panel(screen="people", workshop=workshop, by_staff=True)


def answered(panel: Panel, number: int, sign_up: Key | None, *, unsealed: bool) -> Panel:
    """The panel when the sign-up is on the card, under that number; None: it was not taken."""
    if sign_up is None:
        return changed(panel, screen="sorry")
    return changed(panel, screen="signed_up", number=number, sign_up=sign_up, unsealed=unsealed)


def keeps_typed(panel: Panel) -> bool:
    """Whether this panel still needs what was typed; else it is forgotten."""
    if panel.screen == "notice":
        return bool(panel.workshop)
    asked_aside = panel.screen in ("help", "still_there") and panel.before in (*TYPED, "notice")
    return panel.screen in TYPED or asked_aside


def _people(value: str) -> int:
    return max(1, min(MOST_PEOPLE, int(value)))


def _seated(panel: Panel, offer: Offer, seals: bool) -> Step:
    seating = workshops.seating(panel.people, offer.left)
    if seating == "ask":
        return Step(changed(panel, screen="group"))
    waiting = panel.people if seating == "wait" else 0
    return _asks(changed(panel, waiting=waiting), offer, seals)


def _asks(panel: Panel, offer: Offer, seals: bool) -> Step:
    if panel.sign_up is not None:
        return Step(panel, is_due=True)
    if offer.asks_name and seals:
        return Step(changed(panel, screen="first_name", unsealed=False))
    return Step(changed(panel, unsealed=offer.asks_name), is_due=True)
