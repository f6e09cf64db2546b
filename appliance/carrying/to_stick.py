"""Once, as root: the copy that was asked for, onto the stick, and the stick let go of again.

Mounts, and makes nothing of what it carries: the copy is written by another process, as the user
whose key signs it, into a file that is open already. Reads neither journals nor the stick.
"""

import errno
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from ..config import UnitConfig
from ..errors import OperatorError
from . import PARTLY, errands, sticks
from .errands import Wish
from .sticks import NoStick, Stick

KINDS: Final = "vfat,exfat"
"""File systems that sticks are sold with: only the kernel's drivers for these meet strangers."""
OPTIONS: Final = "nosuid,nodev,noexec,noatime,nosymfollow,errors=remount-ro"
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
    mounts: Path = sticks.MOUNTS
    kinds: str = KINDS


def run(config: UnitConfig, file: Path, place: Place, maker: str | None) -> int:
    """Does what is wished for, if anything; the exit code.

    `file`: of the configuration, for `maker`, the user who writes the copy (None: who runs this).
    """
    code = 0
    # The path unit sees a change, and none while this runs: who asked meanwhile is served too.
    while (wish := errands.take(config.paths.run, "copy")) is not None:
        code = _serve(config, wish, lambda: _copy(config, wish, file, place, maker))
    return code


def _serve(config: UnitConfig, wish: Wish, copy: Callable[[], dict[str, str]]) -> int:
    errands.answer(config.paths.run, "copy", wish, state="copying")
    # A bug ends this, and leaves nobody before "working" all the same.
    word = {"state": "failed", "why": "unable"}
    try:
        word = copy()
    except (NoStick, NotCopied) as error:
        log.warning("nothing was copied: %s", error)
        word["why"] = error.why
    finally:
        errands.answer(config.paths.run, "copy", wish, **word)
    return int(word["state"] != "done")


def _copy(
    config: UnitConfig, wish: Wish, file: Path, place: Place, maker: str | None
) -> dict[str, str]:
    """What is answered."""
    stick = sticks.only_one(place.sys, place.dev, place.mounts)
    try:
        with _mounted(stick, place), _telling():
            return {"state": "done", **_write(place.mount / FOLDER, config, wish, file, maker)}
    except NotCopied as error:
        if sticks.is_there(stick, place.sys):
            raise
        raise NotCopied("pulled", "the stick was taken out midway: plug it in again.") from error


def _write(
    folder: Path, config: UnitConfig, wish: Wish, file: Path, maker: str | None
) -> dict[str, str]:
    folder.mkdir(exist_ok=True)
    name = _name(config, wish)
    with _appearing(folder / f"{name}.escale") as target:
        why = _make(file, target, maker)
    with _appearing(folder / f"{name}.txt") as target:
        target.write(_text(wish).encode())
    return {"file": f"{FOLDER}/{name}.escale", "why": why}


def _make(config: Path, target: BinaryIO, maker: str | None) -> str:
    """Empty; or what there is to say of a copy that is good as far as it goes."""
    command = [sys.executable, "-m", "appliance.cli", "--config", str(config), "copy"]
    groups: list[str] | None = None if maker is None else []
    try:
        made = subprocess.run(  # noqa: S603 (our own command)
            command, stdin=subprocess.DEVNULL, stdout=target, stderr=subprocess.PIPE, text=True,
            user=maker, extra_groups=groups, timeout=LONGEST, check=False,
        )  # fmt: skip
    except (PermissionError, FileNotFoundError) as error:
        # Not the stick's fault: nothing was begun.
        raise NotCopied("unable", f"{sys.executable} is not for {maker}: {error}.") from error
    said = made.stderr.strip().rpartition("\n")[2]
    if made.returncode == PARTLY:
        log.warning("the copy lacks a journal: %s", said)
        return "partly"
    if made.returncode:
        # It is the child that met the full stick; only its sentence comes back.
        full = os.fstatvfs(target.fileno()).f_bavail == 0
        raise NotCopied("full" if full else "unsealed", said or f"exit code {made.returncode}")
    return ""


@contextmanager
def _mounted(stick: Stick, place: Place) -> Iterator[None]:
    try:
        place.mount.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotCopied("unable", f"{place.mount} cannot be made ({error.strerror}).") from error
    _call("mount", "-t", place.kinds, "-o", OPTIONS, str(stick.device), str(place.mount))
    try:
        yield
    finally:
        # Only when this has ended is the stick whole: nothing is said before.
        _call("umount", str(place.mount))


def _call(*command: str) -> None:
    try:
        done = subprocess.run(  # noqa: S603 (mount and umount, of a device the kernel names)
            command, capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise NotCopied("unable", f"{command[0]} cannot be run: {error.strerror}.") from error
    if done.returncode:
        said = done.stderr.strip().partition("\n")[0]
        raise NotCopied("unfit", f"{command[0]} failed ({said}): take another stick.")


@contextmanager
def _appearing(path: Path) -> Iterator[BinaryIO]:
    """A file that has its name once it is whole, and is gone if it never was."""
    fresh = path.with_name(f"{path.name}.part")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
    try:
        with os.fdopen(descriptor, "wb") as file:
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
