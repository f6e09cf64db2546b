"""The fields of an NMEA sentence as checked values: None for what is out of range or malformed."""

import re
from datetime import date
from functools import lru_cache

KNOT = 1852 / 3600
"""Metres per second."""
FASTEST = 300.0
"""Metres per second: above it no road vehicle speaks."""
CENTURY_TURN = 80
"""Two-digit years from here on are 19xx: GPS time begins in 1980."""

_CLOCK = re.compile(r"(\d\d)(\d\d)(\d\d)(?:\.(\d{0,9}))?")
_LATITUDE = re.compile(r"(\d\d)(\d\d(?:\.\d{0,12})?)")
_LONGITUDE = re.compile(r"(\d\d\d)(\d\d(?:\.\d{0,12})?)")
_NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{0,9})?|-?\.\d{1,9}")
_DATE = re.compile(r"(\d\d)(\d\d)(\d\d)")


@lru_cache(maxsize=64)
def clock(text: str) -> int | None:
    """`hhmmss[.sss]` as milliseconds since midnight; a leap second is no time we can keep."""
    found = _CLOCK.fullmatch(text)
    if not found:
        return None
    hour, minute, second, fraction = found.groups("")
    if hour > "23" or minute > "59" or second > "59":
        return None
    seconds = (int(hour) * 60 + int(minute)) * 60 + int(second)
    return seconds * 1000 + int((fraction + "000")[:3])


@lru_cache(maxsize=16)
def day(text: str, century: int | None = None) -> date | None:
    """`ddmmyy` as a date."""
    found = _DATE.fullmatch(text)
    if not found:
        return None
    year = int(found[3])
    if century is None:
        century = 19 if year >= CENTURY_TURN else 20
    try:
        return date(century * 100 + year, int(found[2]), int(found[1]))
    except ValueError:
        return None


@lru_cache(maxsize=32)
def place(lat: str, ns: str, lon: str, ew: str) -> tuple[float, float] | None:
    """`ddmm.mmmm,N,dddmm.mmmm,E` as degrees; exactly 0, 0 is a receiver's way to say nothing."""
    if ns not in ("N", "S") or ew not in ("E", "W"):
        return None
    north, east = _degrees(_LATITUDE, lat, 90), _degrees(_LONGITUDE, lon, 180)
    if north is None or east is None or (north == 0 and east == 0):
        return None
    return (north if ns == "N" else -north), (east if ew == "E" else -east)


def _degrees(form: re.Pattern[str], text: str, largest: int) -> float | None:
    found = form.fullmatch(text)
    if not found:
        return None
    whole, minutes = found.groups()
    degrees = int(whole) + float(minutes) / 60
    return degrees if minutes < "6" and degrees <= largest else None


def number(text: str) -> float | None:
    """A plain decimal number; Python's own spellings (`1e5`, `nan`, `1_0`) are refused."""
    return float(text) if _NUMBER.fullmatch(text) else None


@lru_cache(maxsize=512)
def speed(knots: str) -> float | None:
    """Metres per second."""
    value = number(knots)
    return value * KNOT if value is not None and 0 <= value * KNOT <= FASTEST else None


@lru_cache(maxsize=512)
def course(text: str) -> float | None:
    """Degrees from true north."""
    value = number(text)
    return value if value is not None and 0 <= value <= 360 else None


@lru_cache(maxsize=512)
def precision(text: str) -> float | None:
    """HDOP; 0 and 99.99 are receivers' ways to say nothing."""
    value = number(text)
    return value if value is not None and 0 < value < 99 else None


@lru_cache(maxsize=128)
def count(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= 3 else None
