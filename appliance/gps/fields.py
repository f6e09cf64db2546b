"""The fields of an NMEA sentence as checked values: None for what is out of range or malformed."""

import re
from datetime import date
from functools import lru_cache

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
    hour, minute, second = int(found[1]), int(found[2]), int(found[3])
    if hour > 23 or minute > 59 or second > 59:
        return None
    thousandths = int(((found[4] or "") + "000")[:3])
    return ((hour * 60 + minute) * 60 + second) * 1000 + thousandths


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
    minutes = float(found[2])
    degrees = int(found[1]) + minutes / 60
    return degrees if minutes < 60 and degrees <= largest else None


@lru_cache(maxsize=512)
def number(text: str) -> float | None:
    """A plain decimal number; Python's own spellings (`1e5`, `nan`, `1_0`) are refused."""
    return float(text) if _NUMBER.fullmatch(text) else None


def bounded(text: str, lowest: float, highest: float) -> float | None:
    value = number(text)
    return value if value is not None and lowest <= value <= highest else None


def speed(text: str, unit: float) -> float | None:
    value = number(text)
    return value * unit if value is not None and 0 <= value * unit <= FASTEST else None


def precision(text: str) -> float | None:
    """HDOP; 0 and 99.99 are receivers' ways to say nothing."""
    value = number(text)
    return value if value is not None and 0 < value < 99 else None


def count(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= 3 else None
