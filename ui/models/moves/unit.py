"""Where touches on the unit's pages lead, as data; most of *back* is the board's. Pure."""

from ..panel import Moves, Quiet

PAGE = Quiet(None, 180)
LONG = Quiet(None, 900)
"""A stick may be slow, a printed sheet far away, a sky hidden; no name is in sight."""
_PAGES: dict[str, Quiet] = {
    "unit": PAGE,
    "copy": LONG,
    "report": PAGE,
    "settings": PAGE,
    "languages": PAGE,
    "questions": PAGE,
    "diagnostics": LONG,
    "enrol": LONG,
    "first_start": LONG,
}
MOVES: Moves = {
    ("staff", "unit"): "unit",
    ("unit", "back"): "staff",
    ("unit", "copy"): "copy",
    ("unit", "report"): "report",
    ("unit", "settings"): "settings",
    ("unit", "diagnostics"): "diagnostics",
    ("unit", "first_start"): "first_start",
    ("settings", "languages"): "languages",
    ("settings", "questions"): "questions",
    ("settings", "change"): "pin",
    ("settings", "enrol"): "enrol",
    ("first_start", "back"): "staff",
    ("first_start", "languages"): "languages",
    ("first_start", "settings"): "settings",
    ("first_start", "enrol"): "enrol",
    ("first_start", "diagnostics"): "diagnostics",
    ("new_unit", "begin"): "pin",
    ("new_unit", "done"): "welcome",
    **{(page, "done"): "welcome" for page in _PAGES},
}
INSIDE: tuple[str, ...] = tuple(_PAGES)
"""Nobody sees them without the PIN; `new_unit` asks for one to be chosen."""
QUIET: dict[str, Quiet] = _PAGES
