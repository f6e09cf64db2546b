"""Who is in: one touch for those who were seen before, else a few letters."""

from kivy.properties import ListProperty, StringProperty

from ...widgets.chips import Chip
from ...widgets.rules import load_rules
from ..base import DeskScreen


class Author(DeskScreen):
    """Initials, never a name."""

    typed = StringProperty("")
    offered = ListProperty()

    def refresh(self) -> None:
        """Take what is typed, and who is offered."""
        super().refresh()
        signing = self.desk.staff.signing
        self.typed, self.offered = signing.typed, list(signing.offered)

    def on_offered(self, _screen: "Author", offered: list[str]) -> None:
        """A key each."""
        self.ids.offered.clear_widgets()
        for initials in offered:
            chip = Chip(text=initials, value=initials, size_of_type=26)
            chip.bind(on_release=lambda chip: self.touch("is", chip.value))
            self.ids.offered.add_widget(chip)


load_rules(__file__)
