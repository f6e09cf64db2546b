"""What runs out unless somebody acts: the revocation lists' age and ends. Mends nothing.

A list past its next update locks every unit out at once, and so does an authority that ends.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from cryptography import x509

from protocol import certificates
from protocol.certificates import BOOTSTRAP, SERVICE

from . import broker, broker_material, issuing, keys
from .broker import Settings
from .errors import OperatorError
from .keys import Folder
from .state import State

OLD: Final = timedelta(days=7)
"""Age of a list that is made daily when somebody must look why."""
SOON: Final = timedelta(days=21)
"""Before a certificate's end."""


class End(NamedTuple):
    """When something that nobody replaces by itself ends."""

    what: str
    until: datetime


class Seen(NamedTuple):
    """What there is to watch."""

    listed: datetime
    """When the oldest of the lists in force was made."""
    locked: datetime
    """When the first of them locks everybody out."""
    ends: Sequence[End]


def look(folder: Folder, told: Settings, known: State, now: datetime) -> Seen:
    """What lies in the folders. Raises OperatorError when it cannot be read."""
    path = told.folder / broker.REVOKED
    try:
        lists = certificates.read_lists(broker_material.held(path).encode())
        made = min(one.last_update_utc + issuing.SKEW for one in lists)
        locked = min(one.next_update_utc or now for one in lists)
    except ValueError as error:
        raise OperatorError(f"{path} holds no list: escale-provision broker makes it") from error
    return Seen(made, locked, sorted(_ends(folder, told, known, now), key=lambda end: end.until))


def warnings(seen: Seen, now: datetime) -> list[str]:
    """One sentence each; none: all is well."""
    told = []
    age = now - seen.listed
    if age >= OLD:
        told.append(
            f"the revocation list is {age.days} days old and locks every unit out on "
            f"{seen.locked:%Y-%m-%d}: see why escale-provision serve does not make it anew"
        )
    for end in seen.ends:
        if end.until - now <= SOON:
            left = max((end.until - now).days, 0)
            told.append(f"{end.what} ends on {end.until:%Y-%m-%d}, in {left} days: renew it")
    return told


def report(seen: Seen, now: datetime) -> str:
    """For people: what is watched, the next end first, then the warnings."""
    lines = [f"{seen.listed:%Y-%m-%d}  the revocation list was made"]
    lines += [f"{end.until:%Y-%m-%d}  {end.what} ends" for end in seen.ends]
    lines += [f"warning: {one}" for one in warnings(seen, now)]
    return "\n".join(lines) + "\n"


def _ends(folder: Folder, told: Settings, known: State, now: datetime) -> Iterator[End]:
    yield from _of("the root", keys.read_certificates(folder.certificate("root")))
    yield from _of("the devices' authority", keys.read_certificates(folder.certificate("devices")))
    yield from _of("the servers' authority", keys.read_certificates(folder.certificate("servers")))
    yield from _of("the broker", keys.read_certificates(told.folder / broker.CERTIFICATE)[:1])
    for name in known.services:
        good = known.good(SERVICE + name, now)
        if good:
            yield End(f"the certificate of {name}", max(one.not_after for one in good))
    for spare in known.spares:
        for one in known.good(BOOTSTRAP + spare, now)[-1:]:
            yield End(f"what {spare} may ask with", one.not_after)


def _of(what: str, found: Sequence[x509.Certificate]) -> Iterator[End]:
    for certificate in found:
        yield End(what, certificate.not_valid_after_utc)
