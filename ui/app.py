"""The window and its loop: shows what the desk says. Decides nothing; a kiosk has no way out.

`bootstrap.prepare` must have run before this module is imported.
"""

import logging
from collections.abc import Callable

from kivy.app import App
from kivy.base import ExceptionHandler, ExceptionManager
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty

from . import widgets  # noqa: F401  (the widgets must be known to the .kv files)
from .desk import Desk
from .models.gate import Gate
from .models.light import light
from .screens import pages
from .screens.frame import Frame
from .text import catalogue

FRAMES_AFTER_A_CHANGE = 3
"""On a Pi's bare display the first frame can stay black until the next one."""
STEP, BAR_STEP, MINUTE = 1.0, 0.1, 60.0
CALM = 3.0
"""Seconds the crash screen is shown before the process begins anew."""


class EscaleApp(App):
    """One window, one desk."""

    words = ObjectProperty({}, rebind=True)
    """Key → text; given anew, every text on the screen follows."""
    rtl = BooleanProperty(False)
    """Whether the page is read from the right."""
    wide = BooleanProperty(True)
    """Lying rather than standing: the two layouts there are."""
    larger = NumericProperty(1.0)
    """How much larger letters are than they are drawn: each page has room for a fifth more."""

    def __init__(self, desk: Desk, words: dict[str, str], *, stepped: Callable[[], bool]) -> None:
        """`stepped` is called each second; it says whether to stop."""
        super().__init__(words=words)
        self.title, self.use_kivy_settings = "Escale", False
        self.desk, self.crashed = desk, False
        self._stepped, self._gate, self._asleep = stepped, Gate(), False
        self._frames_left, self._steps = 0, []
        self._bound = {
            "size": self._measure,
            "on_touch_down": lambda *_: self._touched(),
            "on_keyboard": lambda *_: True,
            "on_key_down": lambda *_: True,
            "on_request_close": lambda *_: True,
            "on_flip": self._drew,
        }
        self._bar = Clock.schedule_interval(self._move_bar, BAR_STEP)
        self._bar.cancel()

    def build(self) -> Frame:
        """The frame, with the first screen in it."""
        self._measure()
        Window.bind(**self._bound)
        return Frame(desk=self.desk)

    def on_start(self) -> None:
        """Show, and let time pass."""
        self.desk.on_change = self.show
        self.show()
        self._steps = [
            Clock.schedule_interval(self._step, STEP),
            Clock.schedule_interval(self._draw_again, MINUTE),
            Clock.schedule_once(self._wake_voice, STEP),
        ]

    def on_stop(self) -> None:
        """Let go of the window and of time."""
        self.rest()
        Window.unbind(**self._bound)

    def change_desk(self, desk: Desk) -> None:
        """Another desk behind the same window (the gallery: a fresh one for each scene)."""
        self.desk.on_change = lambda: None
        self.desk = self.root.desk = desk
        desk.on_change = self.show
        self.show()

    def rest(self) -> None:
        """No time passes any more."""
        for event in (self._bar, *self._steps):
            event.cancel()
        Clock.unschedule(self._draw_frame)

    def show(self) -> None:
        """The desk's panel, drawn."""
        panel = self.desk.panel
        self._gate.screen_changed(self.desk.now())
        self.words = catalogue.of(panel.language if pages.is_visitors(panel.screen) else "")
        self.rtl = self.words.rtl
        self.root.show(panel.screen)
        self._bar.cancel()
        if self.desk.time_left():
            self._bar()
        self._draw_again()

    def accepts_touch(self, button: object) -> bool:
        """Whether this touch-down is a finger's (models/gate.py)."""
        return self._gate.accepts(button, self.desk.now())

    def lets_touch_go(self, button: object) -> bool:
        """Whether what was pressed counts, now that it is let go."""
        return self._gate.lets_go(button)

    def open_settings(self, *_: object) -> None:
        """Kivy's own settings have no place here."""

    def handle_crash(self, error: Exception) -> None:
        """One of the three doors: told once with its traceback, then begun anew."""
        logging.getLogger("screen").error("stopped by a fault of its own", exc_info=error)
        self.crashed = True
        self.rest()
        if self.root:
            self.root.crash()
            self._draw_again()
        self._steps = [Clock.schedule_once(lambda _: self.stop(), CALM)]

    def _drew(self, *_: object) -> None:
        # The page that says that something broke is no sign of a system that is well.
        self.desk.drawn += not self.crashed

    def _touched(self) -> bool:
        """Somebody is there. True: nobody else hears of this touch, it only woke the panel."""
        asleep = self._asleep
        self.desk.present()
        if asleep:
            self._gate.screen_changed(self.desk.now())
            self._shine()
        return asleep

    def _shine(self) -> None:
        share = light(self.desk.panel, self.desk.quiet)
        self._asleep = share < 1
        # A panel without a light of its own to be set is darkened by what is drawn on it.
        veil = 0 if self.desk.house.shine(share) else 1 - share
        if self.root.veil != veil:
            self.root.veil = veil
            self._draw_again()

    def _wake_voice(self, _elapsed: float) -> None:
        """Once the first page is drawn: nobody waits for the loudspeaker."""
        self.desk.house.voice.wake()
        self.root.hear()

    def _step(self, _elapsed: float) -> None:
        self.desk.step()
        self.root.refresh()
        self._shine()
        if self._stepped():
            self.stop()

    def _move_bar(self, _elapsed: float) -> None:
        self.root.refresh()

    def _draw_again(self, _elapsed: float = 0) -> None:
        self._frames_left = FRAMES_AFTER_A_CHANGE
        Clock.unschedule(self._draw_frame)
        Clock.schedule_interval(self._draw_frame, 0)

    def _draw_frame(self, _elapsed: float) -> bool:
        Window.canvas.ask_update()
        self._frames_left -= 1
        if self._frames_left > 0:
            return True
        self.desk.work()
        return self._frames_left > 0

    def _measure(self, *_: object) -> None:
        self.wide = Window.width >= Window.height


class CrashDoor(ExceptionHandler):
    """Gives every fault inside Kivy's loop to the app, once."""

    def __init__(self, app: EscaleApp) -> None:
        self._app = app

    def handle_exception(self, error: BaseException) -> int:
        """PASS goes on with the loop, RAISE leaves it."""
        if not isinstance(error, Exception) or self._app.crashed:
            return ExceptionManager.RAISE
        self._app.handle_crash(error)
        return ExceptionManager.PASS


def run(app: EscaleApp) -> None:
    """Until the app stops."""
    door = CrashDoor(app)
    ExceptionManager.add_handler(door)
    try:
        app.run()
    finally:
        ExceptionManager.remove_handler(door)
