"""Where staff's touches lead, as data, and what lies behind the PIN. Pure."""

from ..panel import Moves, Quiet

INDOORS = Quiet(None, 120)
"""Pages behind the PIN where no name is in sight."""
NAMES = Quiet(None, 60)
"""Pages with names on them."""
Pages = dict[str, tuple[str, Quiet]]
"""Page behind the PIN → the page that *back* leads to, and how long it bears quiet."""


def ways_out(pages: Pages) -> Moves:
    """From each of these: *back* to the page before, *Quitter* to the visitors."""
    back: Moves = {(page, "back"): before for page, (before, _) in pages.items()}
    return {**back, **{(page, "done"): "welcome" for page in pages}}


def patience(pages: Pages) -> dict[str, Quiet]:
    """How long each of these bears quiet."""
    return {page: quiet for page, (_, quiet) in pages.items()}


_PAGES: Pages = {
    "roster": ("attendance", NAMES),
    "queue": ("staff", INDOORS),
    "check_in": ("queue", INDOORS),
    "call": ("queue", INDOORS),
    "visits": ("staff", INDOORS),
    "describe": ("visits", INDOORS),
    "choices": ("describe", INDOORS),
    "strike": ("describe", INDOORS),
    "author": ("staff", INDOORS),
    "animation": ("staff", INDOORS),
    "tally": ("staff", INDOORS),
    "lasted": ("tally", INDOORS),
    "closing": ("staff", INDOORS),
    "summary": ("closing", INDOORS),
}

MOVES: Moves = {
    ("welcome", "staff"): "pin",
    ("pin", "done"): "welcome",
    ("pin", "forgotten"): "reset",
    ("reset", "done"): "welcome",
    ("reset", "back"): "pin",
    ("staff", "done"): "welcome",
    ("staff", "queue"): "queue",
    ("staff", "check_in"): "check_in",
    ("staff", "visits"): "visits",
    ("staff", "attendance"): "attendance",
    ("staff", "animation"): "animation",
    ("staff", "close"): "closing",
    ("queue", "check_in"): "check_in",
    ("describe", "strike"): "strike",
    ("closing", "queue"): "queue",
    ("closing", "attendance"): "attendance",
    ("closing", "to_call"): "to_call",
    ("closing", "animation"): "tally",
    ("closing", "summary"): "summary",
    ("day_over", "done"): "welcome",
    **ways_out(_PAGES),
}
INSIDE: tuple[str, ...] = ("staff", *_PAGES)
"""Screens that nobody sees without the PIN."""
QUIET: dict[str, Quiet] = {
    "pin": Quiet(None, 60),
    # Long enough to read that it is done.
    "day_over": Quiet(None, 12),
    "staff": INDOORS,
    **patience(_PAGES),
    # Long enough to read a code over the phone and hear the answer; no name is in sight.
    "reset": Quiet(None, 240),
}
