"""Where the vehicle is, by the driver's word: asked when no GPS tells it."""

from kivy.app import App
from kivy.properties import ListProperty, NumericProperty

from protocol.documents import PlannedStop

from ...models import tour
from ...widgets.night import NightChoice
from ...widgets.rules import load_rules
from ..base import DeskScreen
from . import hours

PLACES = 5
"""A page; *Ailleurs* is the sixth."""
LETTERS = 44
"""Of a name, at the most: two lines."""


class Where(DeskScreen):
    """Today's stops, the next one first, and *Ailleurs*."""

    places = ListProperty()
    page = NumericProperty(0)
    count = NumericProperty(1)

    _shown: object = None

    def refresh(self) -> None:
        """Take the places as the tour has them."""
        super().refresh()
        self.places = self.desk.driver.itinerary.places()
        self.count = max(1, -(-len(self.places) // PLACES))
        self.page = min(self.page, self.count - 1)
        shown = self.places[self.page * PLACES : (self.page + 1) * PLACES]
        if shown != self._shown:
            self._shown = shown
            self._show(shown)

    def turn(self) -> None:
        """To the next page; after the last comes the first."""
        self.page = (self.page + 1) % self.count
        self.refresh()

    def on_leave(self, *_: object) -> None:
        """The next question begins with the next stop."""
        self.page = 0

    def _show(self, places: list[PlannedStop]) -> None:
        words = App.get_running_app().words
        today = {halt.id for halt in self.desk.driver.itinerary.halts(standing=False)}
        self.ids.places.clear_widgets()
        for place in places:
            note = hours.span(place.opens, place.closes, words) if place.id in today else ""
            self._add(
                NightChoice(
                    text=tour.brief(place.name, LETTERS), note=note, pictogram="location_on"
                ),
                place.id,
            )
        self._add(NightChoice(text=words["where.elsewhere"], pictogram="question_mark"), "")

    def _add(self, choice: NightChoice, id: str) -> None:
        choice.bind(on_release=lambda _: self.touch("place", id))
        self.ids.places.add_widget(choice)


load_rules(__file__)
