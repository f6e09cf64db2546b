"""Where touches on the pages of workshops lead, as data: visitors' and staff's. Pure."""

from ..panel import Moves, Quiet
from .staff import INDOORS, NAMES, Pages, patience, ways_out
from .visitor import PAGE

_PAGES: Pages = {
    "attendance": ("staff", INDOORS),
    "roll": ("attendance", NAMES),
    "place": ("roll", NAMES),
    "hand_back": ("place", NAMES),
    "to_call": ("attendance", NAMES),
}
INSIDE: tuple[str, ...] = tuple(_PAGES)

MOVES: Moves = {
    **ways_out(_PAGES),
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

QUIET: dict[str, Quiet] = {
    **patience(_PAGES),
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
