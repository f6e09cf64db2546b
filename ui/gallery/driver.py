"""Every state of the driver's pages."""

from functools import partial
from typing import Any

from ..models.panel import Panel
from .scene import Scene
from .stage import Stage

PAGE = Panel(screen="driver")
PLACE = {"name": "Place de la République, devant la mairie", "arrived": 0}


def alone(stage: Stage, *, refused: bool = False) -> None:
    """Nobody of the vehicle answers."""
    stage.show(Panel(screen="driver", refused=refused))


def on_duty(word: dict[str, Any], stage: Stage) -> None:
    """The vehicle has said this."""
    stage.says("vehicle", duty="on", **word)
    stage.show(PAGE)


SCENES = (
    Scene("conduite-01-repos", alone),
    Scene("conduite-02-carte-pleine", partial(alone, refused=True)),
    Scene(
        "conduite-03-arret",
        partial(on_duty, {"stop": [1, 1], "gps": {"state": "fix"}, "provisional": PLACE}),
    ),
    Scene("conduite-04-route", partial(on_duty, {"stop": None, "gps": {"state": "no_fix"}})),
    Scene("conduite-05-noir", lambda stage: stage.show(Panel(screen="dark"))),
)
