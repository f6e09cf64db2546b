"""Holds the screen that is shown; *Aide* and the loudspeaker in their corner above it."""

from kivy.app import App
from kivy.core.window import Window
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.screenmanager import NoTransition, ScreenManager

from ..models.moves import WITH_HELP, driver
from ..widgets.rules import load_rules
from . import crash, pages
from .reader import Reader

DRIVERS = (*driver.QUIET, "dark")
"""Pages that tell the driver by themselves how long the battery lasts."""


class AtOnce(NoTransition):
    """One page, never two: Kivy's own takes the page before away a frame later, and a slow board
    shows one over the other meanwhile."""

    def start(self, manager: ScreenManager) -> None:
        """Is over when it returns."""
        super().start(manager)
        self._anim.stop(self)


class Frame(FloatLayout):
    """Builds a screen when it is first shown."""

    desk = ObjectProperty(None)
    has_help = BooleanProperty(True)
    has_voice = BooleanProperty(True)
    """Whether the page can be listened to."""
    speaks = BooleanProperty(False)
    """Whether there is a loudspeaker, and recordings in the visitor's language."""
    reader = ObjectProperty(None, rebind=True)
    minutes_left = NumericProperty(0)
    """Until the battery is empty, in a strip below the page; 0: it is not."""
    trial = BooleanProperty(False)
    """Trial mode: each page bears a mark that nothing counts."""
    veil = NumericProperty(0)
    """How dark a shade lies over everything: from 0 to 1."""

    def __init__(self, **values: object) -> None:
        self.reader = Reader()
        super().__init__(**values)
        self.ids.manager.transition = AtOnce()

    def on_desk(self, _frame: "Frame", desk: object) -> None:
        """Every screen that was built looks at this desk from now on."""
        for screen in self.ids.manager.screens if self.ids else ():
            screen.desk = desk

    def show(self, name: str) -> None:
        """Bring that screen up, with what the desk knows now."""
        manager = self.ids.manager
        if not manager.has_screen(name):
            manager.add_widget(pages.find(name)(name=name, desk=self.desk))
        self.reader.follow(self.desk.panel)
        self.has_help, self.has_voice = name in WITH_HELP, pages.is_visitors(name)
        self.hear()
        self._warn(name)
        before, screen = manager.current_screen, manager.get_screen(name)
        screen.refresh()
        manager.current, Window.clearcolor = name, screen.ground
        if before is not screen:
            before.forget()
        if name == "welcome":
            self._close_what_is_behind()

    def _close_what_is_behind(self) -> None:
        """Nothing of a page for driver or staff outlives whoever was there, nor takes memory."""
        manager = self.ids.manager
        for screen in [each for each in manager.screens if not pages.is_visitors(each.name)]:
            manager.remove_widget(screen)

    def hear(self) -> None:
        """Look whether the visitor's language can be heard."""
        # In the language of the page: who reads none of them sees, and hears, French.
        self.speaks = self.desk.house.voice.speaks(App.get_running_app().words.language)

    def listen(self) -> None:
        """Read the page aloud; a second touch stops."""
        self.desk.present()
        pages = [self.ids.manager.current_screen, self.ids.strip]
        pages += [self.ids.help] if self.has_help else []
        self.reader.touched(self.desk.house.voice, App.get_running_app().words, *pages)

    def refresh(self) -> None:
        """Let the screen that is up look at the desk again."""
        self._warn(self.ids.manager.current)
        self.ids.manager.current_screen.refresh()

    def _warn(self, name: str) -> None:
        self.trial = self.desk.house.trial
        told = name not in DRIVERS
        self.minutes_left = (self.desk.announcer.minutes_left or 0) if told else 0

    def crash(self) -> None:
        """Something broke: cover everything."""
        self.reader.leave()
        self.clear_widgets()
        screen = crash.Crash()
        self.add_widget(screen)
        Window.clearcolor = screen.ground


load_rules(__file__)
