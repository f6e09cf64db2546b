"""Which stick is plugged in, by what the kernel says of it (sysfs). Opens and mounts nothing.

A stick is a USB device that is mass storage and nothing else: what is a keyboard as well is none,
whatever it looks like. The disk that this machine lives on is none either, though it be USB.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from ..errors import OperatorError

SYS: Final = Path("/sys")
DEV: Final = Path("/dev")
MOUNTS: Final = Path("/proc/self/mountinfo")
"""Of this process, whose view of the system's disks the sandbox leaves whole."""
MASS_STORAGE: Final = "08"
"""bInterfaceClass of the USB standard."""


class NoStick(OperatorError):
    """There is none to use; `why` is for the screen."""

    def __init__(self, why: str, sentence: str) -> None:
        self.why = why
        super().__init__(sentence)


class Stick(NamedTuple):
    """Where its files are."""

    device: Path
    """The largest partition, or the whole of it where there is none."""
    size: int
    """Bytes."""


def only_one(sys: Path = SYS, dev: Path = DEV, mounts: Path = MOUNTS) -> Stick:
    """The stick that is plugged in. Raises NoStick: none, several, or something else."""
    found, refused, mounted = list[Stick](), 0, _mounted(mounts)
    for disk in _usb_disks(sys):
        if _is_in_use(disk, mounted):
            continue
        if _is_mass_storage_alone(disk) and _size(disk):
            found.append(_stick(disk, dev))
        else:
            refused += 1
    if len(found) > 1:
        raise NoStick("several", "several USB sticks are plugged in: leave one.")
    if found:
        return found[0]
    if refused:
        raise NoStick("unfit", "what is plugged in is no plain USB stick: take another.")
    raise NoStick("none", "no USB stick is plugged in: plug one in and ask again.")


def is_there(stick: Stick, sys: Path = SYS) -> bool:
    """Whether it is plugged in still."""
    return (sys / "class" / "block" / stick.device.name).exists()


def _mounted(mounts: Path) -> set[str]:
    """`major:minor` of all that is mounted."""
    return {line.split()[2] for line in mounts.read_text(errors="replace").splitlines()}


def _is_in_use(disk: Path, mounted: set[str]) -> bool:
    """Whether the system lives on it, or on something that is made of it (`holders`)."""
    return any(
        _word(block / "dev") in mounted or any(block.glob("holders/*"))
        for block in (disk, *(path.parent for path in disk.glob("*/partition")))
    )


def _usb_disks(sys: Path) -> Iterator[Path]:
    """Whole disks that hang on a USB port."""
    for entry in sorted((sys / "class" / "block").glob("*")):
        disk = entry.resolve()
        if not (disk / "partition").exists() and _interface(disk) is not None:
            yield disk


def _interface(disk: Path) -> Path | None:
    """The USB interface that a disk hangs on."""
    return next((path for path in disk.parents if (path / "bInterfaceClass").exists()), None)


def _is_mass_storage_alone(disk: Path) -> bool:
    interface = _interface(disk)
    if interface is None:
        return False
    classes = [_word(path) for path in interface.parent.glob("*/bInterfaceClass")]
    return set(classes) == {MASS_STORAGE}


def _stick(disk: Path, dev: Path) -> Stick:
    parts = [path.parent for path in disk.glob("*/partition")]
    largest = max(parts, key=_size, default=disk)
    return Stick(dev / largest.name, _size(largest))


def _size(block: Path) -> int:
    sectors = _word(block / "size")
    return int(sectors) * 512 if sectors.isdigit() else 0


def _word(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
