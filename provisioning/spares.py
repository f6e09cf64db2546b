"""Spare cards: one bundle for each in the drawer, and what one is told that shows a code.

A spare card may ask at the broker for an installation and for nothing else; which unit it becomes
is in no card, but in the code that the coordinator gives.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from protocol import closed_keys, installation, messages, topics
from protocol.certificates import BOOTSTRAP
from protocol.enrolment import SPARE, Bundle
from protocol.errors import ProtocolError
from protocol.installation import Installation, InstallRequest

from . import facts, files, issuing, keys, registry, slip, statements
from .bundles import Wanted
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
        bundle = Bundle(
            unit=spare, vehicle_name="Escale", territory="inconnu", centre="inconnu",
            profile="camion", zone="Europe/Paris",
            broker_host=wanted.broker.host, broker_port=wanted.broker.port,
            access_point=wanted.access_point,
            wifi_name=wanted.wifi.name, wifi_password=wanted.wifi.password,
            equipment=wanted.equipment,
            root=files.read(folder.certificate("root")).decode(),
            device_authority=issuing.pem(keys.read_certificates(folder.certificate("devices"))[0]),
            bootstrap_certificate=issuing.chain([certificate, devices.certificate]),
            bootstrap_key=closed_keys.leave_open(key).decode(),
            trust=statements.in_force(folder, log.state),
            reset_secret=bytes(32),
        )  # fmt: skip
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
