"""Once, as root: the copy that was asked for, onto the stick, and the stick let go of again.

Mounts, and makes nothing of what it carries: the copy is written by another process, as the user
whose key signs it, into a file that is open already. Reads neither journals nor the stick.
"""

import errno
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from ..config import UnitConfig
from ..errors import OperatorError
from . import errands, sticks
from .errands import Wish
from .sticks import NoStick, Stick

KINDS: Final = "vfat,exfat,ntfs3,ext4,ext3,ext2"
"""File systems that sticks have; the kernel's drivers for them, and no others, meet strangers."""
OPTIONS: Final = "nosuid,nodev,noexec,noatime,nosymfollow"
FOLDER: Final = "ESCALE"
LONGEST: Final = 1800.0
"""Seconds that writing a copy may take."""

log = logging.getLogger("copy")


class NotCopied(OperatorError):
    """What is on the stick is not a copy; `why` is for the screen."""

    def __init__(self, why: str, sentence: str) -> None:
        self.why = why
        super().__init__(sentence)


class Place(NamedTuple):
    """Where this unit mounts and looks; a test has its own."""

    mount: Path
    sys: Path = sticks.SYS
    dev: Path = sticks.DEV


def run(config: UnitConfig, file: Path, place: Place, maker: str | None) -> int:
    """Does what is wished for, if anything; the exit code.

    `file`: of the configuration, for `maker`, the user who writes the copy (None: who runs this).
    """
    wish = errands.take(config.paths.run, "copy")
    if wish is None:
        return 0
    errands.answer(config.paths.run, "copy", wish, state="copying")
    try:
        name = _copy(config, wish, file, place, maker)
    except (NoStick, NotCopied) as error:
        log.warning("nothing was copied: %s", error)
        errands.answer(config.paths.run, "copy", wish, state="failed", why=error.why)
        return 1
    errands.answer(config.paths.run, "copy", wish, state="done", file=name)
    return 0


def _copy(config: UnitConfig, wish: Wish, file: Path, place: Place, maker: str | None) -> str:
    stick = sticks.only_one(place.sys, place.dev)
    name = _name(config, wish)
    with _mounted(stick, place.mount), _telling():
        folder = place.mount / FOLDER
        folder.mkdir(exist_ok=True)
        with _appearing(folder / f"{name}.escale") as target:
            _make(file, target, maker)
        with _appearing(folder / f"{name}.txt") as target:
            target.write(_text(wish).encode())
    return f"{FOLDER}/{name}.escale"


def _make(config: Path, target: BinaryIO, maker: str | None) -> None:
    command = [sys.executable, "-m", "appliance.cli", "--config", str(config), "copy"]
    groups: list[str] | None = None if maker is None else []
    try:
        made = subprocess.run(  # noqa: S603 (our own command)
            command, stdin=subprocess.DEVNULL, stdout=target, stderr=subprocess.PIPE, text=True,
            user=maker, extra_groups=groups, timeout=LONGEST, check=False,
        )  # fmt: skip
    except (PermissionError, FileNotFoundError) as error:
        # Not the stick's fault: nothing was begun.
        raise NotCopied("unsealed", f"{sys.executable} is not for {maker}: {error}.") from error
    if made.returncode:
        said = made.stderr.strip().rpartition("\n")[2]
        # It is the child that met the full stick; only its sentence comes back.
        full = os.fstatvfs(target.fileno()).f_bavail == 0
        raise NotCopied("full" if full else "unsealed", said or f"exit code {made.returncode}")


@contextmanager
def _mounted(stick: Stick, at: Path) -> Iterator[None]:
    at.mkdir(parents=True, exist_ok=True)
    _call("unfit", "mount", "-t", KINDS, "-o", OPTIONS, str(stick.device), str(at))
    try:
        yield
    finally:
        # Only when this has ended is the stick whole: nothing is said before.
        _call("unfit", "umount", str(at))


def _call(why: str, *command: str) -> None:
    done = subprocess.run(  # noqa: S603 (mount and umount, of a device the kernel names)
        command, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = done.stderr.strip().partition("\n")[0]
        raise NotCopied(why, f"{command[0]} failed ({said}): take another stick.")


@contextmanager
def _appearing(path: Path) -> Iterator[BinaryIO]:
    """A file that has its name once it is whole, and is gone if it never was."""
    fresh = path.with_name(f"{path.name}.part")
    try:
        with fresh.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:
        with suppress(OSError):
            fresh.unlink()
        raise


@contextmanager
def _telling() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = "full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "protected"
        raise NotCopied(
            why, f"the stick takes nothing ({error.strerror}): take another."
        ) from error
    except subprocess.TimeoutExpired as error:
        raise NotCopied("slow", "the stick is too slow: take another.") from error


def _name(config: UnitConfig, wish: Wish) -> str:
    """One copy overwrites no other."""
    return f"{config.unit.id}-{wish.when or 'undated'}-{wish.id[:4]}"


def _text(wish: Wish) -> str:
    """As a text file of any system likes it."""
    return "\r\n".join(wish.text.splitlines()) + "\r\n"
