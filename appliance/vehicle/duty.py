"""When the vehicle is at work, and when a service that was forgotten ends by itself. Pure."""

from datetime import datetime
from typing import Literal

import msgspec

from protocol import duty

State = Literal["on", "paused", "off"]

AFTER: dict[str, State] = {
    duty.Started.TYPE: "on",
    duty.Resumed.TYPE: "on",
    duty.Paused.TYPE: "paused",
    duty.Ended.TYPE: "off",
}
"""Type of the driver's word → the duty it begins."""

LATEST = 22 * 60
"""Minute of the local day from which nobody is taken to be at work any more."""
EARLIEST_EVENING = 19 * 60
"""A service begun after this minute is one of the evening: `LATEST` is not for it."""
LONGEST = 14 * 3_600_000
"""Milliseconds of one service."""
AT_DEPOT = 30 * 60_000
"""Milliseconds back at the depot after having been out."""
AFTER_PLAN = 60
"""Minutes after the last planned stop has closed, or the driver said something later than that."""
ASKED = 30
"""Minutes before that end at which the driver is asked whether the service goes on."""


class Shift(msgspec.Struct, frozen=True, kw_only=True):
    """What tells that a service has been forgotten."""

    lasted: int | None
    """Milliseconds since it began or was resumed; None: no clock tells."""
    began: datetime | None = None
    """On the vehicle's own clock, like `now`; None while the time is not known."""
    now: datetime | None = None
    last_word: datetime | None = None
    """When the driver last said anything, on the same clock."""
    last_closes: int | None = None
    """Minute of the day at which its last planned stop closes."""
    been_out: bool = False
    """It has made a stop elsewhere than at the depot."""
    at_depot: int | None = None
    """Milliseconds it has been standing at the depot."""


def forgotten(shift: Shift) -> str | None:
    """Why the service ends by itself (code list `duty_end`); None: it goes on."""
    if shift.been_out and shift.at_depot is not None and shift.at_depot >= AT_DEPOT:
        return "depot"
    if shift.lasted is not None and shift.lasted >= LONGEST:
        return "hour"
    if shift.now is None or shift.began is None:
        return None
    began, now = _minutes(shift.began, shift.began), _minutes(shift.now, shift.began)
    if began < EARLIEST_EVENING and now >= LATEST:
        return "hour"
    ends = _plan_ends(shift, shift.began)
    return "plan" if ends is not None and now >= ends else None


def minutes_left(shift: Shift) -> int | None:
    """Until the service ends by its plan, when that is near; None: no need to ask anybody."""
    if shift.now is None or shift.began is None:
        return None
    ends = _plan_ends(shift, shift.began)
    left = None if ends is None else ends - _minutes(shift.now, shift.began)
    return left if left is not None and 0 <= left <= ASKED else None


def _plan_ends(shift: Shift, began: datetime) -> int | None:
    """Minute of the day at which it is over unless the driver says anything; None: never."""
    closes = shift.last_closes
    if closes is None or _minutes(began, began) >= closes:
        return None
    word = closes if shift.last_word is None else _minutes(shift.last_word, began)
    return max(closes, word) + AFTER_PLAN


def _minutes(moment: datetime, day: datetime) -> int:
    """Minutes since the beginning of that day."""
    return (moment.date() - day.date()).days * 1440 + moment.hour * 60 + moment.minute
