"""What all screens have in common: a desk to tell touches to, and a state to show."""

from kivy.properties import ColorProperty, NumericProperty, ObjectProperty
from kivy.uix.screenmanager import Screen

from .. import theme
from ..models.panel import Panel


class DeskScreen(Screen):
    """A screen that hands each touch to the desk and shows what comes of it."""

    desk = ObjectProperty(None)
    state = ObjectProperty(Panel(), rebind=True)
    time_left = NumericProperty(0)
    """From 1 to 0, for the screens with a bar."""
    ground = ColorProperty(theme.PAPER)
    """What the window is cleared with: a page need not be painted over."""

    def touch(self, touch: str, value: str = "") -> None:
        """Tell the desk, and show what came of it."""
        self.desk.touch(touch, value)
        if self.desk.panel.screen == self.name:
            self.refresh()

    def refresh(self) -> None:
        """Take what the desk knows now; called at each change and each second."""
        self.state = self.desk.panel
        self.time_left = self.desk.time_left()

    def forget(self) -> None:
        """Another screen is up: nothing of whoever stood before this one is left in it."""
        self.state, self.time_left = Panel(), 0
