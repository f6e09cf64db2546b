"""One stop to correct: its times, or what it was. Nothing is noted before *Corriger*."""

from kivy.app import App
from kivy.properties import BooleanProperty, ListProperty, ObjectProperty, StringProperty

from ...models import last_stops as model
from ...models import tour
from ...models.last_stops import Draft
from ...text.catalogue import Words
from ...widgets.layout import Row
from ...widgets.night import NightChoice
from ...widgets.rules import load_rules
from ..base import DeskScreen
from . import hours

PICTOGRAMS = {
    "right": "location_on",
    "cancelled": "location_off",
    "merged": "undo",
    "still_there": "pin_drop",
}


LETTERS = 44
"""Of a name, at the most: two lines."""


class TimeRow(Row):
    """A time, and two buttons that move it by five minutes; dispatches `on_move`."""

    label = StringProperty("")
    time = StringProperty("")
    is_moved = BooleanProperty(False)
    alive = BooleanProperty(True)
    __events__ = ("on_move",)

    def on_move(self, minutes: int) -> None:
        """For those who listen."""


class Correction(DeskScreen):
    """Shows the draft that the desk holds."""

    draft = ObjectProperty(None, allownone=True)
    title = StringProperty("")
    arrived = StringProperty("")
    departed = StringProperty("")
    kinds = ListProperty()

    def refresh(self) -> None:
        """Take the draft as it is now."""
        super().refresh()
        words, draft = App.get_running_app().words, self.desk.driver.draft
        self.draft = draft
        name = tour.brief(draft.stop.name, LETTERS) if draft else ""
        self.title = name or words["last_stops.unnamed"]
        self.arrived = self._time(draft, "arrived", words)
        self.departed = self._time(draft, "departed", words)
        kinds = list(model.kinds(draft)) if draft else []
        if kinds != self.kinds:
            self.kinds = kinds
            self._show(words)
        for choice in self.ids.kinds.children:
            choice.lit = bool(draft) and choice.kind == draft.kind

    def _time(self, draft: Draft | None, which: model.Which, words: Words) -> str:
        stamp = getattr(draft.stop, which) if draft else None
        if draft is None or stamp is None:
            return ""
        return hours.of_stamp(stamp, getattr(draft, which), self.desk.house.zone, words)

    def _show(self, words: Words) -> None:
        self.ids.kinds.clear_widgets()
        for kind in self.kinds:
            choice = KindChoice(
                kind=kind, text=words[f"correction.{kind}"], pictogram=PICTOGRAMS[kind]
            )
            choice.bind(on_release=lambda _, kind=kind: self.touch("kind", kind))
            self.ids.kinds.add_widget(choice)


class KindChoice(NightChoice):
    """What is said of the whole stop."""

    kind = StringProperty("")


load_rules(__file__)
