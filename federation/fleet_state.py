"""What a vehicle's state is now, and why: heard or not, was silence to be expected. Pure.

Silence is judged by what the vehicle was to do: its published tour, duty, the known coverage of
where it stands, night and days off. Knows no store and no words for people: reasons are codes.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from .days_off import is_day_off
from .fleet import Presence
from .projections.words import sane

State = Literal["missing", "trouble", "online", "quiet"]
"""missing: sans nouvelles; trouble: en difficulté; online: en ligne; quiet: silence prévu."""
ORDER: Final[dict[State, int]] = {"missing": 0, "trouble": 1, "online": 2, "quiet": 3}
"""The more it needs somebody, the earlier it stands."""
Coverage = Literal["covered", "white", "unknown"]
Duty = Literal["on", "paused", "off"]
Why = Literal[
    "should_be_at", "was_due_at", "on_duty", "not_back", "out_of_white_zone", "never_heard",
    "forgotten", "certificate_ended", "trouble", "heard", "short", "white_zone", "on_the_way",
    "after_tour", "off_duty", "night", "day_off", "no_tour", "no_unit", "retired",
]  # fmt: skip

_MINUTE: Final = 60_000
_DAY: Final = 24 * 60 * _MINUTE
PATIENCE: Final[dict[Coverage, int]] = {
    "covered": 15 * _MINUTE,
    "unknown": 45 * _MINUTE,
    "white": 15 * _MINUTE,
}
"""Silence that says nothing yet, by what is known of the place (white: before it gets there)."""
WAY: Final = 60 * _MINUTE
"""From a place without network to where there is one, before and after the stop."""
FORGOTTEN: Final = 21 * _DAY
"""Longer than any break without a tour: somebody should ask."""
NIGHT: Final = (20, 7)
"""Local hours between which nobody waits for a vehicle that has no stop then."""


class Planned(NamedTuple):
    """A stop of the day's published tour, in milliseconds since 1970."""

    opens: int
    closes: int
    name: str
    coverage: Coverage = "unknown"


class Facts(NamedTuple):
    """What is known of a vehicle; moments in milliseconds since 1970."""

    link: Presence | None
    """None: nothing ever came of it."""
    since: int | None = None
    """When it came or went."""
    heard: int | None = None
    """Its last sign of life."""
    duty: Duty = "off"
    """By its last word."""
    plan: Sequence[Planned] = ()
    """Stops of today, and of the days before: they tell whether it came back."""
    troubles: Sequence[str] = ()
    """Codes, the gravest first (federation.fleet_troubles)."""
    zone: str = "Europe/Paris"
    has_unit: bool = True
    retired: bool = False


class Standing(NamedTuple):
    """The verdict."""

    state: State
    since: int | None
    """When it came, or when it was last heard."""
    why: Why
    place: str = ""
    """Name of the planned stop that the reason is about."""
    until: int | None = None
    """When silence stops being expected, or since when it is missed (`should_be_at`)."""


def standing(facts: Facts, now: int) -> Standing:
    """How a vehicle stands at this moment (milliseconds since 1970)."""
    if facts.retired:
        return Standing("quiet", facts.heard, "retired")
    if not facts.has_unit:
        return _without_unit(facts, now)
    if facts.link == "online":
        state: State = "trouble" if facts.troubles else "online"
        return Standing(state, facts.since, "trouble" if facts.troubles else "heard")
    silence = _silence(facts, now)
    if "certificate_ended" in facts.troubles:
        return silence._replace(state="trouble", why="certificate_ended")
    if silence.state == "quiet" and facts.troubles:
        return silence._replace(state="trouble", why="trouble")
    return silence


def in_tour(facts: Facts, now: int) -> bool:
    """Whether it is out: on duty by its word of today, or silent within a planned stop."""
    if facts.retired or not facts.has_unit:
        return False
    if facts.duty != "off" and facts.heard is not None:
        return facts.link == "online" or _same_day(facts.heard, now, facts.zone)
    return facts.link != "online" and _under_way(facts.plan, now) is not None


def _silence(facts: Facts, now: int) -> Standing:
    """Nothing comes: was that to be expected?"""
    stop = _under_way(facts.plan, now)
    if stop is not None:
        return _at_stop(facts, stop, now)
    if facts.heard is not None and now - facts.heard >= FORGOTTEN:
        return Standing("missing", facts.heard, "forgotten")
    around = _near_white_zone(facts.plan, now)
    if around is not None:
        return Standing("quiet", facts.heard, "on_the_way", around.name, around.closes + WAY)
    if facts.duty == "off" or facts.heard is None:
        return _off_duty(facts, now)
    return _on_duty(facts, facts.heard, now)


