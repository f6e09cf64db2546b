"""Makes a U-Boot that waits for no key: a Pi's serial line is the receiver's, which never stops.

Changes the settings built into the binary and nothing else: `bootdelay` becomes -2 (no wait, no
look at the keyboard), and `arch`, which our boot script does not ask for, makes room for it.
"""

import sys
from pathlib import Path

DELAY, DEAF, ROOM, END = b"\0bootdelay=2\0", b"\0bootdelay=-2\0", b"\0arch=arm\0", b"\0\0"


def deaf(binary: bytes) -> bytes:
    """The same program, of the same size. Raises ValueError when its settings are not as known."""
    if binary.count(DELAY) != 1:
        raise ValueError("has no setting bootdelay=2, or several")
    begins = binary.index(DELAY)
    ends = binary.index(END, begins)
    settings = binary[begins : ends + 1]
    if settings.count(ROOM) != 1:
        raise ValueError("has no setting arch=arm to make room")
    changed = settings.replace(DELAY, DEAF).replace(ROOM, b"\0").ljust(len(settings), b"\0")
    return binary[:begins] + changed + binary[ends + 1 :]


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:])
    try:
        target.write_bytes(deaf(source.read_bytes()))
    except ValueError as error:
        sys.exit(f"image: {source} {error}: look at what changed in U-Boot (image/deaf_u_boot.py)")
