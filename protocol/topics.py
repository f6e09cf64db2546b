"""Topic names, one function each way. Knows no payload."""

import re
from typing import NamedTuple
from zlib import crc32

from .errors import ProtocolError

ROOT = "escale/v1"
PARTITIONS = 16
UNIT_ID = re.compile(r"[a-z0-9-]{3,26}")
_ENROL = re.compile(rf"{ROOT}/enrol/({UNIT_ID.pattern})/(request|answer)")
_UP = re.compile(rf"{ROOT}/([0-9]{{2}})/({UNIT_ID.pattern})/up/(batch|link|status|request)")
_DOWN = re.compile(
    rf"{ROOT}/([0-9]{{2}})/({UNIT_ID.pattern})/down/(receipt|document/[a-z_]{{1,32}}|certificate)"
)


class Address(NamedTuple):
    """Who a topic is of, and what travels there."""

    unit: str
    what: str
    """batch, link, status, request; receipt, document/<kind>, certificate."""


def partition(unit: str) -> int:
    """The fixed partition of a unit, 0 to 15."""
    return crc32(unit.encode()) % PARTITIONS


def up(unit: str, what: str) -> str:
    """Topic a unit publishes on. Raises ProtocolError for a name that is none."""
    return _checked(_UP, f"{ROOT}/{partition(unit):02d}/{unit}/up/{what}")


def down(unit: str, what: str) -> str:
    """Topic the federation publishes on. Raises ProtocolError for a name that is none."""
    return _checked(_DOWN, f"{ROOT}/{partition(unit):02d}/{unit}/down/{what}")


def parse_up(topic: str) -> Address:
    """The inverse of `up`. Raises ProtocolError, also for a unit in a partition not its own."""
    return _parsed(_UP, topic)


def parse_down(topic: str) -> Address:
    """The inverse of `down`. Raises ProtocolError, also for a unit in a partition not its own."""
    return _parsed(_DOWN, topic)


def enrol(unit: str, what: str) -> str:
    """Topic of a unit that has no certificate yet: its `request`, or the `answer` to it.

    Raises ProtocolError for a name that is none.
    """
    return _checked(_ENROL, f"{ROOT}/enrol/{unit}/{what}")


def parse_enrol(topic: str) -> Address:
    """The inverse of `enrol`. Raises ProtocolError."""
    match = _ENROL.fullmatch(topic)
    if match is None:
        raise ProtocolError(f"{topic!r} is not a topic of enrolment")
    return Address(*match.groups())


def all_enrol() -> str:
    """Filter for the requests of every unit that has no certificate yet."""
    return f"{ROOT}/enrol/+/request"


def all_requests() -> str:
    """Filter for the requests of every enrolled unit."""
    return f"{ROOT}/+/+/up/request"


def all_up(number: int) -> str:
    """Filter for everything the units of one partition publish."""
    return f"{ROOT}/{number:02d}/+/up/+"


def all_down(unit: str) -> str:
    """Filter for everything that is published to one unit."""
    return f"{ROOT}/{partition(unit):02d}/{unit}/down/#"


def _checked(pattern: re.Pattern[str], topic: str) -> str:
    if not pattern.fullmatch(topic):
        raise ProtocolError(f"{topic!r} is not a topic of this protocol")
    return topic


def _parsed(pattern: re.Pattern[str], topic: str) -> Address:
    match = pattern.fullmatch(topic)
    if match is None:
        raise ProtocolError(f"{topic!r} is not a topic of this protocol")
    number, unit, what = match.groups()
    if int(number) != partition(unit):
        raise ProtocolError(f"{topic!r}: unit {unit} belongs to partition {partition(unit):02d}")
    return Address(unit, what)
