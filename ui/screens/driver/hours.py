"""Hours as the driver reads them: `9 h`, `16 h 30`. Knows no clock."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from appliance.clock import Stamp

from ...text import dates

Words = Mapping[str, str]


def of_day(minutes: int, words: Words) -> str:
    """Minutes of the local day as an hour."""
    hour, left = divmod(minutes, 60)
    if not left:
        return words["driver.hour"].format(hour=hour)
    return words["driver.hour_minutes"].format(hour=hour, minutes=f"{left:02}")


def span(opens: int, closes: int, words: Words) -> str:
    """From when to when, in minutes of the local day."""
    told = of_day(opens, words), of_day(closes, words)
    return words["driver.hours"].format(opens=told[0], closes=told[1])


def of_stamp(stamp: Stamp, moved: int, zone: str, words: Words) -> str:
    """That moment on the vehicle's clock, `moved` minutes later; said so when it has no date."""
    if stamp.utc is None:
        return words["driver.no_hour"]
    utc = stamp.utc / 1000 + moved * 60
    return dates.clock(datetime.fromtimestamp(utc, ZoneInfo(zone)), words)
