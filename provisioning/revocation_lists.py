"""The lists of what was revoked, one of each authority that is accepted, as one PEM text."""

from collections.abc import Sequence
from datetime import datetime

from . import facts, issuing, keys
from .issuing import Issuer
from .registry import Writing


def renew(log: Writing, devices: Sequence[Issuer], now: datetime) -> str:
    """The next lists: the registry knows their number first. Raises OperatorError."""
    number = log.state.list_number + 1
    log.append(facts.ListMade(at=now, number=number))
    return "".join(
        issuing.pem(issuing.revocation_list(one, log.state.revoked_of(name), number, now))
        for one in devices
        for name in (keys.certified_hex(one.certificate),)
    )
