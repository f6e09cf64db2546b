"""How many bytes came over 4G today: booked before they come, so that no power cut hides them."""

from pathlib import Path

import msgspec

from .. import runtime
from .folder import Folder

ALLOWANCE = "allowance.json"
STEP = 1024 * 1024
"""Bytes that are booked at a time; what one connection costs beside them is in it."""
BACK = 2
"""Days that a clock may go back before the count is not believed any more."""


class Booked(msgspec.Struct, frozen=True):
    """What was booked on a day (number of days since 1970)."""

    day: int = 0
    bytes: int = 0


class Allowance:
    """`today` is asked each time: a night may pass meanwhile."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._left = 0

    def take(self, wished: int, most: int, today: int) -> int:
        """How many of these bytes may come now; 0: none today. `most`: bytes a day."""
        if self._left == 0:
            booked = self._booked(today)
            self._left = max(0, min(STEP, most - booked.bytes))
            if self._left:
                self._folder.keep(ALLOWANCE, Booked(booked.day, booked.bytes + self._left))
        return min(wished, self._left)

    def came(self, count: int) -> None:
        """So many did."""
        self._left = max(0, self._left - count)

    def _booked(self, today: int) -> Booked:
        try:
            told = msgspec.json.decode(self._read(), type=Booked)
        except (msgspec.DecodeError, UnicodeDecodeError):
            told = Booked()
        # A clock that went back a little (no network yet, another zone) gives nothing again.
        return told if 0 <= told.day - today <= BACK else Booked(today)

    def _read(self) -> bytes:
        path: Path = self._folder.path / ALLOWANCE
        return runtime.left(path, 4096)
