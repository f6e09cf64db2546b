"""Who has rights at the broker by what the registry says: nobody without a good certificate."""

from datetime import datetime

from protocol.certificates import BOOTSTRAP, SERVICE

from .acl import Access, Role
from .state import State

SELF = SERVICE + "provisioning"
"""The authority itself: it makes its certificate when it connects."""


def access(known: State, now: datetime) -> Access:
    """Whoever was revoked, or let everything run out, loses the name's rights as well."""
    services: dict[str, Role] = {SELF: "provisioning"}
    for name, role in known.services.items():
        if role != "web" and known.good(SERVICE + name, now):
            services[SERVICE + name] = role
    return Access(
        units=frozenset(unit for unit in known.units if known.good(unit, now)),
        bootstraps=frozenset(
            one for one in (*known.units, *known.spares) if known.good(BOOTSTRAP + one, now)
        ),
        services=services,
    )
