"""The panel's own light, through the kernel. Where there is none to be set, it says so.

Never tried on a board: what is tested is what is written where.
"""

import logging
from pathlib import Path
from typing import Final

FOLDER: Final = Path("/sys/class/backlight")
FAINTEST: Final = 0.1
"""Of the full light: a page that cannot be read cannot be made brighter again."""

log = logging.getLogger("screen")


class Backlight:
    """The first light that the kernel knows."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = next(iter(sorted(folder.glob("*"))), None)
        self._most = self._read("max_brightness")
        self._shown = 0

    @property
    def available(self) -> bool:
        """Whether it can be made brighter and darker from here."""
        return self._most > 0

    def show(self, level: float) -> None:
        """From 0 to 1; never quite dark."""
        wanted = round(self._most * max(FAINTEST, min(1.0, level)))
        if self._folder is None or not self.available or wanted == self._shown:
            return
        self._shown = wanted
        try:
            (self._folder / "brightness").write_text(str(wanted), encoding="ascii")
        except OSError as error:
            log.warning("the light of the panel cannot be set (%s): check who may", error.strerror)
            self._most = 0

    def _read(self, name: str) -> int:
        try:
            return int((self._folder / name).read_text(encoding="ascii")) if self._folder else 0
        except (OSError, ValueError):
            return 0
