"""A number that is called: large, in the person's own language, and never what they came for."""

from kivy.properties import BooleanProperty, StringProperty

from ...text import catalogue
from ...widgets.rules import load_rules
from ..base import DeskScreen


class Call(DeskScreen):
    """Everybody sees it: it shows a number, and keys whose words tell nothing."""

    number = StringProperty("")
    title = StringProperty("")
    is_heard = BooleanProperty(True)
    """Whether it can be called aloud: in that language, or else in French."""

    def refresh(self) -> None:
        """Take whoever is called now."""
        super().refresh()
        queue = self.desk.staff.queue
        if queue.called is None:
            return
        language = queue.language(queue.called)
        self.number = str(queue.called.number)
        self.title = catalogue.of(language)["thanks.number"]
        self.is_heard = self.desk.house.voice.speaks("")

    def on_leave(self, *_: object) -> None:
        """Nobody is called any more."""
        self.number = self.title = ""


load_rules(__file__)
