"""The touch panel of a bare display, as the kernel tells it, whenever it comes. Moves no pointer.

On kmsdrm SDL tells fingers but no pointer, and Kivy on Linux hears SDL's pointer alone: without
this nobody could touch anything. In cage it is the other way round: fingers come as the pointer,
and whoever read the panel as well would count each touch twice (`bootstrap`).
"""

import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from kivy.input.factory import MotionEventFactory
from kivy.input.providers.mtdev import MTDMotionEventProvider

PANEL: Final = "/dev/input/escale-touch"
"""The one name of the panel, whichever it is (the card's 90-escale-devices.rules)."""
NAME: Final = "escale_touch"
"""In Kivy's configuration."""
AGAIN: Final = 1.0
"""Seconds between two looks for a panel that is not there."""


class TouchPanel(MTDMotionEventProvider):
    """Kivy's reader of panels, which gives up when the panel is late or leaves for good."""

    def _thread_run(self, **settings: Any) -> None:
        panel = Path(settings["input_fn"])
        while True:
            if panel.exists():
                self._read(settings)
            time.sleep(AGAIN)

    def _read(self, settings: dict[str, Any]) -> None:
        # The library raises no class of its own. The panel went while it was opened or read: it is
        # looked for again.
        with suppress(Exception):
            super()._thread_run(**settings)


MotionEventFactory.register(NAME, TouchPanel)
