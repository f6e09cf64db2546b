"""What tells a stop from a red light, for each kind of vehicle: one table, nothing else."""

from typing import NamedTuple


class Profile(NamedTuple):
    """How one kind of vehicle stands and moves."""

    still: float = 0.7
    """Metres per second: below it the vehicle stands."""
    rolling: float = 1.0
    """Metres per second: above it, for a few seconds on end, its wheels turn."""
    dwell: float = 178.0
    """Seconds of standing that make a stop: above every level crossing, below three minutes."""
    creep: float = 2.3
    """Metres per second: a manoeuvre is never faster, traffic is."""
    pace: float = 8.0
    """Metres per second as the crow flies, of a journey that was not seen."""
    around: float = 100.0
    """Metres: standing that near to a stop for a while is still that stop."""
    away: float = 500.0
    """Metres: once that far, it has left."""


PROFILES = {
    "camion": Profile(),
    "camping-car": Profile(pace=9.0),
    "triporteur": Profile(
        still=0.5, rolling=0.9, dwell=120.0, creep=1.6, pace=3.5, around=60.0, away=250.0
    ),
}
