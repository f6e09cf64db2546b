"""What somebody asks a report of, and whether they may. Pure but for the account's scope."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from django.http import Http404

from ...errors import OperatorError
from ...registry import Registry
from ...reporting import closed, period
from ...reporting.making import EVERYWHERE
from ...reporting.period import Period
from .. import store
from ..scope import Scope, told_by_name

_OF_ALL = frozenset({"federation", "auditor", "funder"})


class Asked(NamedTuple):
    """A period and a territory, and what of it may be seen."""

    period: Period
    territory: str | None
    """Code; None: the whole federation."""
    funder: bool
    """Aggregates alone."""
    vehicles: frozenset[str] | None
    """Those told of one by one; None: all."""
    wrong: str = ""
    """What could not be read, in French."""


class Choice(NamedTuple):
    """An entry of a list."""

    value: str
    label: str
    chosen: bool


def asked(request: Any, today: Any) -> Asked:
    """From the address or the form. A territory out of reach is not there (404)."""
    said = request.POST if request.method == "POST" else request.GET
    scope: Scope = request.scope
    funder = not scope.may("see_reports")
    wanted, wrong = _period(said.get("periode", ""), today, funder=funder)
    territory = _territory(said.get("territoire"), request)
    mine = told_by_name(scope, store.vehicles())
    return Asked(wanted, territory, funder, mine, wrong)


def sees_all(request: Any) -> bool:
    """Whether the whole federation is theirs to see."""
    return request.scope.role in _OF_ALL and request.user.territory_id is None


def territories(request: Any, chosen: str | None) -> list[Choice]:
    """What they may choose."""
    known: Registry = request.scope.registry
    found = [Choice("", EVERYWHERE, chosen is None)] if sees_all(request) else []
    listed = sorted(known.territories().items(), key=lambda each: each[1])
    return [*found, *(Choice(code, name, code == chosen) for code, name in listed)]


def periods(today: Any, chosen: Period, *, funder: bool) -> list[Choice]:
    """Three years, their quarters and months, newest first; for a funder those that are closed."""
    names: list[str] = []
    for year in range(today.year, today.year - 3, -1):
        months = today.month if year == today.year else 12
        names.append(str(year))
        names += [f"{year}-T{quarter}" for quarter in range((months + 2) // 3, 0, -1)]
        names += [f"{year}-{month:02d}" for month in range(months, 0, -1)]
    if chosen.name not in names:
        names.insert(0, chosen.name)
    found = [period.parse(name) for name in names]
    return [
        Choice(each.name, each.label, each.name == chosen.name)
        for each in found
        if not funder or closed.is_closed(each, today)
    ]


def _period(said: str, today: Any, *, funder: bool) -> tuple[Period, str]:
    usual = closed.newest(today) if funder else period.parse(str(today.year))
    if not said:
        return usual, ""
    try:
        found = period.parse(said[:40])
    except OperatorError:
        return usual, "Cette période n’existe pas : écrivez 2026, 2026-T1 ou 2026-03."
    if found.first > today:
        return usual, "Cette période n’a pas commencé."
    if funder and not closed.is_closed(found, today):
        return usual, _CLOSED
    return found, ""


_CLOSED: Final = (
    "Choisissez un trimestre terminé depuis une semaine au moins : "
    "d’ici là, deux lectures diraient qui est venu entre elles."
)


def _territory(said: str | None, request: Any) -> str | None:
    known: Sequence[str] = list(request.scope.registry.territories())
    if said:
        if said not in known:
            raise Http404
        return said
    if sees_all(request):
        return None
    if not known:
        raise Http404
    return known[0]
