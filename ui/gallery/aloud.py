"""Pages that are read aloud or cannot be, and the warning that comes below all of them."""

from ..models.panel import Panel
from .scene import Scene
from .stage import Stage

REASONS = Panel(screen="reasons")


def reads(stage: Stage) -> None:
    """The question and one choice were said; the second shines."""
    stage.show(REASONS)
    stage.pump()
    stage.app.root.listen()
    stage.loudspeaker.ends()
    stage.loudspeaker.ends()


def is_silent(stage: Stage) -> None:
    """No loudspeaker answers."""
    stage.desk.house.voice.available = False
    stage.show(REASONS)


def battery(panel: Panel, seconds: int, stage: Stage) -> None:
    """The unit will switch itself off."""
    stage.show(panel)
    stage.says("vehicle", power={"warning": "battery", "seconds_left": seconds, "speak": False})
    stage.passes(1)


SCENES = (
    Scene("visiteur-30-lecture", reads),
    Scene("visiteur-31-son-coupe", is_silent),
    Scene("visiteur-32-batterie", lambda stage: battery(REASONS, 540, stage)),
    Scene("visiteur-33-batterie-bonjour", lambda stage: battery(Panel(), 30, stage)),
)
