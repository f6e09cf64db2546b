"""Says recordings one after the other. Knows no Kivy: how a file sounds is given (ui/sound.py).

Without a loudspeaker it says nothing and tells so: a page never pretends to speak.
"""

import logging
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from . import recordings
from .models import speech
from .recordings import Book

log = logging.getLogger("screen")

Load = Callable[[Path], Any | None]
SOURCE = "fr"


class Voice:
    """One per screen. A language is named by its code, empty for French."""

    def __init__(
        self,
        load: Load = lambda _: None,
        *,
        unheard: bool = False,
        voices: Path = recordings.VOICES,
    ) -> None:
        """`unheard`: also foreign voices that no speaker of the language has listened to."""
        self._load, self._unheard, self._voices = load, unheard, voices
        self._book, self._index = cache(self._read), cache(self._reversed)
        self._names = cache(self._all_names)
        self._sound: Any = None
        self._left, self._then = list[Path](), _nothing
        self.available = False
        """Whether there is a loudspeaker; known after `wake`."""
        self.volume = 1.0
        """From 0 to 1, from the next recording on."""

    def wake(self) -> None:
        """Look for the loudspeaker."""
        first = next(self._voices.glob("*/*.ogg"), None)
        self.available = first is not None and self._load(first) is not None
        if not self.available:
            log.warning("no loudspeaker answers: the screen is silent")

    @property
    def speaking(self) -> bool:
        """Whether something is being said."""
        return self._sound is not None

    def speaks(self, language: str) -> bool:
        """Whether it can be heard in that language."""
        return self.available and self.volume > 0 and bool(self._book(language).recordings)

    def sayings(self, texts: Iterable[str], language: str) -> tuple[str, ...]:
        """Names of the recordings of those texts; one that has none is left out.

        The name of another language is said in that language.
        """
        index = self._names() | self._index(language)
        said = (speech.sayings(text, index) for text in texts)
        return tuple(name for names in said if self._has(names, language) for name in names)

    def say(
        self, names: Iterable[str], language: str = "", then: Callable[[], None] | None = None
    ) -> bool:
        """Begin to say these recordings; whatever was being said stops. False: one is missing.

        `then` is called at the end, not when it is stopped.
        """
        self.stop()
        if not self.speaks(language):
            return False
        own = self._voices / (language or SOURCE)
        if not self._has(names := tuple(names), language):
            return False
        files = [(self._voices if "/" in name else own) / f"{name}.ogg" for name in names]
        self._left, self._then = files, then or _nothing
        self._next()
        return self.speaking

    def name(self, language: str) -> bool:
        """A language says what it is called."""
        return self.say([recordings.LANGUAGE], language)

    def announce(self, names: Iterable[str], language: str) -> bool:
        """What must be heard: in that language, or else in French."""
        names = tuple(names)
        return self.say(names, language) or self.say(names)

    def call(self, number: int, language: str = "") -> bool:
        """Call the person with this number, twice; never what they came for."""
        return self.announce(2 * (recordings.CALL, *speech.number(str(number))), language)

    def stop(self, then: Callable[[], None] | None = None) -> None:
        """Say no more; with `then`, only what is said for whoever waits with it."""
        if then not in (None, self._then):
            return
        self._left, self._then = [], _nothing
        sound, self._sound = self._sound, None
        if sound is not None:
            sound.stop()

    def _next(self) -> None:
        self._sound = self._load(self._left.pop(0)) if self._left else None
        if self._sound is None:
            then, self._then = self._then, _nothing
            then()
            return
        self._sound.volume = self.volume
        self._sound.bind(on_stop=self._ended)
        self._sound.play()

    def _ended(self, sound: Any) -> None:
        if sound is self._sound:
            self._next()

    def _has(self, names: Iterable[str], language: str) -> bool:
        known = self._book(language).recordings
        return all("/" in name or name in known for name in names)

    def _read(self, language: str) -> Book:
        book = recordings.load(language or SOURCE, self._voices)
        # French needs no leave: those on board speak it, and have the volume at hand.
        is_on = book.heard or self._unheard or (language or SOURCE) == SOURCE
        return book if is_on else recordings.EMPTY

    def _reversed(self, language: str) -> dict[str, str]:
        return {
            speech.bare(recording.shown): name
            for name, recording in self._book(language).recordings.items()
        }

    def _all_names(self) -> dict[str, str]:
        books = {code: self._book(code) for code in recordings.languages(self._voices)}
        return {
            speech.bare(book.recordings[recordings.LANGUAGE].shown): f"{code}/{recordings.LANGUAGE}"
            for code, book in books.items()
            if recordings.LANGUAGE in book.recordings
        }


def _nothing() -> None:
    """Nobody waits for the end."""
