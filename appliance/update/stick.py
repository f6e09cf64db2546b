"""Once, when a stick is plugged in: the update on it comes onto the card, if it is news.

The stick may be taken out as soon as that is done. Installs nothing; root is for mounting alone.
"""

import hashlib
import logging
import os
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from .. import disk
from ..carrying import sticks
from ..carrying.sticks import NoStick
from ..config import UnitConfig
from ..errors import OperatorError
from ..first_boot import found
from ..journal.trouble import refused_by
from ..placing import begin, opened
from .facts import STICK, Came
from .folder import Folder

log = logging.getLogger("stick")

LARGEST: Final = 2 * 1024**3
"""Bytes of a bundle, which is a third as large as a slot."""
CHUNK: Final = 1024 * 1024
MOUNT: Final = Path("/run/escale-stick/stick")


class Edges(NamedTuple):
    """What a test has its own of."""

    stick: Callable[[], sticks.Stick] = sticks.only_one
    mounted: Callable[[Path, Path], AbstractContextManager[Path]] = found.mounted
    limits: disk.Limits = disk.Limits()


def run(config: UnitConfig, edges: Edges = Edges()) -> int:  # noqa: B008 (never changed)
    """The exit code. Raises OperatorError when what is on the stick cannot be had."""
    folder = Folder(config.paths.update)
    if not folder.is_there:
        return 0
    try:
        stick = edges.stick()
    except NoStick as error:
        log.info("%s", error)
        return 0
    with edges.mounted(stick.device, MOUNT) as at:
        path = _bundle(at)
        if path is not None:
            _take(path, folder, edges.limits)
    return 0


def _bundle(at: Path) -> Path | None:
    """The update on the stick: the one of the highest version, by its name."""
    paths = [*at.glob("*.raucb"), *at.glob("ESCALE/*.raucb")]
    return max(paths, key=_version, default=None)


def _version(path: Path) -> tuple[list[int], str]:
    return [int(number) for number in re.findall("[0-9]+", path.name)], path.name


def _take(path: Path, folder: Folder, limits: disk.Limits) -> None:
    try:
        with opened(path) as file:
            size = os.fstat(file.fileno()).st_size
            # Read once before it is written: a stick that stays plugged in costs the card nothing.
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            if digest in folder.judged or _is_here(folder, digest):
                log.info("%s is known here", path.name)
                return
            _check_room(folder, size, limits)
            file.seek(0)
            _copy(file, digest, folder)
    except OSError as error:
        raise OperatorError(
            f"{path.name} cannot be read ({error.strerror}): copy it to the stick again."
        ) from error


def _copy(file: BinaryIO, digest: str, folder: Folder) -> None:
    fresh = folder.path / f"{STICK}.new"
    copied = hashlib.sha256()
    try:
        with begin(fresh, 0o640) as target:
            for chunk in iter(lambda: file.read(CHUNK), b""):
                copied.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        if copied.hexdigest() != digest:
            raise OperatorError("the stick says something else each time: take another.")
        # The one before goes first: a cut between the two must not leave it under this one's name.
        folder.forget(STICK)
        folder.comes(STICK, Came(digest=digest, way="stick"))
        fresh.replace(folder.path / STICK)
    except OSError as error:
        raise refused_by(error, fresh) from error
    finally:
        folder.drop(fresh.name)


def _is_here(folder: Folder, digest: str) -> bool:
    came, pending = folder.came(STICK), folder.pending
    return digest in (came and came.digest, pending and pending.digest)


def _check_room(folder: Folder, size: int, limits: disk.Limits) -> None:
    if size > LARGEST:
        raise OperatorError("what is on the stick is too large for an update.")
    if disk.free_bytes(folder.path) - size < limits.low:
        raise OperatorError(
            f"the card is too full for an update of {size // disk.MEBIBYTE} MB:"
            " let it send what it holds first."
        )
