"""Which vehicles a report waits for, in one or two sentences. Pure; a period that is not over is no
alarm by itself.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Final, NamedTuple

from .facts import Facts
from .machines import Completeness, end_of, lacks

DAY: Final = 24 * 3_600_000
_NAMED: Final = 4
"""Vehicles that a sentence names; of the others it says how many."""
_MOMENT: Final = "%d/%m/%Y à %H:%M UTC"


class Lacking(NamedTuple):
    """Names of vehicles, in the order of people's alphabet."""

    running: bool
    """The period is not over."""
    holding: tuple[str, ...] = ()
    """They hold facts that are not here."""
    silent: tuple[str, ...] = ()
    """Not heard of for more than a day, or since the end of the period."""


def of(
    facts: Facts,
    known: Mapping[str, Completeness],
    units: Iterable[str],
    vehicles: Collection[str] | None,
) -> Lacking:
    """Of these units; `vehicles`: those that may be named, None: all."""
    made = facts.made or 0
    all_units = list(units)
    running = any(made < end_of(facts, unit) for unit in all_units or [""])
    holding, silent = set[str](), set[str]()
    for unit in all_units:
        told, name = known.get(unit, Completeness(unit=unit)), facts.place(unit).vehicle
        if vehicles is not None and name not in vehicles:
            continue
        if not running and not lacks(facts, told):
            continue
        if told.waiting:
            holding.add(name)
        elif _rides(facts, unit) and (not running or (told.complete_to or 0) < made - DAY):
            silent.add(name)
    return Lacking(running, tuple(sorted(holding)), tuple(sorted(silent - holding)))


def sentence(told: Lacking, complete_to: int | None) -> str:
    """What a reader must know of it, in French."""
    if told.running:
        said = ["Période en cours : chiffres provisoires."]
    elif not (told.holding or told.silent):
        until = f" : tout ce qui a été noté jusqu’au {moment(complete_to)} est compté"
        return f"Complet{until if complete_to else ''}."
    else:
        said = ["Chiffres provisoires."]
    if told.holding:
        said.append(f"Faits encore à bord : {_some(told.holding)}.")
    if told.silent:
        since = "depuis plus d’un jour" if told.running else "depuis la fin de la période"
        said.append(f"Sans nouvelles {since} : {_some(told.silent)}.")
    return " ".join(said)


def moment(utc: int | None) -> str:
    """A moment in milliseconds, as people read it; empty: none."""
    return "" if utc is None else datetime.fromtimestamp(utc // 1000, UTC).strftime(_MOMENT)


def _rides(facts: Facts, unit: str) -> bool:
    """Whether it is in a vehicle still: one that was taken out has nothing more to say."""
    vehicle = facts.registry.of(unit)
    if vehicle is None:
        return True
    return not vehicle.retired and any(b.unit == unit and b.until is None for b in vehicle.boxes)


def _some(names: tuple[str, ...]) -> str:
    more = len(names) - _NAMED
    if more <= 1:
        return ", ".join(names)
    return f"{', '.join(names[:_NAMED])} et {more} autres"
