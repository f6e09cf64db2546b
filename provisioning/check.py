"""`broker check`: what must be so at the broker, and the proof of each line. Mends nothing."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from protocol import topics
from protocol.messages import MAX_PACKET

from . import check_doors as doors
from .broker import MAX_PAYLOAD
from .check_cast import (
    INGEST,
    OTHER,
    PROVISIONING,
    STRANGER,
    UNIT,
    Authority,
    bootstrap,
    topic_of_another,
)
from .check_topics import (
    ELSEWHERE,
    EVERYTHING,
    Fault,
    deaf,
    downs,
    enrols,
    heard,
    loses_its_rights,
    name_changes_nothing,
    no_will,
    unheard,
    ups,
)
from .check_world import World
from .errors import OperatorError

_ALL_UP = [topics.all_up(number) for number in range(topics.PARTITIONS)]
_DOWN = [topics.all_down(UNIT)]
_BLANK = bootstrap(UNIT)
_ANSWER = topics.enrol(UNIT, "answer")
_UNITS = (UNIT, OTHER, STRANGER)
_REPORTS = [topic for unit in _UNITS for topic in ups(unit)[:3]] + [topic_of_another(UNIT)]
_REQUESTS = [topic for unit in _UNITS for topic in (ups(unit)[3], enrols(unit)[0])]
_NOT_BLANK = [*ups(UNIT), *downs(UNIT), *enrols(OTHER), _ANSWER, *ELSEWHERE]
_NOT_INGEST = [*ups(UNIT), *downs(UNIT)[2:], *enrols(UNIT), *ELSEWHERE]
_NOT_PROVISIONING = [*ups(UNIT), *downs(UNIT)[:2], *enrols(UNIT)[:1], *ELSEWHERE]

LINES: Final[dict[str, Fault]] = {
    "the broker proves its names": doors.own_name,
    "a unit is heard": heard(UNIT, ups(UNIT)[:3], INGEST, _ALL_UP),
    "a unit hears its receipts and documents": heard(INGEST, downs(UNIT)[:2], UNIT, _DOWN),
    "a unit asks for a certificate": heard(
        UNIT, ups(UNIT)[3:], PROVISIONING, [topics.all_requests()]
    ),
    "a unit is given a certificate": heard(PROVISIONING, downs(UNIT)[2:], UNIT, _DOWN),
    "a blank unit asks for enrolment": heard(
        _BLANK, enrols(UNIT)[:1], PROVISIONING, [topics.all_enrol()]
    ),
    "a blank unit is answered": heard(PROVISIONING, [_ANSWER], _BLANK, [_ANSWER]),
    "no unit speaks as another": unheard(UNIT, ups(OTHER)),
    "no unit leaves a retained word as another": unheard(UNIT, ups(OTHER), retain=True),
    "no unit leaves a last will as another": no_will,
    "no unit tells another what to do": unheard(UNIT, downs(OTHER), retain=True),
    "no unit tells itself what to do": unheard(UNIT, downs(UNIT), retain=True),
    "no unit speaks in another partition": unheard(UNIT, [topic_of_another(UNIT)]),
    "no unit speaks elsewhere": unheard(UNIT, [*enrols(UNIT), *enrols(OTHER), *ELSEWHERE]),
    "a unit hears what it is told and nothing else": deaf(UNIT, downs(UNIT)),
    "a user name changes nothing": name_changes_nothing,
    "a blank unit does nothing but ask": unheard(_BLANK, _NOT_BLANK, retain=True),
    "a blank unit hears its answer and nothing else": deaf(_BLANK, [_ANSWER]),
    "whoever is not registered says nothing": unheard(STRANGER, EVERYTHING, retain=True),
    "whoever is not registered hears nothing": deaf(STRANGER, []),
    "names that are topic filters gain nothing": doors.strange_names,
    "ingest says receipts and documents alone": unheard(INGEST, _NOT_INGEST),
    "ingest hears batches, links and statuses alone": deaf(INGEST, _REPORTS),
    "provisioning says answers and certificates alone": unheard(PROVISIONING, _NOT_PROVISIONING),
    "provisioning hears requests alone": deaf(PROVISIONING, _REQUESTS),
    "nobody takes another's session": doors.theft,
    "a payload that is too large is not passed on": doors.too_much(MAX_PAYLOAD + 1),
    "a packet that is too large is not passed on": doors.too_much(MAX_PACKET + 1),
    "refused: no certificate": doors.no_certificate,
    "refused: a name and a password": doors.password,
    "refused: no TLS": doors.plain,
    "refused: TLS 1.2": doors.old_tls,
    "refused: expired": doors.expired,
    "refused: not yet valid": doors.not_yet_valid,
    "refused: signed by itself": doors.self_signed,
    "refused: another authority of the same names": doors.another_authority,
    "refused: a client of the servers' authority": doors.servers_authority,
    "refused: a server of the devices' authority": doors.server_as_client,
    "refused: a server of the servers' authority": doors.own_broker_certificate,
    "a live session loses its rights with its block": loses_its_rights,
    "refused: revoked": doors.revoked,
}
"""What must be so → how it is tried. The last two change the broker."""


class Proof(NamedTuple):
    """One line tried."""

    says: str
    fault: str
    """Empty: it is so."""


def prove(
    files: Mapping[str, str], authority: Authority, hosts: Sequence[str] = ("localhost",)
) -> Iterator[Proof]:
    """Tries every line on a broker with those files. Raises OperatorError when it never starts."""
    with World(files, authority, hosts) as world:
        for says in LINES:
            yield Proof(says, tried(world, says))


def tried(world: World, says: str) -> str:
    """The fault of one line; empty: it is so."""
    try:
        return LINES[says](world)
    except OperatorError as error:
        return str(error)
