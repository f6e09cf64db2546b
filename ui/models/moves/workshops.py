"""Where touches on the pages of workshops lead, as data: visitors' and staff's. Pure."""

from ..panel import Moves, Quiet

_NAMES = Quiet(None, 60)
"""Pages with names on them."""
_PAGES: dict[str, tuple[str, Quiet]] = {
    "attendance": ("staff", Quiet(None, 120)),
    "roll": ("attendance", _NAMES),
    "place": ("roll", _NAMES),
    "hand_back": ("place", _NAMES),
    "to_call": ("attendance", _NAMES),
}
"""Page behind the PIN → the page that *back* leads to, and how long it bears quiet."""
INSIDE: tuple[str, ...] = tuple(_PAGES)

MOVES: Moves = {
    **{(page, "back"): before for page, (before, _) in _PAGES.items()},
    **{(page, "done"): "welcome" for page in _PAGES},
    ("attendance", "roster"): "roster",
    ("attendance", "to_call"): "to_call",
    ("place", "give_back"): "hand_back",
    ("workshops", "back"): "reasons",
    ("workshops", "chose"): "confirm",
    ("workshops", "mine"): "my_number",
    ("people", "back"): "workshops",
    ("group", "back"): "people",
    ("first_name", "back"): "people",
    ("phone", "back"): "first_name",
    ("welcome", "notice"): "notice",
    ("first_name", "notice"): "notice",
    ("phone", "notice"): "notice",
    ("notice", "back"): "welcome",
    ("signed_up", "done"): "welcome",
    ("my_number", "back"): "workshops",
    ("my_code", "back"): "my_number",
    ("my_place", "change"): "people",
    ("my_place", "code"): "signed_up",
    ("my_place", "give_back"): "give_back",
    ("my_place", "back"): "workshops",
    ("my_place", "done"): "welcome",
    ("give_back", "back"): "my_place",
    ("given_back", "done"): "welcome",
}
WITH_HELP: tuple[str, ...] = (
    *("workshops", "people", "group", "first_name", "phone", "signed_up"),
    *("my_number", "my_code", "my_place", "give_back", "given_back", "notice"),
)

PAGE = Quiet(35, 45)
QUIET: dict[str, Quiet] = {
    **{page: quiet for page, (_, quiet) in _PAGES.items()},
    "workshops": PAGE,
    "people": PAGE,
    "group": PAGE,
    "first_name": PAGE,
    "phone": PAGE,
    # Long enough to take out a telephone, or to write the number and the date down.
    "signed_up": Quiet(None, 60),
    "my_number": PAGE,
    "my_code": PAGE,
    "my_place": PAGE,
    "give_back": PAGE,
    "given_back": Quiet(None, 12),
    "notice": Quiet(60, 70),
}
WITH_BAR: tuple[str, ...] = ("signed_up", "given_back")
