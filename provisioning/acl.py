"""Who may say and hear what at the broker: the text of its access file. Knows no registry.

Every client has a block of its own and what is not written there is refused: no pattern takes a
client's word for who it is, and a client without a block has no right at all, connected or not.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal, NamedTuple

from protocol import topics
from protocol.certificates import BOOTSTRAP

Role = Literal["ingest", "provisioning"]
"""What a process of the federation does at the broker."""

_EVERY: Final = f"{topics.ROOT}/+/+"
_ROLES: Final[dict[Role, tuple[str, ...]]] = {
    "ingest": (
        f"read {_EVERY}/up/batch",
        f"read {_EVERY}/up/link",
        f"read {_EVERY}/up/status",
        f"write {_EVERY}/down/receipt",
        f"write {_EVERY}/down/document/+",
    ),
    "provisioning": (
        f"read {topics.all_enrol()}",
        f"read {topics.all_requests()}",
        f"write {topics.ROOT}/enrol/+/answer",
        f"write {_EVERY}/down/certificate",
    ),
}


class Access(NamedTuple):
    """Who has rights at all."""

    units: frozenset[str]
    """Ids of units that hold a certificate that is in force."""
    bootstraps: frozenset[str]
    """Ids of units that may ask for enrolment."""
    services: Mapping[str, Role]
    """Name in the certificate → role."""


def render(access: Access) -> str:
    """The access file, in an order that depends on nothing else."""
    blocks = [_block(name, _ROLES[role]) for name, role in sorted(access.services.items())]
    blocks += [_block(unit, _of_unit(unit)) for unit in sorted(access.units)]
    blocks += [_block(BOOTSTRAP + unit, _of_bootstrap(unit)) for unit in sorted(access.bootstraps)]
    return "# Written by escale-provision, made anew at every change.\n\n" + "\n".join(blocks)


def _of_unit(unit: str) -> Iterator[str]:
    for what in ("batch", "link", "status", "request"):
        yield f"write {topics.up(unit, what)}"
    yield f"read {topics.all_down(unit)}"


def _of_bootstrap(unit: str) -> Iterator[str]:
    yield f"write {topics.enrol(unit, 'request')}"
    yield f"read {topics.enrol(unit, 'answer')}"


def _block(name: str, rights: Iterable[str]) -> str:
    return f"user {name}\n" + "".join(f"topic {right}\n" for right in rights)
