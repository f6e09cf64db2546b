"""One checksummed sentence read into one report. Believes no field that `fields` refuses.

A checksum says that a sentence arrived as it was sent, not that it was sent in its right mind.
"""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Literal

from .fields import clock, count, course, day, place, precision, speed

Kind = Literal["RMC", "GGA", "GLL", "GNS", "GSA", "VTG", "ZDA"]

FIXED_RMC = frozenset("AD")
FIXED_GGA = frozenset("123456789")
NO_FIX = frozenset("N")
GSA_MODES = {"1": 1, "2": 2, "3": 3}


class Report:
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
    """Metres per second."""
    course: float | None = None
    mode: int | None = None
    """1, 2 or 3, told by GSA alone."""
    altitude: bool = False
    hdop: float | None = None
    satellites: int | None = None

    def __init__(self, kind: Kind) -> None:
        self.kind = kind


def read(sentence: str) -> Report | None:
    """The report of a sentence (the text between `$` and `*`); None: not one we use."""
    fields = sentence.split(",")
    used = _by_address(fields[0])
    return used[0](fields) if used and len(fields) >= used[1] else None


@lru_cache(maxsize=64)
def _by_address(address: str) -> "tuple[Callable[[list[str]], Report], int] | None":
    """How to read sentences of this address (`GPRMC`), and how many fields they have at least."""
    return _READERS.get(address[2:]) if len(address) == 5 and address[0] != "P" else None


def _rmc(fields: list[str]) -> Report:
    report = Report("RMC")
    report.clock = clock(fields[1])
    report.day = day(fields[9])
    report.fixed = fields[2] in FIXED_RMC and not (len(fields) > 12 and fields[12] == "N")
    if report.fixed:
        report.place = place(fields[3], fields[4], fields[5], fields[6])
        report.speed = speed(fields[7])
        report.course = course(fields[8])
    return report


def _gga(fields: list[str]) -> Report:
    return _full(Report("GGA"), fields, fixed=fields[6] in FIXED_GGA)


def _gns(fields: list[str]) -> Report:
    return _full(Report("GNS"), fields, fixed=not NO_FIX.issuperset(fields[6]))


def _full(report: Report, fields: list[str], *, fixed: bool) -> Report:
    report.clock = clock(fields[1])
    report.fixed = fixed
    if fixed:
        report.place = place(fields[2], fields[3], fields[4], fields[5])
        report.altitude = fields[9] != ""
    report.satellites = count(fields[7])
    report.hdop = precision(fields[8])
    return report


def _gll(fields: list[str]) -> Report:
    report = Report("GLL")
    report.clock = clock(fields[5])
    report.fixed = fields[6] == "A" and not (len(fields) > 7 and fields[7] == "N")
    if report.fixed:
        report.place = place(fields[1], fields[2], fields[3], fields[4])
    return report


def _gsa(fields: list[str]) -> Report:
    report = Report("GSA")
    report.mode = GSA_MODES.get(fields[2])
    report.hdop = precision(fields[16]) if len(fields) > 16 else None
    return report


def _vtg(fields: list[str]) -> Report:
    report = Report("VTG")
    report.speed = speed(fields[5])
    report.course = course(fields[1])
    return report


def _zda(fields: list[str]) -> Report:
    report = Report("ZDA")
    report.clock = clock(fields[1])
    century, year = fields[4][:2], fields[4][2:]
    if century in ("19", "20"):
        report.day = day(fields[2] + fields[3] + year, int(century))
    return report


_READERS: dict[str, tuple[Callable[[list[str]], Report], int]] = {
    "RMC": (_rmc, 10),
    "GGA": (_gga, 10),
    "GNS": (_gns, 10),
    "GLL": (_gll, 7),
    "GSA": (_gsa, 3),
    "VTG": (_vtg, 7),
    "ZDA": (_zda, 5),
}
