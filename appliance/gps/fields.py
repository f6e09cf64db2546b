"""The fields of an NMEA sentence as checked values: None for what is out of range or malformed."""

from datetime import date
from functools import lru_cache

KNOT = 1852 / 3600
"""Metres per second."""
FASTEST = 300.0
"""Metres per second: above it no road vehicle speaks."""
CENTURY_TURN = 80
"""Two-digit years from here on are 19xx: GPS time begins in 1980."""


@lru_cache(maxsize=64)
def clock(text: str) -> int | None:
    """`hhmmss[.sss]` as milliseconds since midnight; a leap second is no time we can keep."""
    whole, _, fraction = text.partition(".")
    if len(whole) != 6 or not (whole + fraction).isdecimal():
        return None
    hours, rest = divmod(int(whole), 10_000)
    minutes, seconds = divmod(rest, 100)
    if hours > 23 or minutes > 59 or seconds > 59:
        return None
    thousandths = int((fraction + "000")[:3])
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths


@lru_cache(maxsize=16)
def day(text: str, century: int | None = None) -> date | None:
    """`ddmmyy` as a date."""
    if len(text) != 6 or not text.isdecimal():
        return None
    year = int(text[4:])
    if century is None:
        century = 19 if year >= CENTURY_TURN else 20
    try:
        return date(century * 100 + year, int(text[2:4]), int(text[:2]))
    except ValueError:
        return None


@lru_cache(maxsize=32)
def place(lat: str, ns: str, lon: str, ew: str) -> tuple[float, float] | None:
    """`ddmm.mmmm,N,dddmm.mmmm,E` as degrees; exactly 0, 0 is a receiver's way to say nothing."""
    if ns not in ("N", "S") or ew not in ("E", "W"):
        return None
    north, east = _degrees(lat, 2, 90), _degrees(lon, 3, 180)
    if north is None or east is None or (north == 0 and east == 0):
        return None
    return (north if ns == "N" else -north), (east if ew == "E" else -east)


def _degrees(text: str, width: int, largest: int) -> float | None:
    """`dddmm.mmmm`, its degrees `width` digits wide."""
    whole, _, fraction = text.partition(".")
    if len(whole) != width + 2 or not (whole + fraction).isdecimal():
        return None
    minutes = float(text[width:])
    degrees = int(text[:width]) + minutes / 60
    return degrees if minutes < 60 and degrees <= largest else None


def number(text: str) -> float | None:
    """A plain decimal number; Python's own spellings (`1e5`, `nan`, `1_0`) are refused."""
    whole, _, fraction = text.removeprefix("-").partition(".")
    return float(text) if len(text) < 20 and (whole + fraction).isdecimal() else None


@lru_cache(maxsize=512)
def speed(knots: str) -> float | None:
    """Metres per second."""
    value = number(knots)
    return value * KNOT if value is not None and 0 <= value * KNOT <= FASTEST else None


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
