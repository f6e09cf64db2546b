"""Where the driver's touches lead, as data. Pure."""

from ..panel import Moves, Quiet

MOVES: Moves = {
    ("welcome", "driver"): "driver",
    ("driver", "done"): "welcome",
}
QUIET: dict[str, Quiet] = {"driver": Quiet(None, 120)}
