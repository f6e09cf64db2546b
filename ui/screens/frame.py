"""Holds the screen that is shown, and *Aide* in its corner above whichever it is."""

from kivy.core.window import Window
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.screenmanager import Screen

from ..models.moves import WITH_HELP
from ..widgets.rules import load_rules
from . import crash, driver, staff, visitor

SCREENS: dict[str, type[Screen]] = {**visitor.SCREENS, **driver.SCREENS, **staff.SCREENS}


class Frame(FloatLayout):
    """Builds a screen when it is first shown."""

    desk = ObjectProperty(None)
    has_help = BooleanProperty(True)
    veil = NumericProperty(0)
    """How dark a shade lies over everything: from 0 to 1."""

    def on_desk(self, _frame: "Frame", desk: object) -> None:
        """Every screen that was built looks at this desk from now on."""
        for screen in self.ids.manager.screens if self.ids else ():
            screen.desk = desk

    def show(self, name: str) -> None:
        """Bring that screen up, with what the desk knows now."""
        manager = self.ids.manager
        if not manager.has_screen(name):
            manager.add_widget(SCREENS[name](name=name, desk=self.desk))
        self.has_help = name in WITH_HELP
        screen = manager.get_screen(name)
        screen.refresh()
        manager.current, Window.clearcolor = name, screen.ground

    def refresh(self) -> None:
        """Let the screen that is up look at the desk again."""
        self.ids.manager.current_screen.refresh()

    def crash(self) -> None:
        """Something broke: cover everything."""
        self.clear_widgets()
        screen = crash.Crash()
        self.add_widget(screen)
        Window.clearcolor = screen.ground


load_rules(__file__)
