"""Who may see and do what: the one place of roles and scoping. Every view goes through `needs`."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, Literal, NamedTuple

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from ..registry import Registry, Vehicle
from . import store

Right = Literal[
    "own_account", "see_fleet", "see_unit", "plan", "desk", "see_reports", "see_aggregates",
    "open_names", "erase_names", "see_audit", "manage_accounts", "manage_alerts", "manage_fleet",
    "manage_updates",
]  # fmt: skip
Role = Literal["federation", "territory", "centre", "funder", "auditor"]

_AT_WORK: Final = frozenset({
    "own_account", "see_fleet", "see_unit", "plan", "desk", "see_reports", "see_aggregates",
    "open_names",
})  # fmt: skip
RIGHTS: Final[dict[str, frozenset[str]]] = {
    "federation": _AT_WORK
    | {
        "erase_names",
        "see_audit",
        "manage_accounts",
        "manage_alerts",
        "manage_fleet",
        "manage_updates",
    },
    "territory": _AT_WORK | {"manage_alerts"},
    "centre": _AT_WORK,
    "funder": frozenset({"own_account", "see_aggregates"}),
    "auditor": frozenset(
        {"own_account", "see_fleet", "see_unit", "see_reports", "see_aggregates", "see_audit"}
    ),
}
"""Role → rights. What is not here may not be done."""


class Scope(NamedTuple):
    """What one account reaches: its rights, and the vehicles they are about."""

    role: str
    rights: frozenset[str]
    registry: Registry
    """Of these vehicles alone."""
    everything: bool
    """Units that are in no vehicle too."""

    @property
    def vehicles(self) -> tuple[Vehicle, ...]:
        """Those in reach."""
        return self.registry.vehicles

    @property
    def units(self) -> frozenset[str]:
        """Units of the vehicles in reach, former ones too."""
        return frozenset(unit for vehicle in self.vehicles for unit in vehicle.units)

    def may(self, right: Right) -> bool:
        """Whether the role has it."""
        return right in self.rights

    def reaches(self, unit: str) -> bool:
        """Whether that unit is in reach."""
        return self.everything or unit in self.units


def scope_of(account: Any, known: Registry) -> Scope:
    """The scope of an account: everything for the federation, an auditor and a funder of all."""
    rights = RIGHTS.get(account.role, frozenset())
    if account.role == "centre":
        mine = [each for each in known.vehicles if each.centre_id == account.centre_id]
    elif account.role == "territory" or account.territory_id is not None:
        mine = [each for each in known.vehicles if each.territory_id == account.territory_id]
    else:
        return Scope(account.role, rights, known, account.role in ("federation", "auditor"))
    return Scope(account.role, rights, Registry(mine), False)


def told_by_name(scope: Scope, known: Registry) -> frozenset[str] | None:
    """Names by which figures of one vehicle are this account's to see; None: all in its territory.

    A name that another centre's vehicle there has too is nobody's: figures go by name.
    """
    if scope.role != "centre":
        return None
    mine = {each.id for each in scope.vehicles}
    here = {each.territory_id for each in scope.vehicles}
    near = (each for each in known.vehicles if each.territory_id in here)
    theirs = {each.name for each in near if each.id not in mine}
    return frozenset(each.name for each in scope.vehicles) - theirs


View = Callable[..., HttpResponse]


def needs(right: Right) -> Callable[[View], View]:
    """Lets only accounts with the right through, and gives the view `request.scope`.

    The view carries `.right`, by which a test walks every address with every role.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, *arguments: Any, **named: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            request.scope = scope_of(request.user, store.vehicles())
            if not request.scope.may(right):
                raise PermissionDenied
            return view(request, *arguments, **named)

        guarded.right = right  # type: ignore[attr-defined]
        return guarded

    return decorate


def public(view: View) -> View:
    """Marks a view that nobody needs an account for: the login page, health."""
    view.right = ""  # type: ignore[attr-defined]
    return view


def in_templates(request: HttpRequest) -> dict[str, Any]:
    """What templates know of whoever looks: `may.plan` and so on."""
    account = getattr(request, "user", None)
    if account is None or not account.is_authenticated:
        return {"account": None, "may": {}}
    return {"account": account, "may": dict.fromkeys(RIGHTS.get(account.role, ()), True)}
