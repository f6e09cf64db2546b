"""Gives a unit a past: days in its own journals, before its services start. Sends nothing.

For the demo: what a real unit would still have on board after weeks without network.
"""

from datetime import date, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from protocol import __version__

from . import plans
from .acting import Actor
from .boxes import Box
from .clock import FleetClock
from .days import Life
from .vehicles import Vehicle


def write(
    data: Path, vehicle: Vehicle, today: date, days: int, recipients: list[X25519PublicKey]
) -> int:
    """So many days up to yesterday; how many rows. Raises OperatorError: somebody has it open."""
    life = Life(vehicle, 1, lambda day: plans.usual(vehicle, day), version=__version__)
    first, last = today - timedelta(days), today - timedelta(1)
    actor, clock = Actor(vehicle, life.script(first, last)), FleetClock()
    box = Box(vehicle.unit, data, clock, recipients)
    while actor.next is not None:
        actor.play(clock.utc(), box.append)
    box.close()
    return actor.played
