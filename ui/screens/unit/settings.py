"""What staff set on board: sound, light, letters, and the way to languages, questions, the PIN."""

from kivy.app import App
from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from ...widgets.rules import load_rules
from ..base import DeskScreen


class SettingsPage(DeskScreen):
    """Each touch is kept at once."""

    volume = NumericProperty(0)
    volume_text = StringProperty("")
    brightness = NumericProperty(0)
    has_light = BooleanProperty(False)
    """Whether the panel's light can be set from here."""
    azerty = BooleanProperty(False)
    trial = BooleanProperty(False)

    def refresh(self) -> None:
        """Take what is set."""
        super().refresh()
        house, words = self.desk.house, App.get_running_app().words
        self.volume, self.brightness = house.settings.volume, house.settings.brightness
        self.has_light = house.backlight.available
        self.volume_text = str(self.volume) if self.volume else words["settings.silent"]
        self.azerty, self.trial = house.settings.keyboard == "azerty", house.trial


load_rules(__file__)
