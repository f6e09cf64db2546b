"""What a scene is: a name, and how a stage is brought into it. Draws nothing."""

from collections.abc import Callable
from typing import NamedTuple

from .stage import Stage


class Scene(NamedTuple):
    """One state of one screen."""

    name: str
    """Of its picture, such as `visitor-03-oui`."""
    arrange: Callable[[Stage], None]
    """Brings a fresh stage into that state; its last act is `stage.show` or a touch."""
