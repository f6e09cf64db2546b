"""What is known of the service that runs, as `duty` judges it. Pure; ends nothing."""

from ..clock import Stamp
from . import duty
from .memory import Memory
from .moments import dated, elapsed
from .tours import Plan


def running(memory: Memory, plan: Plan, now: Stamp) -> duty.Shift | None:
    """None: nobody is at work."""
    if memory.duty != "on" or memory.since is None:
        return None
    stop, word = memory.book.standing, memory.last_word
    at_depot = stop is not None and plan.is_depot(stop.planned)
    return duty.Shift(
        lasted=elapsed(memory.since, now),
        began=plan.local(dated(memory.since, now).utc),
        now=plan.local(now.utc),
        last_word=None if word is None else plan.local(dated(word, now).utc),
        last_closes=plan.last_closes(now.utc),
        been_out=memory.been_out,
        at_depot=elapsed(stop.arrived, now) if stop is not None and at_depot else None,
    )


def minutes_left(memory: Memory, plan: Plan, now: Stamp) -> int | None:
    """Until it ends by itself, when that is worth a question to the driver."""
    shift = running(memory, plan, now)
    return None if shift is None else duty.minutes_left(shift)
