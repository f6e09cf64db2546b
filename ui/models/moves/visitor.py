"""Where visitors' touches lead, as data. Pure."""

from ..panel import Moves, Quiet

MOVES: Moves = {
    ("welcome", "begin"): "reasons",
    ("other_language", "begin"): "reasons",
    ("other_language", "back"): "welcome",
    ("reasons", "back"): "welcome",
    ("reasons", "chose"): "confirm",
    ("reasons", "workshops"): "workshops",
    ("confirm", "back"): "reasons",
    ("thanks", "done"): "welcome",
    ("thanks", "workshops"): "workshops",
    ("thanks", "questions"): "question",
    ("sorry", "again"): "confirm",
    ("sorry", "done"): "welcome",
}
RETURNS = (("help", "back"), ("still_there", "stay"), ("still_there", "more_time"))
"""Touches that lead back to where the question or the call for help came from."""
WITH_HELP: tuple[str, ...] = (
    *("welcome", "reasons", "confirm", "thanks", "question", "sorry", "still_there"),
)
"""Screens with *Aide* in their corner."""

PAGE = Quiet(35, 45)
QUIET: dict[str, Quiet] = {
    "reasons": PAGE,
    "confirm": PAGE,
    "still_there": PAGE,
    "thanks": Quiet(None, 15),
    "question": PAGE,
    "sorry": Quiet(None, 30),
    "help": Quiet(None, 90),
    "other_language": Quiet(None, 90),
}
WITH_BAR: tuple[str, ...] = ("thanks", "still_there")
"""Screens that show how long they stay."""
