"""Where staff's touches lead, as data, and what lies behind the PIN. Pure."""

from ..panel import Moves, Quiet

MOVES: Moves = {
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
INSIDE: tuple[str, ...] = ("staff", "closing")
"""Screens that nobody sees without the PIN."""
QUIET: dict[str, Quiet] = {
    "pin": Quiet(None, 60),
    "staff": Quiet(None, 60),
    "closing": Quiet(None, 60),
    # Long enough to read a code over the phone and hear the answer; no name is in sight.
    "reset": Quiet(None, 240),
}
