"""A disk with the card's partitions and boot script, and nothing to boot."""

import struct
import subprocess
import sys
from pathlib import Path

from tests.image import tools_root

SCRIPT = tools_root.REPOSITORY / "image/boot/boot.cmd"
MIB = 1 << 20
FIRST = 8 * MIB
"""Where the first partition begins; the tries stand before it."""
PARTITIONS = ((FIRST, 8 * MIB, 0x0C), *((FIRST + (8 + n) * MIB, MIB, 0x83) for n in range(3)))


def make(path: Path, number: int = 0x00E5CA1E) -> Path:
    """The disk, as a raw file; `number`: the one in its partition table."""
    with path.open("wb") as file:
        file.truncate(FIRST + 12 * MIB)
        file.write(table(number))
    firmware = f"{path}@@{FIRST}"
    tools_root.run("mformat", "-i", firmware, "-T", 8 * MIB // 512, "-h", 16, "-s", 63, "::")
    script = path.with_suffix(".scr")
    tools_root.run("mkimage", "-A", "arm64", "-T", "script", "-C", "none", "-d", SCRIPT, script)
    tools_root.run("mcopy", "-i", firmware, script, "::boot.scr")
    return path


def u_boot(path: Path) -> Path:
    """The boot loader as the card's is: deaf to keys, so without two seconds for somebody's."""
    program = tools_root.REPOSITORY / "image/deaf_u_boot.py"
    subprocess.run([sys.executable, program, tools_root.U_BOOT, path], check=True)
    return path


def table(number: int) -> bytes:
    """A master boot record with those partitions."""
    entries = b"".join(
        struct.pack("<B3xB3xII", 0, kind, start // 512, size // 512)
        for start, size, kind in PARTITIONS
    )
    return bytes(440) + struct.pack("<IH", number, 0) + entries + b"\x55\xaa"
