"""How bright the panel is: dim when nobody has been there for long. Pure."""

from .panel import Panel

AWAKE = 300.0
"""Seconds without a touch that the welcome page bears in full light."""
DIM = 0.25
"""Of the full light: the page is still read from near by, and in the dark it dazzles nobody."""


def light(panel: Panel, quiet: float) -> float:
    """From 0 to 1, after so many seconds without a touch; a page in use is never dimmed."""
    return DIM if panel == Panel() and quiet >= AWAKE else 1.0
