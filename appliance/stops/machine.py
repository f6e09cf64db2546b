"""How a vehicle stands, rolls, leaves and comes back, on a plane, one fix at a time.

Turns speeds and positions into stays; a stay that lasts gets a number: it is a stop. Knows neither
degrees nor facts. A stop is over only when no return can undo its end.
"""

import math
from typing import NamedTuple

from .profiles import Profile
from .returning import has_returned, is_one_standing, is_over
from .stay import Point, Stay
from .wheels import Wheels

GAP = 120.0
"""Seconds without a fix after which what happened meanwhile is worked out, not seen."""
BLINK, SLIPPED = 10.0, 50.0
"""Seconds without a fix after which so many metres mean that it moved off unseen."""
SAME_PLACE = 100.0
"""Metres: a first fix after a gap that near is the same place."""
SLOW, SLOW_OVER_BOOT = 1.5, 4.0
"""Metres per second over a gap below which it stood in it; with a reboot standing is likelier."""
ENGINE_OFF = 0.75
"""Share of the dwell that makes a stop when a gap begins in it: no light is waited out like so."""
KEPT = 8
"""Rests remembered to return to."""
LONGEST_STEP = 30.0
"""Seconds a speed is taken to have lasted, at most."""
FOLLOW = 0.15
"""Weight of one fix in the spot where the vehicle stands just now."""


class Change(NamedTuple):
    """A stay has become a stop, or a stop is over."""

    stay: Stay
    over: bool


