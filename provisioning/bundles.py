"""Bundles: all that a blank card must be told, and its one-time code. Keeps no code.

A new bundle ends the one before: its code is worth nothing, its bootstrap certificate is revoked.
"""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from protocol import closed_keys, enrolment, installation, messages, reset_code, toml_config
from protocol.certificates import BOOTSTRAP
from protocol.enrolment import Bundle
from protocol.equipment import Equipment

from . import facts, files, issuing, keys, registry, slip, statements, units
from .errors import OperatorError
from .issuing import Issuer
from .keys import Folder
from .state import State, Unit

PORT: Final = 8883
LIFE: Final = timedelta(days=enrolment.BOOTSTRAP_DAYS)


class Broker(NamedTuple):
    """Where units find it."""

    host: str
    port: int


class Wifi(NamedTuple):
    """Of the depot; no name: there is none."""

    name: str = ""
    password: str = ""


class Wanted(NamedTuple):
    """What every bundle made now has in common."""

    broker: Broker
    access_point: str
    """APN of the 4G contract, or empty."""
    wifi: Wifi
    equipment: Equipment | None
    """Of the vehicles, when they are alike and somebody said it."""
    out: Path | None
    """None: no file is written, a spare card fetches the bundle with its code."""


class Who(NamedTuple):
    """What a card is told of itself."""

    unit: str
    vehicle_name: str
    territory: str
    centre: str
    profile: facts.Profile
    zone: str


class Bootstrap(NamedTuple):
    """What may only ask for enrolment."""

    key: Ed25519PrivateKey
    chain: str
    """PEM: its certificate, then the authority's."""


def read_broker(text: str) -> Broker:
    """HOST, HOST:PORT or [IPV6]:PORT. Raises OperatorError."""
    match = re.fullmatch(r"(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9.-]{1,253}))(?::(\d{1,5}))?", text)
    port = int(match[3] or PORT) if match else 0
    if match is None or not 1 <= port <= 65535:
        raise OperatorError(f"{text!r} is no broker: give HOST or HOST:PORT")
    return Broker(match[1] or match[2], port)


def read_wifi(name: str, password: str) -> Wifi:
    """A network as it can be joined; an empty password: it has none. Raises OperatorError."""
    if not 1 <= len(name.encode()) <= 32 or not name.isprintable():
        raise OperatorError(f"{name!r} is no network: its name has 1 to 32 bytes")
    if not re.fullmatch(r"[ -~]{8,63}|", password):
        raise OperatorError("a network has a password of 8 to 63 letters, digits and signs")
    return Wifi(name, password)


def read_equipment(path: Path) -> Equipment:
    """Display and wires from a TOML file. Raises OperatorError."""
    try:
        return toml_config.load(path, Equipment)
    except toml_config.ConfigError as error:
        raise OperatorError(f"{error}: mend the file (docs/technician.md has its words)") from error


def read_access_point(text: str) -> str:
    """What the card would take; empty: no 4G. Raises OperatorError."""
    if not re.fullmatch(r"[A-Za-z0-9._-]{0,100}", text):
        raise OperatorError(
            f"{text!r} is no access point: it has letters, digits, dots, hyphens, as in orange.m2m"
        )
    return text


def without_one(known: State, now: datetime) -> list[str]:
    """Units that were never given a bundle, in the order they were added."""
    return [unit for unit in known.units if known.standing(unit, now) == "new"]


def make(folder: Folder, unit: str, wanted: Wanted, devices: Issuer, now: datetime) -> str:
    """Writes the unit's bundle; the slip with its code, told this once. Raises OperatorError."""
    key, code, name = Ed25519PrivateKey.generate(), enrolment.new_code(), BOOTSTRAP + unit
    certificate = issuing.issue_client(devices, key.public_key(), name, now, LIFE)
    chain = issuing.chain([certificate, devices.certificate])
    with registry.writing(folder.registry) as log:
        known = log.state
        one = known.units[units.known_unit(known, unit)]
        number, master = one.bundle + 1, known.keys["reset"][-1]
        secret = reset_code.unit_secret(keys.read_reset(folder, master), unit, number)
        who = _who(one)
        bundle = filled(folder, known, who, wanted, secret, Bootstrap(key, chain))
        # The registry first: no certificate is ever out that nobody could revoke.
        log.append(
            *(facts.revoked(former.serial, _NEWER, now) for former in known.good(name, now)),
            facts.issued(certificate, devices.certificate, now),
            facts.BundleMade(at=now, unit=unit, number=number, reset=master),
        )
        files.write_private(folder.code(unit), enrolment.code_key(code, unit))
        folder.installation(unit).unlink(missing_ok=True)
        if wanted.out is None:
            closed = installation.close(bundle, code)
            files.write_private(folder.installation(unit), messages.encode(closed))
    if wanted.out is not None:
        files.write_private(wanted.out / slip.file_name(unit), messages.encode(bundle))
    telling = slip.of if wanted.out is not None else slip.of_installation
    return telling(bundle, number, code, now.date(), (now + LIFE).date())


def pin_code(folder: Folder, unit: str, challenge: str, number: int | None) -> str:
    """What to say to somebody who forgot the PIN; `number`: of the bundle on that card, if not
    the latest. Raises OperatorError."""
    if not re.fullmatch(rf"[0-9]{{{reset_code.CHALLENGE_LENGTH}}}", challenge):
        raise OperatorError(
            f"{challenge!r} is not what the screen shows: {reset_code.CHALLENGE_LENGTH} digits"
        )
    known = registry.read(folder.registry)
    one = known.units[units.known_unit(known, unit)]
    number = number or one.bundle
    if number not in one.bundles:
        raise OperatorError(f"{unit} never had a bundle {number or 1}: see unit show {unit}")
    master = keys.read_reset(folder, one.bundles[number])
    secret = reset_code.unit_secret(master, unit, number)
    return enrolment.printed(reset_code.answer(secret, challenge))


_NEWER: Final = "a newer bundle"


def _who(one: Unit) -> Who:
    vehicle = one.vehicle
    return Who(one.id, vehicle.name, vehicle.territory, vehicle.centre, one.profile, one.zone)


def filled(
    folder: Folder, known: State, who: Who, wanted: Wanted, secret: bytes, bootstrap: Bootstrap
) -> Bundle:
    """The bundle of a unit, or of a spare card."""
    return Bundle(
        **who._asdict(),
        broker_host=wanted.broker.host,
        broker_port=wanted.broker.port,
        access_point=wanted.access_point,
        wifi_name=wanted.wifi.name,
        wifi_password=wanted.wifi.password,
        equipment=wanted.equipment,
        root=files.read(folder.certificate("root")).decode(),
        device_authority=issuing.pem(keys.read_certificates(folder.certificate("devices"))[0]),
        bootstrap_certificate=bootstrap.chain,
        bootstrap_key=closed_keys.leave_open(bootstrap.key).decode(),
        trust=statements.in_force(folder, known),
        reset_secret=secret,
    )
