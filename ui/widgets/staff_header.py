"""The head of a staff page: back, a title, what else the page puts there, and the way out."""

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty

from .layout import Column
from .rules import load_rules


class StaffHeader(Column):
    """Dispatches `on_back` and `on_quit`.

    Its own children stand between the title and the way out; on a panel that stands, below both.
    """

    title = StringProperty("")
    note = StringProperty("")
    """The second line, small."""
    wide = BooleanProperty(True)
    extras = ObjectProperty(None, allownone=True)
    __events__ = ("on_back", "on_quit")

    def add_widget(self, widget, *args, **kwargs) -> None:
        """What a page adds is not put beside the row, but into it."""
        if self.extras is None or widget is self.extras:
            super().add_widget(widget, *args, **kwargs)
        else:
            self.extras.add_widget(widget)
            self._place()

    def on_wide(self, *_: object) -> None:
        """The panel was turned."""
        self._place()

    def on_back(self) -> None:
        """For those who listen."""

    def on_quit(self) -> None:
        """For those who listen."""

    def _place(self) -> None:
        if self.extras is None or not self.extras.children:
            return
        row = self.ids.row
        where = row if self.wide else self
        if self.extras.parent is not where:
            self.extras.parent.remove_widget(self.extras)
            # The last one, the way out, is the first of the children.
            where.add_widget(self.extras, *([1] if self.wide else []))


load_rules(__file__)