class Machine:
    """The stays of one vehicle."""

    def __init__(self, profile: Profile, next_number: int = 1) -> None:
        self._profile = profile
        self.next_number = next_number
        self.at: float | None = None
        self.last: Point = (0.0, 0.0)
        self.speed = 0.0
        self.spot: Point = (0.0, 0.0)
        self.rest: Stay | None = None
        """Where it stands; None: it moves."""
        self.former: list[Stay] = []
        """Where it stood before and may come back to, the oldest first."""
        self._wheels = Wheels()
        self._changes: list[Change] = []

    def step(
        self, at: float, point: Point, speed: float | None, *, rebooted: bool = False
    ) -> list[Change]:
        """Take in one fix later than the one before; what has become certain by it."""
        self._changes = []
        if self.at is None:
            self.at, self.last = at, point
        seconds = at - self.at
        if speed is None:
            speed = math.dist(point, self.last) / seconds if seconds else 0.0
        if seconds >= GAP:
            self._bridge(at, point, speed, seconds, rebooted=rebooted)
        elif self.rest is None:
            self._move(at, point, speed, seconds)
        else:
            self._stand(self.rest, at, point, speed, seconds)
        self.at, self.last, self.speed = at, point, speed
        return self._changes

    def unfinished(self) -> list[Stay]:
        """The stops that are not over."""
        stays = [*self.former, self.rest]
        return [stay for stay in stays if stay is not None and stay.number is not None]

    def _stand(self, rest: Stay, at: float, point: Point, speed: float, seconds: float) -> None:
        unseen = math.dist(point, self.spot) if seconds > BLINK else 0.0
        if unseen > SLIPPED and speed > self._profile.rolling:
            self._slip_away(rest, at, point, speed, unseen)
            return
        roll = self._wheels.turn(at, speed, seconds, self._profile.rolling)
        if roll:
            self._leave(rest, roll.since, roll.path)
        elif self._wheels.steady:
            self._settle(rest, at, point)

    def _settle(self, rest: Stay, at: float, point: Point) -> None:
        """One more second of standing."""
        spot = self.spot
        self.spot = (
            spot[0] + (point[0] - spot[0]) * FOLLOW,
            spot[1] + (point[1] - spot[1]) * FOLLOW,
        )
        rest.see(point)
        if self.former:
            rest = self._rejoin(rest, at)
        if rest.number is None and at - rest.since >= self._profile.dwell:
            self._confirm(self._rejoin(rest, at))

    def _move(self, at: float, point: Point, speed: float, seconds: float) -> None:
        """One more second of moving, or the first one of a rest."""
        kept = []
        for stay in self.former:
            stay.go(point, speed * min(seconds, LONGEST_STEP), min(speed, self.speed))
            if not is_over(stay, at, self._profile):
                kept.append(stay)
            elif stay.number is not None:
                self._changes.append(Change(stay, over=True))
        self.former = kept
        if speed < self._profile.still:
            self._rejoin(self._begin(at, point), at)

    def _begin(self, at: float, point: Point) -> Stay:
        self.rest, self.spot, self._wheels = Stay(at, point), point, Wheels()
        return self.rest

    def _rejoin(self, rest: Stay, at: float) -> Stay:
        """The stay that this rest is: an earlier one if it has come back to it, else itself."""
        last = len(self.former) - 1
        for index, stay in enumerate(self.former):
            if has_returned(stay, rest, self.spot, at, self._profile) or (
                index == last
                and stay.number is None
                and is_one_standing(stay, rest, self.spot, at, self._profile)
            ):
                del self.former[index:]
                stay.left, self.rest = None, stay
                stay.see(self.spot)
                return stay
        return rest

    def _leave(self, rest: Stay, at: float, path: float, enough: float = 1.0) -> None:
        """The rest has ended at `at`, and `path` metres have been rolled since.

        `enough`: the share of the profile's dwell that makes it a stop.
        """
        if rest.number is None and at - rest.since >= self._profile.dwell * enough:
            self._confirm(rest)
        rest.leave(at, self.spot)
        self.rest = None
        self.former.append(rest)
        if len(self.former) > KEPT:
            del self.former[1 if self.former[0].number is not None else 0]
        self._add(path)

    def _add(self, path: float) -> None:
        for stay in self.former:
            stay.path += path

    def _slip_away(
        self, rest: Stay, at: float, point: Point, speed: float, way: float, enough: float = 1.0
    ) -> None:
        """It moved off while nothing was heard: when, its distance tells."""
        rest.uncertain = True
        left = max(self.at or at, at - way / self._profile.pace)
        self._leave(rest, left, way, enough)
        self._move(at, point, speed, 0.0)

    def _bridge(
        self, at: float, point: Point, speed: float, seconds: float, *, rebooted: bool
    ) -> None:
        """What happened in a gap: it stood on, it left, or it drove and perhaps stood."""
        rest = self.rest
        if rest is None:
            self._emerge(at, point, speed, seconds, SLOW_OVER_BOOT if rebooted else SLOW)
            return
        way = math.dist(point, self.spot)
        if way >= SAME_PLACE or speed >= 3 * self._profile.rolling:
            self._slip_away(rest, at, point, speed, way, enough=ENGINE_OFF)
            return
        self._wheels = Wheels()
        if rest.number is None and at - rest.since >= self._profile.dwell:
            self._confirm(rest)

    def _emerge(
        self, at: float, point: Point, speed: float, seconds: float, slowest: float
    ) -> None:
        """It was moving when the gap began: so slow on the whole, it must have stood in it."""
        way = math.dist(point, self.last)
        self._add(way)
        if way / seconds < slowest:
            driven = min(way / self._profile.pace, seconds) / 2
            stood = self._begin(at - seconds + driven, point)
            stood.uncertain = True
            if speed < self._profile.still:
                self._stand(stood, at, point, speed, 1.0)
                return
            self._leave(stood, at - driven, 0.0)
        self._move(at, point, speed, 0.0)

    def _confirm(self, stay: Stay) -> None:
        """The stay is a stop, unless it is one already; every stop before it has ended."""
        if stay.number is not None:
            return
        self._changes += [Change(one, over=True) for one in self.former if one.number is not None]
        self.former = []
        stay.number, self.next_number = self.next_number, self.next_number + 1
        self._changes.append(Change(stay, over=False))
