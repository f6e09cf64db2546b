"""The board's own secret, read from its fuses once at start. Burns nothing, shows nothing.

Raspberry Pi 4 and 5 (BCM2711, BCM2712) have 8 rows of 32 bits for a private key in their one-time
memory; the firmware tells them to root through its mailbox, as `rpi-otp-private-key` asks for
them. Debian's kernel has no such mailbox, Raspberry Pi's own has: without it there is no secret,
and the day's list does not outlive a power cut. Never run on a board yet: what is tested is the
layout of the messages alone.
"""

import fcntl
import shutil
import stat
import struct
from pathlib import Path
from typing import Final

from .errors import OperatorError
from .identity import files

DEVICE: Final = Path("/dev/vcio")
NO_SECRET: Final = 3
"""Exit code where the board has none: nothing is wrong with the unit then."""
ROWS: Final = 8

_GET_PRIVATE_KEY: Final = 0x00030081
_REQUEST, _DONE = 0, 0x80000000
_VALUE: Final = (2 + ROWS) * 4
"""Bytes of the tag's value: first row, how many, and the rows."""
_MESSAGE: Final = struct.Struct(f"<5I2I{ROWS}II")
_PROPERTY: Final = 3 << 30 | struct.calcsize("P") << 16 | 100 << 8
"""The mailbox's one ioctl, _IOWR(100, 0, char *)."""


class NoSecret(Exception):
    """This board has no secret, and why in one sentence."""


def request() -> bytes:
    """The message that asks the firmware for the rows."""
    return _MESSAGE.pack(
        _MESSAGE.size, _REQUEST, _GET_PRIVATE_KEY, _VALUE, _VALUE, 0, ROWS, *[0] * ROWS, 0
    )


def secret_of(reply: bytes) -> bytes:
    """The 32 bytes in what the firmware answered. Raises NoSecret."""
    if len(reply) != _MESSAGE.size:
        raise NoSecret("the firmware's answer has a wrong length: this board's secret is not read")
    _, state, tag, _, told, _, _, *rows, _ = _MESSAGE.unpack(reply)
    if state != _DONE or tag != _GET_PRIVATE_KEY or not told & _DONE:
        raise NoSecret("the firmware knows no private key: this is not a Raspberry Pi 4 or 5")
    if not any(rows):
        raise NoSecret("no private key was ever burnt into this board (rpi-otp-private-key -w)")
    return struct.pack(f">{ROWS}I", *rows)


def read(device: Path = DEVICE) -> bytes:
    """The board's secret. Raises NoSecret, OperatorError.

    A plain file in the device's place holds an answer of the firmware: a twin.
    """
    try:
        if stat.S_ISREG(device.stat().st_mode):
            return secret_of(device.read_bytes())
        with device.open("rb", buffering=0) as mailbox:
            message = bytearray(request())
            fcntl.ioctl(mailbox, _PROPERTY, message)
    except FileNotFoundError as error:
        raise NoSecret(f"there is no {device}: this is not a Raspberry Pi") from error
    except OSError as error:
        raise OperatorError(f"{device} cannot be asked ({error.strerror}): run as root.") from error
    return secret_of(bytes(message))


def write(secret: bytes, path: Path, owner: str | None) -> None:
    """Keeps the secret for that user alone, until the next start. Raises OperatorError."""
    files.write(path, secret, 0o400)
    try:
        if owner is not None:
            shutil.chown(path, owner)
    except (OSError, LookupError) as error:
        path.unlink()
        raise OperatorError(f"{path} cannot be given to {owner} ({error}): run as root.") from error
