"""The broker's files: made of the registry and the authority's keys, and told to the broker.

Its folder belongs to a group that the broker is in: the key and the access file are for that
group, the rest may be read by all. Each file is written whole or not at all.
"""

import os
import signal
import subprocess
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from protocol import toml_config

from . import broker, broker_material, broker_rights, files, issuing, keys, revocation_lists
from .broker import Material, Settings
from .errors import OperatorError
from .issuing import Issuer
from .keys import Folder
from .passphrase import Passphrase
from .registry import Writing

_SHARED: Final = (broker.KEY, broker.ACCESS)


class Authorities(NamedTuple):
    """Who signs what the broker needs."""

    devices: list[Issuer]
    """Those that are accepted, the one in force first."""
    servers: Issuer


class _File(msgspec.Struct, frozen=True, kw_only=True):
    broker: Settings


def settings(folder: Folder) -> Settings:
    """What `broker` was told when it was called last. Raises OperatorError."""
    path = _settings(folder)
    if not path.exists():
        told = f"{path} is not there: escale-provision broker --out FOLDER --host NAME writes it"
        raise OperatorError(told)
    try:
        return toml_config.load(path, _File).broker
    except toml_config.ConfigError as error:
        raise OperatorError(f"{error}: mend it, or call escale-provision broker again") from error


def keep_settings(folder: Folder, told: Settings) -> None:
    """So that revoking and serving know the broker too. Raises OperatorError."""
    files.write_public(_settings(folder), toml_config.effective(_File(broker=told)).encode())


def authorities(folder: Folder, closed: Passphrase) -> Authorities:
    """Opened with the authority's passphrase. Raises OperatorError."""
    devices = keys.read_devices(folder, closed)
    return Authorities(devices, keys.read_issuer(folder, "servers", closed))


def lay_out(
    folder: Folder,
    told: Settings,
    log: Writing,
    signers: Authorities,
    now: datetime,
    beside: Mapping[int, datetime] = revocation_lists.NONE,
) -> list[str]:
    """Writes what is not as it should be; the names of those files. Raises OperatorError.

    `beside`: serials that are refused too, though the registry does not know them.
    """
    root = keys.read_certificates(folder.certificate("root"))[0]
    chain, key = broker_material.certificate(told, log, signers.servers, now)
    material = Material(
        clients=issuing.chain([*(one.certificate for one in signers.devices), root]),
        certificate=chain,
        key=key,
        revoked=broker_material.lists(told, log, signers.devices, now, beside),
        alone=issuing.chain(issuing.alone(one.certificate, one.key) for one in signers.devices),
    )
    texts = broker.render(told, material, broker_rights.access(log.state, now))
    changed = [
        name for name, text in texts.items() if broker_material.held(told.folder / name) != text
    ]
    for name in changed:
        write = files.write_shared if name in _SHARED else files.write_public
        write(told.folder / name, texts[name].encode())
    # What verifies batches needs the lists too, and may be on another machine.
    files.write_public(folder.public / broker.REVOKED, material.revoked.encode())
    return changed


def read(path: Path) -> dict[str, str]:
    """The files in a broker's folder. Raises OperatorError when one is missing."""
    texts = {name: broker_material.held(path / name) for name in broker.FILES}
    missing = [name for name, text in texts.items() if not text]
    if missing:
        told = f"{path} has no {missing[0]}: escale-provision broker --out {path} writes it"
        raise OperatorError(told)
    return texts


def reload(told: Settings) -> None:
    """Lets the broker read its files again; nobody is thrown out by it. Raises OperatorError."""
    if told.reload:
        _run(told.reload)
        return
    try:
        process = int(told.pid.read_text())
        name = Path(f"/proc/{process}/comm").read_text().strip()
        if name != "mosquitto":
            raise OperatorError(f"{told.pid} names {name}, no broker: start the broker again")
        os.kill(process, signal.SIGHUP)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it holds no number"
        raise OperatorError(
            f"the broker of {told.pid} cannot be told to read its files again ({why}): start it, "
            "or give escale-provision broker a --reload such as 'systemctl reload mosquitto'"
        ) from error


def _run(command: tuple[str, ...]) -> None:
    line = " ".join(command)
    try:
        subprocess.run(command, check=True, timeout=30, capture_output=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError) as error:
        told = f"`{line}` did not make the broker read its files again ({error}): run it by hand"
        raise OperatorError(told) from error


def _settings(folder: Folder) -> Path:
    return folder.path / "broker.toml"
