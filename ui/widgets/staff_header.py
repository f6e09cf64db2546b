"""The head of a staff page: back, a title, what else the page puts there, and the way out."""

from kivy.properties import ObjectProperty, StringProperty

from .layout import Row
from .rules import load_rules


class StaffHeader(Row):
    """Dispatches `on_back` and `on_quit`; its own children stand between the title and the door."""

    title = StringProperty("")
    note = StringProperty("")
    """The second line, small."""
    extras = ObjectProperty(None, allownone=True)
    __events__ = ("on_back", "on_quit")

    def add_widget(self, widget, *args, **kwargs) -> None:
        """What a page adds stands before the way out."""
        where = super() if self.extras is None else self.extras
        where.add_widget(widget, *args, **kwargs)

    def on_back(self) -> None:
        """For those who listen."""

    def on_quit(self) -> None:
        """For those who listen."""


load_rules(__file__)
