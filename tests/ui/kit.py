"""A screen on the bench: its desk, its window in memory, a finger, a clock that is told.

Kivy is imported when a bench is made, so that the settings are there first.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from appliance import runtime
from appliance.journal import JournalReader
from appliance.twins.clock import SettableClock
from protocol import events
from protocol.event import Event
from tests.support import eventually, unit_config
from ui.desk import Desk
from ui.display import PROFILES, Profile
from ui.text import catalogue
from ui.voice import Voice

WORDS = catalogue.load("fr")


class Hand:
    """Monotonic seconds that move when told to."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def new_desk(
    folder: Path, hand: Hand, clock: SettableClock | None = None, voice: Voice | None = None
) -> Desk:
    """A desk on a temporary folder, with nothing of the unit running around it."""
    return Desk(unit_config(folder), clock=clock or SettableClock(), now=hand, voice=voice)


def kept(folder: Path, journal: str = "screen") -> list[Event | dict[str, Any]]:
    """Everything the journal has, oldest first."""
    with JournalReader.open(folder / "data" / f"{journal}.db") as reader:
        return [events.decode_body(row.type, row.body) for row in reader.rows(0)]


def becomes(profile: Profile) -> None:
    """The window takes the size and the density of that panel.

    Kivy tells of a new size at once, SDL again a moment later: wait for that word too.
    """
    from kivy.base import EventLoop
    from kivy.core.window import Window
    from kivy.metrics import Metrics

    Metrics.density = profile.density
    size, told = (profile.width, profile.height), list[object]()
    if Window.size == size:
        return

    def count(*_: object) -> None:
        told.append(size)

    Window.bind(on_pre_resize=count)
    Window.size = size
    eventually(lambda: (EventLoop.idle(), len(told) >= 2)[1], what="SDL tells of the new size")
    Window.unbind(on_pre_resize=count)


class Bench:
    """Used in a `with`; `panel` names the profile whose size and density the window takes."""

    def __init__(
        self, folder: Path, panel: str = "officiel-7", *, voice: Voice | None = None
    ) -> None:
        self.folder, self.profile = folder, PROFILES[panel]
        self.hand, self.voice = Hand(), voice

    def __enter__(self) -> "Bench":
        from kivy.base import EventLoop
        from kivy.core.window import Window

        from ui.app import EscaleApp

        self.loop, self.window = EventLoop, Window
        becomes(self.profile)
        self.desk = new_desk(self.folder, self.hand, voice=self.voice)
        self.app = EscaleApp(self.desk, WORDS, stepped=lambda: False)
        self.app._run_prepare()
        if EventLoop.status != "started":
            EventLoop.start()
        self.pump(4)
        return self

    def __exit__(self, *_: object) -> None:
        self.app.dispatch("on_stop")
        self.window.remove_widget(self.app.root)
        self.desk.close()

    def pump(self, frames: int = 3) -> None:
        """Let the loop turn."""
        for _ in range(frames):
            self.loop.idle()

    def passes(self, seconds: float) -> None:
        """Time passes, and the desk is told, as each second."""
        self.hand.seconds += seconds
        self.app._step(seconds)
        self.pump()

    @property
    def screen(self) -> Any:
        """The screen that is up."""
        return self.app.root.ids.manager.current_screen

    @property
    def at(self) -> str:
        """Its name."""
        return self.screen.name

    def widgets(self, kind: type | None = None) -> Iterator[Any]:
        """All that is on the window, *Aide* too."""
        for widget in self.app.root.walk():
            if kind is None or isinstance(widget, kind):
                yield widget

    def find(self, words: str) -> Any:
        """The button that says these words."""
        from ui.widgets.surfaces import Press

        for widget in self.widgets(Press):
            if getattr(widget, "text", None) == words:
                return widget
        raise AssertionError(f"no button says {words!r} on {self.at}")

    def taps(self, words: str) -> None:
        """A finger on the button that says these words, a second later."""
        self.hand.seconds += 1
        self.pump()
        self.touches(*self.centre(self.find(words)))

    def centre(self, widget: Any) -> tuple[float, float]:
        """Where to touch it, in pixels of the window."""
        return widget.to_window(*widget.center)

    def touches(self, x: float, y: float, button: str = "left") -> None:
        """Down and up again."""
        self.finger(x, y, button).touch_up()
        self.pump()

    def finger(self, x: float, y: float, button: str = "left") -> Any:
        """A finger that stays down, or that button of a mouse."""
        from kivy.tests.common import UnitTestTouch

        touch = UnitTestTouch(x, y)
        touch.profile.append("button")
        touch.button = button
        touch.touch_down()
        self.pump(1)
        return touch

    def the_vehicle_says(self, **word: Any) -> None:
        """What the vehicle process would publish."""
        runtime.publish(self.folder / "run", "vehicle", word)
