"""What is kept about people, for how long, whom to ask: to be read before anything is said."""

from kivy.app import App
from kivy.properties import ListProperty, NumericProperty, StringProperty

from appliance.vehicle import documents
from protocol.documents import Notices

from ...models import notice as model
from ...text.catalogue import Words
from ...widgets.layout import Row
from ...widgets.rules import load_rules
from ...widgets.text import Words as Text
from ..base import DeskScreen


class NoticeLine(Row):
    """A picture and a sentence."""

    pictogram = StringProperty("")
    text = StringProperty("")


class Notice(DeskScreen):
    """The federation's own text when it sent one, page by page."""

    pages = ListProperty()
    page = NumericProperty(0)
    whom = StringProperty("")
    """Who answers for it."""

    _shown: object = None
    _read_for: object = None

    def refresh(self) -> None:
        """Take the words of the visitor's language: once, whoever reads is not to be disturbed."""
        super().refresh()
        words = App.get_running_app().words
        if (self.desk, words) == self._read_for:
            return
        self._read_for = self.desk, words
        texts = documents.read(self.desk.house.uplink, "notices", Notices).texts
        self.pages = model.pages(model.text(texts, self.state.language))
        self.page = min(self.page, max(0, len(self.pages) - 1))
        centre = self.desk.house.config.unit.centre
        self.whom = words["notice.whom"].format(centre=centre) if centre != "inconnu" else ""
        self._draw(words)

    def turn(self) -> None:
        """To the next page; after the last comes the first."""
        self.page = (self.page + 1) % max(1, len(self.pages))
        self._draw(App.get_running_app().words)

    def forget(self) -> None:
        """Whoever comes next begins at the first page."""
        super().forget()
        self.page, self._read_for = 0, None

    def _draw(self, words: Words) -> None:
        page = self.pages[self.page] if self.pages else ""
        if (page, words) == self._shown:
            return
        self._shown, place = (page, words), self.ids.lines
        place.clear_widgets()
        for line in () if page else model.LINES:
            place.add_widget(NoticeLine(pictogram=line.pictogram, text=words[line.key]))
        if page:
            place.add_widget(Text(text=page))


load_rules(__file__)
