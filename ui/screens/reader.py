"""Reads the page that is up aloud, and lights the button it is saying. Knows no page by name."""

from collections.abc import Iterator

from kivy.event import EventDispatcher
from kivy.properties import BooleanProperty
from kivy.uix.widget import Widget

from ..doors import DOORS
from ..models import listening
from ..models.listening import SILENT, Line, Listening
from ..models.panel import Panel
from ..text.catalogue import Words as Catalogue
from ..voice import Voice
from ..widgets.keypad import Keypad
from ..widgets.surfaces import Press
from ..widgets.text import Written


class Reader(EventDispatcher):
    """One per frame; it remembers nothing once it is silent."""

    reading = BooleanProperty(False)

    def __init__(self) -> None:
        super().__init__()
        self._voice, self._language = Voice(), ""
        self._listening: Listening = SILENT
        self._buttons = list[Press]()
        self._panel = Panel()

    def touched(self, voice: Voice, words: Catalogue, *pages: Widget) -> None:
        """The loudspeaker was touched: read these pages, or stop."""
        self._light(None)
        self._voice, self._language, self._buttons = voice, words.language, []
        page = [line for line in self._lines(pages) if voice.sayings(line.texts, self._language)]
        doors = {words[f"door.{door.code}"] for door in DOORS}
        self._listening = listening.touched(self._listening, page, doors)
        self._say()

    def follow(self, panel: Panel) -> None:
        """What is shown changes: stop, unless it is drawn again as it was."""
        if panel != self._panel:
            self.leave()
        self._panel = panel

    def leave(self) -> None:
        """What was read is forgotten."""
        if self.reading:
            self._light(None)
            self._listening, self.reading = SILENT, False
            self._voice.stop(self._said)
        self._buttons, self._language = [], ""

    def _say(self) -> None:
        line = self._listening.line
        self.reading = line is not None
        if line is None:
            self._voice.stop(self._said)
            return
        self._light(line.choice)
        names = self._voice.sayings(line.texts, self._language)
        if not self._voice.say(names, self._language, then=self._said):
            self.leave()

    def _said(self) -> None:
        self._light(None)
        self._listening = listening.said(self._listening)
        self._say()

    def _light(self, choice: int | None) -> None:
        for place, button in enumerate(self._buttons):
            button.heard = place == choice

    def _lines(self, pages: tuple[Widget, ...]) -> Iterator[Line]:
        for page in pages:
            for widget in seen(page):
                if isinstance(widget, Written):
                    yield Line((widget.text,))
                elif isinstance(widget, Press) and widget.alive:
                    self._buttons.append(widget)
                    yield Line(texts_on(widget), len(self._buttons) - 1)


def texts_on(button: Press) -> tuple[str, ...]:
    """What a button says of itself, or the words that stand on it."""
    words = (part.text for part in button.walk(restrict=True) if isinstance(part, Written))
    return (button.said,) if button.said else tuple(words)


def seen(widget: Widget) -> Iterator[Widget]:
    """Texts and buttons below a widget, in the order of reading. Keys to type with are not read."""
    if isinstance(widget, Keypad) or not widget.opacity or not widget.height or not widget.width:
        return
    if isinstance(widget, Press | Written):
        yield widget
        return
    for child in reversed(widget.children):
        yield from seen(child)
