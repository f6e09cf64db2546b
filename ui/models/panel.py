"""All that is remembered of the person at the panel. Pure; the default is nobody."""

from typing import NamedTuple

import msgspec

from protocol.event import Key


class Visit(NamedTuple):
    """A check-in that is on the card."""

    key: Key
    number: int


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """Which screen is shown, and what it must know of whoever touches it."""

    screen: str = "welcome"
    language: str = ""
    """The visitor's; empty: French. Forgotten with everything else."""
    door: str = ""
    number: int = 0
    visit: Visit | None = None
    """The check-in that was just made: whoever has one has a number."""
    question: int = 0
    """Which of the questions after it is asked, or would be."""
    patient: bool = False
    """*J'ai besoin de temps* was touched: every delay is doubled."""
    before: str = "welcome"
    """Where *Aide* and *Encore là ?* lead back to."""
    refused: bool = False
    """The disk did not take the last word of the driver, or of staff; or an answer."""
    workshop: str = ""
    """Id of the workshop that somebody signs up for."""
    people: int = 0
    waiting: int = 0
    """How many of the people wait for a seat."""
    sign_up: Key | None = None
    """A sign-up that is on the card: just made, or found again by its number and letters."""
    by_staff: bool = False
    """Staff sign somebody up: the PIN stays given, and the sheet they came from is next."""
    unsealed: bool = False
    """No name was asked for, or kept, since it could not be sealed."""


class Quiet(NamedTuple):
    """How long a screen bears quiet, in seconds."""

    question: float | None
    """Until *Encore là ?*; None: it does not ask."""
    forgotten: float
    """Until everything is forgotten."""


Moves = dict[tuple[str, str], str]
"""(screen, touch) → the screen it leads to, where nothing is kept."""


def changed(panel: Panel, **values: object) -> Panel:
    """The same person, one thing different."""
    return msgspec.structs.replace(panel, **values)


def while_moving(panel: Panel, moving: bool) -> Panel:
    """Dark and without a button while the vehicle moves; nobody afterwards."""
    if moving:
        return Panel(screen="dark")
    return Panel() if panel.screen == "dark" else panel
