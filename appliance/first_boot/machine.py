"""The card's names given to the running system, and what it says of itself. Makes none of them."""

import os
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Final

from ..errors import OperatorError
from ..placing import sync

HOST: Final = "escale-"
SPARE: Final = "spare-"
"""As in protocol.enrolment, which begins with what takes long to begin."""


def wear(machine: str, place: Path, logs: Path) -> None:
    """Makes it this system's machine-id: /etc/machine-id lies in memory, on `place`.

    systemd began with one of the moment, under which this boot's log lies: it is found under both.
    Raises OperatorError.
    """
    try:
        before = place.read_text(encoding="ascii").strip()
        if before == machine:
            return
        # In its place, for /etc/machine-id is this very file, mounted.
        with place.open("r+b", buffering=0) as file:
            file.write(f"{machine}\n".encode())
    except OSError as error:
        raise OperatorError(
            f"{place} cannot be written ({error.strerror}): this boot goes by another machine-id."
        ) from error
    with suppress(OSError):
        if (logs / before).is_dir():
            (logs / machine).symlink_to(before)
            sync(logs)


def host_name(unit: str) -> str:
    """What the unit is called in a network."""
    return HOST + unit.removeprefix(SPARE)


def unit(state: Path) -> str:
    """Who the card is, by the unit's file. Raises OperatorError."""
    path = state / "unit.toml"
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))["unit"]["id"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise OperatorError(f"{path} does not say who this card is: {error}.") from error
    return str(told)


def is_given(unit: str, state: Path) -> bool:
    """Whether it has its name from a bundle, or from itself."""
    return unit.startswith(SPARE) or (state / "trust" / "root.pem").exists()


def size(mount: Path) -> int:
    """Bytes of the file system that everything is kept on."""
    told = os.statvfs(mount)
    return told.f_frsize * told.f_blocks
