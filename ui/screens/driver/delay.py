"""How late the vehicle is: one touch."""

from kivy.app import App

from ... import theme
from ...widgets.night import NightAction
from ...widgets.rules import load_rules
from ..base import DeskScreen

MINUTES = (5, 10, 15, 20, 30, 45, 60, 90)


class Delay(DeskScreen):
    """A button for each length; what is between is rounded by whoever touches."""

    def on_kv_post(self, _base_widget) -> None:
        """Put the buttons there."""
        words = App.get_running_app().words
        for minutes in MINUTES:
            text = words["delay.minutes"].format(minutes=minutes)
            button = NightAction(text=text, size_of_type=theme.TITLE)
            button.bind(on_release=lambda _, minutes=minutes: self.touch("minutes", str(minutes)))
            self.ids.minutes.add_widget(button)


load_rules(__file__)
