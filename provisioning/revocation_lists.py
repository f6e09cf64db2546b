"""The lists of what was revoked, one of each authority that is accepted, as one PEM text."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from . import facts, issuing, keys
from .issuing import Issuer
from .registry import Writing

NONE: Final[Mapping[int, datetime]] = {}


def renew(
    log: Writing, devices: Sequence[Issuer], now: datetime, beside: Mapping[int, datetime] = NONE
) -> str:
    """The next lists: the registry knows their number first. Raises OperatorError.

    `beside`: serials of the authority in force that the registry does not know of.
    """
    number = log.state.list_number + 1
    log.append(facts.ListMade(at=now, number=number))
    refused = [log.state.revoked_of(keys.certified_hex(one.certificate)) for one in devices]
    refused[0].update(beside)
    return "".join(
        issuing.pem(issuing.revocation_list(one, serials, number, now))
        for one, serials in zip(devices, refused, strict=True)
    )
