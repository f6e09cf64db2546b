"""The first screen: a greeting, the languages; the driver behind the van, staff behind the lock."""

from kivy.app import App
from kivy.properties import BooleanProperty
from kivy.uix.widget import Widget

from ... import theme
from ...text import catalogue
from ...widgets.buttons import Action
from ...widgets.rules import load_rules
from ..base import DeskScreen


class Welcome(DeskScreen):
    """Shown whenever nobody is there; each language stands in its own letters, in its place."""

    many = BooleanProperty(False)
    """Whether there is a language to choose."""

    _shown: tuple[str, ...] = ()

    def refresh(self) -> None:
        """Take the languages as they are offered now."""
        super().refresh()
        offered = self.desk.languages.offered
        if offered == self._shown:
            return
        self._shown, self.many = offered, len(offered) > 1
        self.ids.languages.clear_widgets()
        for language in offered:
            self.ids.languages.add_widget(self._tile(language) if self.many else self._begin())

    def _tile(self, language: str) -> Widget:
        tile = Action(text=catalogue.load(language)["language.name"], size_of_type=theme.LEAD)
        tile.bind(on_release=lambda _: self.touch("language", language))
        return tile

    def _begin(self) -> Widget:
        begin = Begin(text=App.get_running_app().words["welcome.begin"])
        begin.bind(on_release=lambda _: self.touch("begin"))
        return begin


class Begin(Action):
    """The one button of a vehicle with one language."""


load_rules(__file__)
