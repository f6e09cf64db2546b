"""A large button with which a visitor answers: a pictogram above its words. Knows no page."""

from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from .layout import Column
from .rules import load_rules
from .surfaces import Press


class Answer(Press, Column):
    """A choice: its pictogram, if it has one, above its words."""

    code = StringProperty("")
    key = StringProperty("")
    """Of its words in the catalogue; empty: they are given."""
    given = StringProperty("")
    text = StringProperty("")
    pictogram = StringProperty("")
    flat = BooleanProperty(False)
    tallest = NumericProperty(128)
    """Of its pictogram, in dp."""

    def on_kv_post(self, _base_widget) -> None:
        """Without a pictogram, its words have all the room."""
        if not self.pictogram:
            self.remove_widget(self.ids.picture)


load_rules(__file__)
