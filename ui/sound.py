"""The loudspeaker, as Kivy reaches it; and its twin, that only pictures and tests hear."""

from collections.abc import Callable
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


class Twin:
    """A loudspeaker that remembers what it was given; each recording lasts until `ends`."""

    def __init__(self) -> None:
        self.played = list[Path]()
        """The latest last."""
        self._ended: Callable[[Any], None] | None = None

    def load(self, path: Path) -> "TwinSound":
        """Every file sounds."""
        return TwinSound(self, path)

    @property
    def said(self) -> list[str]:
        """The recordings by their names."""
        return [path.stem for path in self.played]

    def ends(self) -> None:
        """The recording that is played has come to its end."""
        if self._ended:
            self._ended()


class TwinSound:
    """One recording of it."""

    def __init__(self, twin: Twin, path: Path) -> None:
        self._twin, self._path, self.volume = twin, path, 1.0
        self._then: Callable[[Any], None] = lambda _: None

    def bind(self, on_stop: Callable[[Any], None]) -> None:
        """Who wants to know of the end."""
        self._then = on_stop

    def play(self) -> None:
        """From now on."""
        self._twin.played.append(self._path)
        self._twin._ended = self.stop

    def stop(self) -> None:
        """Silence, and its end is told."""
        self._twin._ended = None
        self._then(self)
