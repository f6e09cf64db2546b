"""Whether a vehicle that rests again has come back to where it stood: the rule that splits no stop.

A queue in traffic only ever goes forward; reception that wanders comes back. So a rest is the same
standing as one before when the way between them, by the speed, led nowhere.
"""

import math

from .profiles import Profile
from .stay import Point, Stay

BACK = 25.0
"""Metres from a stop at which it is the same at once."""
SETTLED = 100.0
"""Seconds of rest around a stop after which it is the same."""
FORGET = 420.0
"""Seconds after which a stay that was left is over, wherever the vehicle is."""
ASTRAY = 25.0
"""Metres of usual wandering that double the way and the time within which it may come back."""
WANDER = 3.0
"""Times its usual wandering that a standing is looked for around its place."""
BLUR, NEAR, NEAR_LONG = 4.0, 12.0, 25.0
"""Metres within which a standing that is no stop yet goes on: in any case, and at most when it
has been a short one, or a long one."""
NOWHERE = 0.4
"""Share of the way rolled that still leads nowhere."""
LONG, LEAP = 60.0, 40.0
"""Seconds that make a rest a long one; after it, a position so many metres beyond reach is a leap,
not a way."""
MANOEUVRE, EACH = 60.0, 50.0
"""Metres of a slow move between two rests of so many seconds each that make one standing."""


def is_over(stay: Stay, now: float, profile: Profile) -> bool:
    """Whether the vehicle has been away too far, or for too long, to come back to this stay."""
    doubt = 1.0 + min(stay.spread / ASTRAY, 2.0)
    return stay.far > profile.away * doubt or now - (stay.left or now) > FORGET * doubt


def has_returned(stay: Stay, rest: Stay, spot: Point, now: float, profile: Profile) -> bool:
    """Whether the rest, now at `spot`, is the earlier stay going on."""
    distance = math.dist(spot, stay.place)
    if stay.number is not None:
        if now - rest.since < SETTLED:
            return distance < BACK
        nearest = min(distance, math.dist(rest.place, stay.place))
        return nearest < max(profile.around, WANDER * max(stay.spread, rest.spread))
    near = NEAR_LONG if (stay.left or now) - stay.since >= LONG else NEAR
    return distance < min(near, max(BLUR, stay.path * NOWHERE))


def is_one_standing(stay: Stay, rest: Stay, spot: Point, now: float, profile: Profile) -> bool:
    """Whether the last stay, no stop yet, goes on elsewhere: the position leapt, or it parked."""
    stood, rested = (stay.left or now) - stay.since, now - rest.since
    if rested <= 5 and stood >= LONG:
        return math.dist(spot, stay.left_from) > 2 * stay.path + LEAP
    if rested >= EACH and stood >= EACH and stay.top <= profile.creep:
        return math.dist(spot, stay.place) < MANOEUVRE
    return False
