"""The secret of the board itself, which is not on the card. Makes none and keeps none."""

import logging
from pathlib import Path
from typing import Final

SIZE: Final = 32

_log = logging.getLogger("device_secret")


def read(path: Path | None) -> bytes | None:
    """Its 32 bytes; None where the board has none (no file, or never burnt: all zero)."""
    if path is None:
        return None
    try:
        secret = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        _log.warning("%s cannot be read (%s): check its owner", path, error.strerror)
        return None
    if len(secret) != SIZE:
        _log.warning("%s has %d bytes, not %d: make it again", path, len(secret), SIZE)
        return None
    return secret if any(secret) else None