def _at_stop(facts: Facts, stop: Planned, now: int) -> Standing:
    """It should stand somewhere just now."""
    if stop.coverage == "white":
        return Standing("quiet", facts.heard, "white_zone", stop.name, stop.closes + WAY)
    missed = max(stop.opens, facts.heard or stop.opens) + PATIENCE[stop.coverage]
    if now < missed:
        return Standing("quiet", facts.heard, "short", stop.name, missed)
    why: Why = "never_heard" if facts.heard is None else "should_be_at"
    return Standing("missing", facts.heard, why, stop.name, stop.opens)


def _off_duty(facts: Facts, now: int) -> Standing:
    """Its last word was that the day is over, or it never said that one began."""
    today = [stop for stop in facts.plan if _same_day(stop.opens, now, facts.zone)]
    if not _is_night(now, facts.zone):
        for stop in today:
            if stop.closes <= now and stop.coverage != "white" and _unheard(facts, stop.opens):
                return Standing("missing", facts.heard, "was_due_at", stop.name, stop.opens)
    if facts.heard is None:
        return Standing("quiet", None, "never_heard")
    if not today and is_day_off(local_day(now, facts.zone)):
        return Standing("quiet", facts.heard, "day_off")
    return Standing("quiet", facts.heard, "off_duty" if today or not facts.plan else "no_tour")


def _on_duty(facts: Facts, heard: int, now: int) -> Standing:
    """It was at work when it was last heard, and no stop is planned for now."""
    if now - heard < PATIENCE["unknown"]:
        return Standing("quiet", heard, "short", until=heard + PATIENCE["unknown"])
    last = max((stop for stop in facts.plan if stop.closes <= now), default=None)
    if last is not None and heard >= last.closes - PATIENCE["covered"]:
        coming = min((stop for stop in facts.plan if stop.opens > now), default=None)
        if coming is not None and _same_day(coming.opens, now, facts.zone):
            return Standing("quiet", heard, "on_the_way", coming.name, coming.opens)
        return Standing("quiet", heard, "after_tour")
    if last is not None and last.coverage == "white":
        return _not_out_of(last, facts, heard, now)
    if _is_night(now, facts.zone) and _is_night(heard + PATIENCE["unknown"], facts.zone):
        return Standing("quiet", heard, "night")
    same_day = _same_day(heard, now, facts.zone)
    return Standing("missing", heard, "on_duty" if same_day else "not_back")


def _not_out_of(last: Planned, facts: Facts, heard: int, now: int) -> Standing:
    """It went where there is no network, and should have come back from there."""
    if _is_night(now, facts.zone):
        return Standing("quiet", heard, "night", last.name)
    if is_day_off(local_day(now, facts.zone)) and not _same_day(last.opens, now, facts.zone):
        return Standing("quiet", heard, "day_off", last.name)
    return Standing("missing", heard, "out_of_white_zone", last.name, last.closes + WAY)


def _without_unit(facts: Facts, now: int) -> Standing:
    """No box rides in it: a tour that is under way cannot be told of by anybody."""
    stop = _under_way(facts.plan, now)
    if stop is None:
        return Standing("quiet", facts.heard, "no_unit")
    return Standing("missing", facts.heard, "no_unit", stop.name, stop.opens)


def _under_way(plan: Sequence[Planned], now: int) -> Planned | None:
    return next((stop for stop in plan if stop.opens <= now < stop.closes), None)


def _near_white_zone(plan: Sequence[Planned], now: int) -> Planned | None:
    """A place without network that it is on its way to, or back from."""
    white = (stop for stop in plan if stop.coverage == "white")
    return next((stop for stop in white if stop.opens - WAY <= now < stop.closes + WAY), None)


def _unheard(facts: Facts, since: int) -> bool:
    return facts.heard is None or facts.heard < since


def _is_night(moment: int, zone: str) -> bool:
    hour = _local(moment, zone).hour
    return hour >= NIGHT[0] or hour < NIGHT[1]


def _same_day(first: int, second: int, zone: str) -> bool:
    return _local(first, zone).date() == _local(second, zone).date()


def _local(moment: int, zone: str) -> datetime:
    return datetime.fromtimestamp(sane(moment, 0) / 1000, UTC).astimezone(ZoneInfo(zone))


def local_day(moment: int, zone: str) -> date:
    """The day of a vehicle that this moment is in."""
    return _local(moment, zone).date()
