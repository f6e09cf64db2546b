"""The loudspeaker, as Kivy reaches it. The only place that knows its sound."""

from pathlib import Path
from typing import Any


def load(path: Path) -> Any | None:
    """A recording ready to be played; None: there is no loudspeaker.

    It has `play()`, `stop()`, `volume` (0 to 1), and tells `on_stop` at its end.
    """
    # Imported when the first one is: a page is drawn before anything is said.
    from kivy.core.audio import SoundLoader

    sound = SoundLoader.load(str(path))
    return sound if sound is not None and sound.length > 0 else None
