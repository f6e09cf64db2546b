"""The number, large; questions for whoever wants to answer some, workshops; it goes by itself."""

from kivy.app import App
from kivy.properties import ColorProperty, NumericProperty, StringProperty
from kivy.uix.widget import Widget

from ... import theme
from ...widgets.buttons import Action
from ...widgets.layout import Row
from ...widgets.rules import load_rules
from ..base import DeskScreen


class Aside(Row):
    """A line that nobody has to read."""

    text = StringProperty("")
    pictogram = StringProperty("")
    ink = ColorProperty(theme.MUTED)


class MoreQuestions(Action):
    """Leads to the questions that are left."""


class Thanks(DeskScreen):
    """Only ever shown when the check-in is on the disk."""

    left = NumericProperty(0)
    """Questions nobody was asked yet."""

    _shown: tuple[object, ...] = ()

    def refresh(self) -> None:
        """Count the questions that are left."""
        super().refresh()
        self.left = max(0, len(self.desk.visitors.questions) - self.state.question)
        shown = (self.left, self.state.refused, App.get_running_app().words)
        if shown != self._shown:
            self._shown = shown
            self.ids.more.clear_widgets()
            self.ids.more.add_widget(self._more())

    def _more(self) -> Widget:
        words = App.get_running_app().words
        if self.state.refused:
            text = words["thanks.unanswered"]
            return Aside(text=text, pictogram="warning", ink=theme.WARN_INK)
        if not self.left:
            return Aside(text=words["welcome.anonymous"], pictogram="lock")
        more = MoreQuestions(text=words.plural("thanks.questions", self.left))
        more.bind(on_release=lambda _: self.touch("questions"))
        return more


load_rules(__file__)
