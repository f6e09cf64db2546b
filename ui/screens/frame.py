"""Holds the screen that is shown, and *Aide* in its corner above whichever it is."""

from kivy.core.window import Window
from kivy.properties import BooleanProperty, ObjectProperty
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.screenmanager import Screen

from ..models import panel as panel_model
from ..widgets.rules import load_rules
from . import crash
from .driver import dark, driver
from .staff import closing, pin, reset, staff
from .visitor import (
    confirm,
    first_name,
    group,
    help,
    people,
    phone,
    reasons,
    signed_up,
    sorry,
    still_there,
    thanks,
    welcome,
    workshops,
)

SCREENS: dict[str, type[Screen]] = {
    "welcome": welcome.Welcome,
    "reasons": reasons.Reasons,
    "confirm": confirm.Confirm,
    "thanks": thanks.Thanks,
    "workshops": workshops.Workshops,
    "people": people.People,
    "group": group.Group,
    "first_name": first_name.FirstName,
    "phone": phone.Phone,
    "signed_up": signed_up.SignedUp,
    "sorry": sorry.Sorry,
    "help": help.Help,
    "still_there": still_there.StillThere,
    "driver": driver.Driver,
    "pin": pin.Pin,
    "reset": reset.Reset,
    "staff": staff.Staff,
    "closing": closing.Closing,
    "dark": dark.Dark,
}


class Frame(FloatLayout):
    """Builds a screen when it is first shown."""

    desk = ObjectProperty(None)
    has_help = BooleanProperty(True)

    def show(self, name: str) -> None:
        """Bring that screen up, with what the desk knows now."""
        manager = self.ids.manager
        if not manager.has_screen(name):
            manager.add_widget(SCREENS[name](name=name, desk=self.desk))
        self.has_help = name in panel_model.WITH_HELP
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
