"""Whether a position and a date can be true beside those before them. Pure; knows no sentence.

The checksum of NMEA is one XOR: two flipped bits in the same column pass it. A position that two
sentences of an epoch agree on is believed; one that stands alone must be where the last ones lead.
"""

import math
from collections import deque
from datetime import UTC, date, datetime, timedelta
from itertools import combinations

Place = tuple[float, float]

DAY = 86_400_000
"""Milliseconds."""
AGREE = 1e-4
"""Degrees (11 m): closer than that, two sentences speak of the same position."""
SLACK = 18.0
"""Metres a lone position may lie from where the last two lead."""
SWERVE = 4.0
"""Metres per second squared: as hard as a vehicle brakes or turns, twice over."""
TOP_SPEED = 60.0
"""Metres per second."""
MEMORY = 10.0
"""Seconds a movement, or a doubt, stays of use."""
METRES = 111_195.0
"""Per degree of latitude."""


def step(earlier: int | None, later: int | None) -> float:
    """Seconds from one time of day to another, between -12 h and +12 h; 1 when one is unknown."""
    if earlier is None or later is None:
        return 1.0
    return ((later - earlier + DAY // 2) % DAY - DAY // 2) / 1000


def offset(origin: Place, place: Place) -> Place:
    """Metres north and east from one place to another."""
    east = (place[1] - origin[1] + 180) % 360 - 180
    return (place[0] - origin[0]) * METRES, east * METRES * math.cos(math.radians(origin[0]))


def corroborated(places: list[Place]) -> Place | None:
    """The first of these places that another one agrees with."""
    for one, other in combinations(places, 2):
        if one is other or (abs(one[0] - other[0]) < AGREE and abs(one[1] - other[1]) < AGREE):
            return one
    return None


Sighting = tuple[int | None, Place]
"""A time of day and a place."""


class Track:
    """The last places believed, and the last one doubted."""

    def __init__(self) -> None:
        self._believed: deque[Sighting] = deque(maxlen=6)
        self._doubted: Sighting | None = None

    def believe(
        self, clock: int | None, places: list[Place], following: int | None
    ) -> Place | None:
        """The place of this epoch; None: none is believed, for now.

        `places` are those its sentences tell, the preferred first; `following` is the time of
        day that came next on the line, None when nothing has come yet.
        """
        agreed = corroborated(places)
        if agreed is not None:
            return self._keep((clock, agreed))
        return self._believe_alone(clock, places, following)

    def _believe_alone(
        self, clock: int | None, places: list[Place], following: int | None
    ) -> Place | None:
        in_order = following is None or step(clock, following) > 0
        stray, place = min((self._stray((clock, place)), place) for place in places)
        sighting = (clock, place)
        if stray <= 0 and in_order:
            return self._keep(sighting)
        doubted, self._doubted = self._doubted, sighting
        if doubted is not None and in_order and bears_out(doubted, sighting):
            self._believed.clear()
            return self._keep(sighting)
        return None

    def _keep(self, sighting: Sighting) -> Place:
        self._believed.append(sighting)
        self._doubted = None
        return sighting[1]

    def _stray(self, sighting: Sighting) -> float:
        """Metres by which it is farther off than the places before it allow."""
        believed = list(self._believed)
        if not believed:
            return 0.0
        seconds = step(believed[-1][0], sighting[0])
        if seconds <= 0:
            return math.inf
        before = believed[-2] if len(believed) > 1 else None
        threes = zip(believed, believed[1:], believed[2:], strict=False)
        wander = max((astray(*three) for three in threes), default=0.0)
        return astray(before, believed[-1], sighting) - reach(seconds) - 2 * wander


def astray(before: Sighting | None, last: Sighting, now: Sighting) -> float:
    """Metres between a place and where the two before it lead."""
    north, east = offset(last[1], now[1])
    if before is not None and 0 < (pace := step(before[0], last[0])) <= MEMORY:
        led_north, led_east = offset(before[1], last[1])
        carried = min(step(last[0], now[0]), MEMORY) / pace
        north, east = north - led_north * carried, east - led_east * carried
    return math.hypot(north, east)


def reach(seconds: float) -> float:
    """Metres a vehicle may come away from its course in that time."""
    return SLACK + min(SWERVE * seconds * seconds, TOP_SPEED * seconds)


def bears_out(earlier: Sighting, later: Sighting) -> bool:
    """Whether the second doubted place makes the first believable."""
    seconds = step(earlier[0], later[0])
    if not 0 < seconds <= MEMORY:
        return False
    return math.hypot(*offset(earlier[1], later[1])) <= SLACK + TOP_SPEED * seconds


class Calendar:
    """The date that belongs to a time of day, carried over midnight when no sentence tells it."""

    def __init__(self) -> None:
        self._midnight: datetime | None = None
        self._clock = 0
        self._sure = False
        self._proposed: date | None = None

    def time(self, clock: int, told: date | None, *, valid: bool) -> datetime | None:
        """UTC of this time of day; None while its date is unknown, or in doubt.

        `told` is the date the sentences tell, `valid` whether the receiver stands behind it. A
        date that was sure changes only at midnight, or when the new one is told twice.
        """
        midnight = self._carried(clock)
        if told is not None and (midnight is None or midnight.date() != told):
            if midnight is not None and self._sure and told != self._proposed:
                self._proposed = told
                return None
            midnight = datetime(told.year, told.month, told.day, tzinfo=UTC)
            self._sure = valid
        self._midnight, self._clock = midnight, clock
        self._sure = self._sure or (valid and told is not None)
        return midnight + timedelta(0, 0, 0, clock) if midnight is not None else None

    def _carried(self, clock: int) -> datetime | None:
        midnight = self._midnight
        if midnight is not None and clock < self._clock - DAY // 2:
            return midnight + timedelta(days=1)
        return midnight
