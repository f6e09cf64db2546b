"""The workshops on offer, the next one first; without any, the way to a person."""

from kivy.app import App
from kivy.properties import (
    BooleanProperty,
    ColorProperty,
    ListProperty,
    NumericProperty,
    StringProperty,
)
from kivy.uix.widget import Widget

from ... import doors, theme
from ...models import workshops as model
from ...models.workshops import Offer
from ...widgets.layout import Row
from ...widgets.rules import load_rules
from ...widgets.surfaces import Card, Press
from ..base import DeskScreen


class WorkshopRow(Press, Row):
    """A workshop: touch it to sign up."""

    text = StringProperty("")
    day = StringProperty("")
    month = StringProperty("")
    hour = StringProperty("")
    left = StringProperty("")
    is_full = BooleanProperty(False)
    pictogram = StringProperty("")
    tint = ColorProperty(theme.LINE)
    deep = ColorProperty(theme.INK)
    soft = ColorProperty(theme.LINE)


class NoWorkshop(Card):
    """Said kindly; the buttons below lead on."""


class Workshops(DeskScreen):
    """A few rows a page; after the last page comes the first."""

    offers = ListProperty()
    has_number = BooleanProperty(False)
    page = NumericProperty(0)
    count = NumericProperty(1)

    _shown: object = None

    def refresh(self) -> None:
        """Take what is on offer, as it was last looked at."""
        super().refresh()
        self.offers = self.desk.workshops.offers
        self.has_number = self.state.visit is not None
        app = App.get_running_app()
        rows = model.rows_a_page(self.offers, roomy=app.rtl or app.larger > 1)
        self.count = max(1, -(-len(self.offers) // rows))
        self.page = min(self.page, self.count - 1)
        self._show(tuple(self.offers[self.page * rows : (self.page + 1) * rows]), rows)

    def turn(self) -> None:
        """To the next page."""
        self.page = (self.page + 1) % self.count
        self.refresh()

    def forget(self) -> None:
        """Whoever comes next begins with the first page."""
        super().forget()
        self.page = 0

    def _show(self, offers: tuple[Offer, ...], rows: int) -> None:
        words = App.get_running_app().words
        if (offers, rows, words) == self._shown:
            return
        self._shown = offers, rows, words
        self.ids.rows.clear_widgets()
        if not offers:
            self.ids.rows.add_widget(NoWorkshop())
            return
        for offer in offers:
            self.ids.rows.add_widget(self._row(offer))
        for _ in range(rows - len(offers)):
            self.ids.rows.add_widget(Widget())

    def _row(self, offer: Offer) -> WorkshopRow:
        words, look = App.get_running_app().words, doors.of_theme(offer.theme)
        date = model.when_apart(offer.starts, self.desk.workshops.zone, words)
        row = WorkshopRow(
            text=offer.title,
            day=words["when.day"].format(weekday=date.weekday, day=date.day),
            month=date.month,
            hour=date.hour,
            left=model.seats_left(offer.left, words),
            is_full=not offer.left,
            pictogram=look.pictogram,
            tint=look.tint,
            deep=look.deep,
            soft=look.edge,
        )
        row.bind(on_release=lambda _: self.touch("workshop", offer.id))
        return row


load_rules(__file__)
