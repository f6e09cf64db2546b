"""A receiver's log replayed: `escale replay`. Uses the unit's own reader and detector, no clock.

Times are the receiver's own: a 1024-week error is the unit's clock's to mend, which has a floor.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from .errors import OperatorError
from .gps.doubt import DAY
from .gps.fix import Fix
from .gps.reader import Reader
from .stops.facts import Arrived, Departed, Fact
from .stops.logbook import Logbook
from .stops.profiles import PROFILES

CHUNK = 1 << 16
SAME_DATE = timedelta(hours=1)
"""Two dated fixes that near each other bear each other's date out."""
LONGEST_WITHOUT_DATE = 6 * 3600_000
"""Milliseconds a time of day can be carried back from the first date told."""


def main(arguments: list[str] | None = None) -> int:
    """Print the fixes (one JSON object per line) or the stops (one JSON list) of a log."""
    parser = argparse.ArgumentParser(prog="escale replay", description="Replay a receiver's log.")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--fixes", metavar="FILE", help="print every fix; - is the standard input")
    what.add_argument("--stops", metavar="FILE", help="print the stops; - is the standard input")
    parser.add_argument("--profile", choices=sorted(PROFILES), default="camion")
    chosen = parser.parse_args(arguments)
    with ExitStack() as stack:
        fixes = dated(read(_open(chosen.fixes or chosen.stops, stack)))
        if chosen.fixes:
            sys.stdout.writelines(json.dumps(as_json(fix)) + "\n" for fix in fixes)
        else:
            json.dump(stops(fixes, chosen.profile), sys.stdout, indent=1)
            sys.stdout.write("\n")
    return 0


def read(log: BinaryIO) -> Iterator[Fix]:
    """Every fix of a log, in its order."""
    reader = Reader()
    while data := log.read(CHUNK):
        yield from reader.push(data)
    yield from reader.flush()


def dated(fixes: Iterable[Fix]) -> Iterator[Fix]:
    """The same fixes; those before the first date get theirs, once a second fix bears it out."""
    fixes = iter(fixes)
    held: list[Fix] = []
    first: Fix | None = None
    for fix in fixes:
        if not held and fix.time is not None:
            yield fix
            break
        held.append(fix)
        if fix.dated and first is not None and _agree(first, fix):
            yield from _carried_back(held, first)
            break
        first = fix if fix.dated else first
    else:
        yield from held
    yield from fixes


def as_json(fix: Fix) -> dict[str, Any]:
    """What `--fixes` prints of a fix: UTC, degrees, metres per second."""
    return {
        "time": iso(fix.time) if fix.time else None,
        "lat": round(fix.lat, 8) if fix.lat is not None else None,
        "lon": round(fix.lon, 8) if fix.lon is not None else None,
        "speed": round(fix.speed, 3) if fix.speed is not None else None,
        "mode": fix.mode,
        "hdop": fix.hdop,
        "satellites": fix.satellites,
    }


def stops(fixes: Iterable[Fix], profile: str) -> list[dict[str, Any]]:
    """The stops made of these fixes: arrival, departure (None: still there), lat, lon."""
    logbook = Logbook(PROFILES[profile])
    found: dict[int, dict[str, Any]] = {}
    for fix in fixes:
        if fix.time is None or fix.lat is None or fix.lon is None:
            continue
        at = fix.time.timestamp()
        for fact in logbook.fix(at, fix.lat, fix.lon, fix.speed, fix.hdop):
            _tell(found, fact)
    still = logbook.provisional()
    if still is not None and still.stop is not None:
        found[still.stop].update(departure=still.left, lat=still.lat, lon=still.lon)
    return [_shown(stop) for stop in found.values()]


def iso(time: datetime) -> str:
    """UTC with milliseconds and a Z."""
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _open(name: str, stack: ExitStack) -> BinaryIO:
    if name == "-":
        return sys.stdin.buffer
    try:
        return stack.enter_context(Path(name).open("rb"))
    except OSError as error:
        message = f"cannot read {name}: {error.strerror}; give the path of a receiver's log, or -"
        raise OperatorError(message) from error


def _agree(first: Fix, later: Fix) -> bool:
    if first.time is None or later.time is None:
        return False
    return abs(later.time - first.time) < SAME_DATE


def _carried_back(held: list[Fix], first: Fix) -> Iterator[Fix]:
    """The held fixes, those before the first dated one with the time they must have had."""
    index = held.index(first)
    later, earlier = first, list[Fix]()
    for fix in reversed(held[:index]):
        if fix.clock is not None and later.clock is not None and later.time is not None:
            back = (later.clock - fix.clock) % DAY
            if back < LONGEST_WITHOUT_DATE:
                later = fix._replace(time=later.time - timedelta(milliseconds=back))
                fix = later
        earlier.append(fix)
    yield from reversed(earlier)
    yield from held[index:]


def _tell(found: dict[int, dict[str, Any]], fact: Fact) -> None:
    if isinstance(fact, Arrived):
        found[fact.stop] = {"arrival": fact.at, "departure": None, "lat": fact.lat, "lon": fact.lon}
    elif isinstance(fact, Departed):
        found[fact.stop].update(departure=fact.at, lat=fact.lat, lon=fact.lon)


def _shown(stop: dict[str, Any]) -> dict[str, Any]:
    shown = dict(stop)
    for name in ("arrival", "departure"):
        if stop[name] is not None:
            shown[name] = iso(datetime.fromtimestamp(stop[name], UTC))
    for name in ("lat", "lon"):
        shown[name] = round(stop[name], 7)
    return shown


if __name__ == "__main__":
    sys.exit(main())
