"""One checksummed sentence read into one report. Believes no field that `fields` refuses.

A checksum says that a sentence arrived as it was sent, not that it was sent in its right mind.
"""

from collections.abc import Callable
from datetime import date
from typing import Literal

import msgspec

from .fields import bounded, clock, count, day, number, place, precision, speed

KNOT = 1852 / 3600
"""Metres per second."""

Kind = Literal["RMC", "GGA", "GLL", "GNS", "GSA", "VTG", "ZDA"]

FIXED_RMC = frozenset("AD")
FIXED_GGA = frozenset("123456789")


class Report(msgspec.Struct):
    """What one sentence says; None where it says nothing that can be believed."""

    kind: Kind
    clock: int | None = None
    """Milliseconds since midnight UTC."""
    day: date | None = None
    fixed: bool | None = None
    """Whether the sentence claims a position; None: it is not of that kind."""
    place: tuple[float, float] | None = None
    """Latitude and longitude in degrees; only when `fixed`."""
    speed: float | None = None
    course: float | None = None
    mode: int | None = None
    """1, 2 or 3, told by GSA alone."""
    altitude: bool = False
    hdop: float | None = None
    satellites: int | None = None


def read(sentence: str) -> Report | None:
    """The report of a sentence (the text between `$` and `*`); None: not one we use."""
    fields = sentence.split(",")
    address = fields[0]
    if len(address) != 5 or address[0] == "P":
        return None
    reader, shortest = _READERS.get(address[2:], _UNUSED)
    return reader(fields) if len(fields) >= shortest else None


def _rmc(fields: list[str]) -> Report:
    faa = fields[12] if len(fields) > 12 else ""
    fixed = fields[2] in FIXED_RMC and faa != "N"
    return Report(
        "RMC",
        clock=clock(fields[1]),
        day=day(fields[9]),
        fixed=fixed,
        place=place(*fields[3:7]) if fixed else None,
        speed=speed(fields[7], KNOT) if fixed else None,
        course=bounded(fields[8], 0, 360) if fixed else None,
    )


def _gga(fields: list[str]) -> Report:
    fixed = fields[6] in FIXED_GGA
    return Report(
        "GGA",
        clock=clock(fields[1]),
        fixed=fixed,
        place=place(*fields[2:6]) if fixed else None,
        satellites=count(fields[7]),
        hdop=precision(fields[8]),
        altitude=number(fields[9]) is not None,
    )


def _gns(fields: list[str]) -> Report:
    fixed = bool(fields[6].replace("N", ""))
    return Report(
        "GNS",
        clock=clock(fields[1]),
        fixed=fixed,
        place=place(*fields[2:6]) if fixed else None,
        satellites=count(fields[7]),
        hdop=precision(fields[8]),
        altitude=number(fields[9]) is not None,
    )


def _gll(fields: list[str]) -> Report:
    faa = fields[7] if len(fields) > 7 else ""
    fixed = fields[6] == "A" and faa != "N"
    return Report(
        "GLL",
        clock=clock(fields[5]),
        fixed=fixed,
        place=place(*fields[1:5]) if fixed else None,
    )


def _gsa(fields: list[str]) -> Report:
    return Report(
        "GSA",
        mode=int(fields[2]) if fields[2] in ("1", "2", "3") else None,
        hdop=precision(fields[16]) if len(fields) > 16 else None,
    )


def _vtg(fields: list[str]) -> Report:
    return Report("VTG", speed=speed(fields[5], KNOT), course=bounded(fields[1], 0, 360))


def _zda(fields: list[str]) -> Report:
    century, year = fields[4][:2], fields[4][2:]
    known = century in ("19", "20") and len(fields[2]) == len(fields[3]) == 2
    return Report(
        "ZDA",
        clock=clock(fields[1]),
        day=day(fields[2] + fields[3] + year, century=int(century)) if known else None,
    )


_READERS: dict[str, tuple[Callable[[list[str]], Report | None], int]] = {
    "RMC": (_rmc, 10),
    "GGA": (_gga, 10),
    "GNS": (_gns, 10),
    "GLL": (_gll, 7),
    "GSA": (_gsa, 3),
    "VTG": (_vtg, 7),
    "ZDA": (_zda, 5),
}
_UNUSED = (lambda fields: None, 0)
