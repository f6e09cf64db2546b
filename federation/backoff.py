"""How long to wait before the next try. Pure: the dice are handed in."""

SHORTEST = 0.5
LONGEST = 30.0
"""Seconds."""


def pause(failures: int, dice: float) -> float:
    """Seconds after so many failures in a row; `dice` in [0, 1) spreads workers apart."""
    ceiling = min(LONGEST, SHORTEST * 2.0 ** min(failures, 10))
    return ceiling * (0.5 + dice / 2)
