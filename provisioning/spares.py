"""Spare cards: one bundle for each in the drawer, and what one is told that shows a code.

A spare card may ask at the broker for an installation and for nothing else; which unit it becomes
is in no card, but in the code that the coordinator gives.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from protocol import installation, messages, topics
from protocol.certificates import BOOTSTRAP
from protocol.enrolment import SPARE
from protocol.errors import ProtocolError
from protocol.installation import Installation, InstallRequest

from . import facts, files, issuing, registry, slip, units
from .bundles import Bootstrap, Wanted, Who, filled
from .connection import Word
from .errors import OperatorError
from .issuing import Issuer
from .keys import Folder
from .state import State

LETTERS: Final = "abcdefghjkmnpqrstvwxyz"
LIFE: Final = timedelta(days=installation.SPARE_DAYS)
UNKNOWN: Final = "no unit waits for this code: read it once more, or ask for another"


def make(folder: Folder, wanted: Wanted, devices: Issuer, now: datetime) -> str:
    """Writes the bundle of one more spare card; its name. Raises OperatorError."""
    if wanted.out is None:
        raise OperatorError("where are the bundles of the spare cards to go: give --out")
    key = Ed25519PrivateKey.generate()
    with registry.writing(folder.registry) as log:
        spare = _new_name(log.state)
        certificate = issuing.issue_client(devices, key.public_key(), BOOTSTRAP + spare, now, LIFE)
        bootstrap = Bootstrap(key, issuing.chain([certificate, devices.certificate]))
        who = Who(spare, "Escale", "inconnu", "inconnu", "camion", "Europe/Paris")
        bundle = filled(folder, log.state, who, wanted, bytes(32), bootstrap)
        log.append(
            facts.SpareMade(at=now, spare=spare),
            facts.issued(certificate, devices.certificate, now),
        )
    files.write_private(wanted.out / slip.file_name(spare), messages.encode(bundle))
    return spare


def told(known: State, now: datetime) -> list[dict[str, Any]]:
    """Each spare card, and until when it can ask."""
    rows = []
    for spare, made in known.spares.items():
        good = known.good(BOOTSTRAP + spare, now)
        until = good[-1].not_after.isoformat() if good else None
        rows.append({"spare": spare, "made": made.isoformat(), "until": until})
    return rows


def table(lines: Sequence[dict[str, Any]]) -> str:
    """For people: one spare card a line."""
    head = ("spare card", "made", "may ask until")
    rows = [(one["spare"], one["made"][:10], (one["until"] or "no more")[:10]) for one in lines]
    return units.aligned(head, *rows)


def asks(known: State, word: Word) -> bool:
    """Whether it is a spare card that speaks."""
    try:
        return topics.parse_enrol(word.topic).unit in known.spares
    except ProtocolError:
        return False


def answer(folder: Folder, word: Word) -> Installation | None:
    """The bundle that waits under the name it asks for; None: it asks for nothing."""
    try:
        asked = messages.decode(word.payload, InstallRequest)
    except ProtocolError:
        return None
    for path in sorted(folder.installations.glob("*")):
        held = messages.decode(files.read(path, private=True), Installation)
        if held.name == asked.name:
            return held
    return Installation(name=asked.name, reason=UNKNOWN)


def _new_name(known: State) -> str:
    while (name := SPARE + "".join(secrets.choice(LETTERS) for _ in range(4))) in known.spares:
        continue
    return name
