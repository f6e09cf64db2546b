"""Where the driver's touches lead, as data. Pure."""

from ..panel import Moves, Quiet

MOVES: Moves = {
    ("welcome", "driver"): "driver",
    ("driver", "done"): "welcome",
    ("driver", "service"): "duty",
    ("driver", "delay"): "delay",
    ("driver", "problem"): "problem",
    ("driver", "stops"): "last_stops",
    ("duty", "back"): "driver",
    ("where", "back"): "driver",
    ("delay", "back"): "driver",
    ("problem", "back"): "driver",
    ("last_stops", "back"): "driver",
    ("correction", "back"): "last_stops",
    ("at_work", "done"): "welcome",
    ("tour_over", "done"): "welcome",
}
PAGE = Quiet(None, 120)
QUIET: dict[str, Quiet] = {
    **dict.fromkeys(("driver", "duty", "where", "delay", "problem"), PAGE),
    **dict.fromkeys(("last_stops", "correction"), PAGE),
    # Visitors must not wait long for a question that is not for them.
    **dict.fromkeys(("at_work", "tour_over"), Quiet(None, 40)),
}
