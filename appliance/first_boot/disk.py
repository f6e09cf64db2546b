"""The card's disk made its own: its number, its last partition to the end. Knows no file system.

The number is first kept, then written: a card that was cut between the two is given the same one.
"""

import fcntl
import os
import stat
import struct
from pathlib import Path
from typing import Final

from ..errors import OperatorError
from . import kept, table
from .tool import call

_SIZE_OF: Final = 0x80081272
"""BLKGETSIZE64."""


def own(disk: Path, system: Path, dice: kept.Dice | None = None) -> bool:
    """Makes it so; whether anything had to be changed. Raises OperatorError."""
    number = kept.disk_number(system, dice) if dice else kept.disk_number(system)
    try:
        descriptor = os.open(disk, os.O_RDWR | os.O_CLOEXEC)
    except OSError as error:
        raise OperatorError(f"{disk} cannot be opened: {error.strerror}.") from error
    try:
        changes, size = _write(descriptor, number)
        is_device = stat.S_ISBLK(os.fstat(descriptor).st_mode)
    except OSError as error:
        raise OperatorError(
            f"{disk} cannot be written: {error.strerror}: try another card."
        ) from error
    finally:
        os.close(descriptor)
    # Not by what was changed: a cut may have come between the table and the kernel's ears.
    if is_device and size != _known(disk):
        call("partx", "--update", "--nr", str(table.LAST), str(disk))
    return changes


def size_of(descriptor: int) -> int:
    """Bytes of a device, or of an image of one."""
    told = os.fstat(descriptor)
    if not stat.S_ISBLK(told.st_mode):
        return told.st_size
    (size,) = struct.unpack("<Q", fcntl.ioctl(descriptor, _SIZE_OF, bytes(8)))
    return int(size)


def _known(disk: Path) -> int:
    """Sectors that the kernel takes the last partition for; 0: it does not say."""
    name = disk.resolve().name
    between = "p" if name[-1].isdigit() else ""
    told = Path(f"/sys/class/block/{name}{between}{table.LAST}/size")
    return int(told.read_text()) if told.exists() else 0


def _write(descriptor: int, number: int) -> tuple[bool, int]:
    """Whether anything was written, and the size of the last partition, in sectors."""
    sector = os.pread(descriptor, table.SECTOR, 0)
    found = table.read(sector)
    last = found.partitions[table.LAST - 1]
    if not last.size:
        raise OperatorError("the card has no fourth partition: write the image onto it again.")
    size = table.to_the_end(last, size_of(descriptor) // table.SECTOR)
    made = table.changed(sector, number=number, size=size)
    if made == sector:
        return False, size
    os.pwrite(descriptor, made, 0)
    os.fsync(descriptor)
    return True, size
