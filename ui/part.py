"""What a part of the desk is: it answers the touches of its own pages. Knows no Kivy."""

from .models.panel import Panel


class Part:
    """Asked in turn at each touch; the first that answers has done it."""

    def touched(self, panel: Panel, touch: str, value: str) -> Panel | None:
        """The panel after that touch, everything kept; None: it is none of mine.

        Raises OperatorError when what came of it could not be kept.
        """
        return None

    def follow(self, panel: Panel) -> None:
        """Another screen is shown: what it has no need of is forgotten."""

    def step(self, now: float, panel: Panel) -> Panel:
        """A second has passed (`now`: monotonic seconds); the panel it leads to."""
        return panel
