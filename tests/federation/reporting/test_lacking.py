"""What a reader is told is missing: vehicles by name, and no alarm while a period runs."""

from datetime import UTC, datetime

from federation.registry import Registry
from federation.reporting import lacking
from federation.reporting.facts import Facts
from federation.reporting.lacking import Lacking
from federation.reporting.machines import Completeness
from federation.reporting.period import parse

from .fleet_year import World

NOW = int(datetime(2026, 5, 20, 12, tzinfo=UTC).timestamp() * 1000)
HOUR = 3_600_000


def told(year: World, made: int, *known: Completeness, registry: Registry | None = None) -> Lacking:
    """Of all vehicles in May."""
    facts = Facts(year.database, registry or year.registry, year.plans, parse("2026-05"), made)
    return lacking.of(facts, {each.unit: each for each in known}, facts.units(), None)


def heard(unit: str, ago: int = HOUR, waiting: int = 0, now: int = NOW) -> Completeness:
    """A unit that is complete up to so long ago."""
    return Completeness(unit=unit, complete_to=now - ago, waiting=waiting)


def all_but(year: World, *others: str) -> list[Completeness]:
    """Everybody else spoke an hour ago."""
    units = [unit for vehicle in year.registry.vehicles for unit in vehicle.units]
    return [heard(unit) for unit in units if unit not in others]


def test_a_period_that_runs_is_no_alarm(year: World) -> None:
    found = told(year, NOW, *all_but(year))
    assert found == Lacking(True)
    assert lacking.sentence(found, NOW) == "Période en cours : chiffres provisoires."


def test_vehicles_that_hold_facts_or_are_silent_are_named(year: World) -> None:
    others = all_but(year, "van-germaine", "van-vendee")
    behind = heard("van-germaine", ago=30 * HOUR, waiting=12)
    found = told(year, NOW, *others, behind, heard("van-vendee", ago=25 * HOUR))
    assert lacking.sentence(found, None) == (
        "Période en cours : chiffres provisoires. Faits encore à bord : Camion Germaine. "
        "Sans nouvelles depuis plus d’un jour : La Roulotte."
    )


def test_a_period_that_is_over_waits_for_who_was_not_heard_since(year: World) -> None:
    later = NOW + 20 * 24 * HOUR
    units = [unit for vehicle in year.registry.vehicles for unit in vehicle.units]
    here = [heard(unit, now=later) for unit in units if unit != "van-vendee"]
    found = told(year, later, *here, heard("van-vendee"))
    assert lacking.sentence(found, None) == (
        "Chiffres provisoires. Sans nouvelles depuis la fin de la période : La Roulotte."
    )
    whole = told(year, later, *here, heard("van-vendee", now=later))
    assert lacking.sentence(whole, later).startswith("Complet : tout ce qui a été noté")


def test_a_box_that_was_taken_out_is_not_waited_for(year: World) -> None:
    first, *others = year.registry.vehicles
    gone = first._replace(boxes=tuple(box._replace(until=NOW) for box in first.boxes))
    registry = Registry([gone, *others])
    found = told(year, NOW, *all_but(year, "van-germaine"), registry=registry)
    assert found == Lacking(True)


def test_of_many_only_a_few_are_named() -> None:
    names = tuple(f"Van {n}" for n in range(9))
    assert lacking.sentence(Lacking(True, (), names), None).endswith(
        "Van 0, Van 1, Van 2, Van 3 et 5 autres."
    )
