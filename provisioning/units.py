"""Units: adding them, one or many at once, approving, and telling how they stand. Makes no key."""

import csv
import io
import zoneinfo
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple, get_args

from protocol import topics
from protocol.certificates import BOOTSTRAP, SERVICE
from protocol.enrolment import SPARE
from protocol.topics import UNIT_ID

from . import facts, files, registry
from .errors import OperatorError
from .facts import Profile, UnitAdded
from .keys import Folder
from .state import State

HEADER: Final = ("id", "territory", "centre", "vehicle_name", "vehicle", "zone")
"""Of units.csv, in any order, with commas or semicolons; an empty zone is ZONE."""
ZONE: Final = "Europe/Paris"
MAX_NAME: Final = 80


class Asked(NamedTuple):
    """A unit as somebody wrote it down, nothing checked."""

    id: str
    territory: str
    centre: str
    vehicle_name: str
    vehicle: str
    zone: str
    where: str = ""
    """Line of the file, for the sentence about it."""


def add(folder: Folder, asked: Sequence[Asked], now: datetime) -> State:
    """Adds all of them or, if anything is wrong, none. Raises OperatorError with every fault."""
    with registry.writing(folder.registry) as log:
        wrong = list(faults(asked, log.state))
        if wrong:
            raise OperatorError(f"{'; '.join(wrong)}: nothing was added")
        log.append(*(_added(one, now) for one in asked))
        return log.state


def faults(asked: Iterable[Asked], known: State) -> Iterator[str]:
    """What is wrong with these units, in the order they stand."""
    seen: dict[str, str] = {}
    for one in asked:
        wrong = [*_of_id(one.id, known), *_of_the_rest(one)]
        if one.id in seen:
            wrong.append(f"{one.id} stands in {seen[one.id]} already")
        seen.setdefault(one.id, one.where)
        if wrong:
            yield f"{one.where}: {', '.join(wrong)}" if one.where else ", ".join(wrong)


def read_csv(path: Path) -> list[Asked]:
    """The units of a file, nothing checked but its form. Raises OperatorError."""
    try:
        text = files.read(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise OperatorError(f"{path} is not UTF-8: save it as CSV UTF-8") from error
    first = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text), delimiter=";" if ";" in first else ",", strict=True)
    try:
        return list(_asked(rows, path))
    except csv.Error as error:
        raise OperatorError(f"{path} is no table, line {rows.line_num}: {error}") from error


def approve(folder: Folder, unit: str, now: datetime) -> None:
    """Lets a unit whose certificate ran out enrol again, once, without a code."""
    with registry.writing(folder.registry) as log:
        standing = log.state.standing(known_unit(log.state, unit), now)
        if standing not in ("expired", "waiting"):
            why = _NO_APPROVAL.get(standing, "make a bundle for it")
            raise OperatorError(f"{unit} is {standing}: {why}")
        if log.state.units[unit].approved:
            raise OperatorError(f"{unit} is approved already: it enrols when it next asks")
        log.append(facts.Approved(at=now, unit=unit))


def known_unit(known: State, unit: str) -> str:
    """The same id. Raises OperatorError when there is no such unit."""
    if unit not in known.units:
        raise OperatorError(f"there is no unit {unit!r}: escale-provision list tells them")
    return unit


def told(known: State, unit: str, now: datetime) -> dict[str, Any]:
    """One line of `list`."""
    one, own = known.units[unit], known.latest(unit)
    return {
        "unit": unit,
        "vehicle": one.vehicle.name,
        "state": known.standing(unit, now),
        "until": own.not_after.isoformat() if own else None,
        "last": one.said.__struct_config__.tag,
        "at": one.said.at.isoformat(),
    }


def told_whole(known: State, unit: str, now: datetime) -> dict[str, Any]:
    """All that is known of one unit."""
    one = known.units[known_unit(known, unit)]
    serials = (*known.names.get(unit, ()), *known.names.get(BOOTSTRAP + unit, ()))
    return {
        **told(known, unit, now),
        "centre": one.vehicle.centre,
        "territory": one.vehicle.territory,
        "profile": one.profile,
        "zone": one.zone,
        "partition": topics.partition(unit),
        "vehicle_units": known.vehicles()[one.vehicle],
        "bundle": one.bundle,
        "code_open": one.code_open,
        "asked": one.asked,
        "approved": one.approved,
        "certificates": [
            {
                "name": known.certificates[serial].name,
                "serial": f"{serial:x}",
                "until": known.certificates[serial].not_after.isoformat(),
                "revoked": known.revoked[serial].isoformat() if serial in known.revoked else None,
            }
            for serial in serials
        ],
    }


def table(lines: Sequence[dict[str, Any]]) -> str:
    """For people: one unit a line."""
    head = ("unit", "vehicle", "state", "certificate until", "last word")
    rows = [
        (one["unit"], one["vehicle"], one["state"], (one["until"] or "-")[:10],
         f"{one['last']} {one['at'][:10]}")
        for one in lines
    ]  # fmt: skip
    return aligned(head, *rows)


def aligned(*rows: Sequence[str]) -> str:
    """Columns for people, the first row above the others."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
    return "\n".join(lines) + "\n"


_NO_APPROVAL: Final = {
    "enrolled": "its certificate is good and there is nothing to approve",
    "bundled": "it enrols with the code of its bundle",
}


def _of_id(unit: str, known: State) -> Iterator[str]:
    if not UNIT_ID.fullmatch(unit):
        yield f"{unit!r} is no id: 3 to 26 of a-z, 0-9 and -"
    elif unit.startswith((BOOTSTRAP, SERVICE, SPARE)):
        yield f"{unit} begins like a name that is not a unit's"
    elif unit in known.units:
        yield f"{unit} is there already"


def _of_the_rest(one: Asked) -> Iterator[str]:
    names = {"territory": one.territory, "centre": one.centre, "vehicle name": one.vehicle_name}
    for what, name in names.items():
        if not 1 <= len(name) <= MAX_NAME or not name.isprintable():
            yield f"its {what} must have 1 to {MAX_NAME} characters"
    if one.vehicle not in get_args(Profile):
        yield f"{one.vehicle!r} is none of {', '.join(get_args(Profile))}"
    if one.zone not in _zones():
        yield f"{one.zone!r} is no time zone such as {ZONE}"


@cache
def _zones() -> set[str]:
    return zoneinfo.available_timezones()


def _asked(rows: Iterator[list[str]], path: Path) -> Iterator[Asked]:
    head = [cell.strip() for cell in next(rows, [])]
    if sorted(head) != sorted(HEADER):
        raise OperatorError(f"the first line of {path} must be {','.join(HEADER)}")
    for number, row in enumerate(rows, 2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(head):
            raise OperatorError(f"line {number} of {path} has {len(row)} cells, not {len(head)}")
        cells = dict(zip(head, (cell.strip() for cell in row), strict=True))
        yield Asked(**{**cells, "zone": cells["zone"] or ZONE}, where=f"line {number}")


def _added(one: Asked, now: datetime) -> UnitAdded:
    profile: Profile = one.vehicle  # type: ignore[assignment]  # checked by `faults`
    return UnitAdded(
        at=now,
        unit=one.id,
        vehicle_name=one.vehicle_name,
        territory=one.territory,
        centre=one.centre,
        profile=profile,
        zone=one.zone,
    )
