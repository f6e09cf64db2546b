"""What alerts do by themselves, and how often. Decides nothing."""

from ..chores import Chore
from . import digests
from .rounds import Rounds, forget


def chores() -> tuple[Chore, ...]:
    """For the loop of the site."""
    return (
        Chore("alerts", 30, Rounds().look),
        Chore("digests", 60, digests.write),
        Chore("old alerts", 24 * 3600, forget),
    )
