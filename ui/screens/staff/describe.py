"""A visit described: two touches for the common case, and a field each for the rest."""

from kivy.app import App
from kivy.properties import BooleanProperty, ListProperty, ObjectProperty, StringProperty

from ... import theme
from ...models import describing as model
from ...models.home import shortened
from ...text.catalogue import Words
from ...widgets.chips import Chip, FieldKey
from ...widgets.rules import load_rules
from ..base import DeskScreen

FIELDS = {
    "themes": "label",
    "people": "group",
    "materials": "devices",
    "autonomy": "accessibility_new",
    "place": "location_on",
    "referral": "alt_route",
}
"""Those that are chosen on a page of their own, and their pictograms."""
LETTERS = 16
"""Of what was chosen."""


class Describe(DeskScreen):
    """One visit, or all that are left."""

    draft = ObjectProperty(model.Draft())
    title = StringProperty("")
    note = StringProperty("")
    author = StringProperty("")
    is_bulk = BooleanProperty(False)
    has_previous = BooleanProperty(False)
    fields = ListProperty()

    def on_kv_post(self, _base_widget) -> None:
        """The choices are the code lists'."""
        for field in ("duration", "mode"):
            for code in model.choices(field):
                chip = Chip(
                    text=model.label(field, code),
                    value=f"{field}:{code}",
                    size_of_type=theme.CAPTION,
                )
                chip.bind(on_release=lambda chip: self.touch("choose", chip.value))
                self.ids[field].add_widget(chip)
        for field, pictogram in FIELDS.items():
            key = FieldKey(pictogram=pictogram)
            key.field = field
            key.bind(on_release=lambda key: self.touch("field", key.field))
            self.ids.fields.add_widget(key)

    def refresh(self) -> None:
        """Take the draft as it is now."""
        super().refresh()
        staff, words = self.desk.staff, App.get_running_app().words
        visits = staff.visits
        if not visits.shown:
            return
        self.draft, self.is_bulk, self.author = visits.draft, visits.is_bulk, staff.author()
        self.has_previous = visits.previous() is not None
        self.title, self.note = self._title(words)
        for field in ("duration", "mode"):
            for chip in self.ids[field].children:
                chip.lit = model.has(self.draft, *chip.value.split(":", 1))
        for key in self.ids.fields.children:
            key.title, key.chosen = words[f"field.{key.field}"], self._told(key.field, words)

    def on_leave(self, *_: object) -> None:
        """Of the visit nothing waits out of sight."""
        self.title = self.note = ""
        for key in self.ids.fields.children:
            key.chosen = ""

    def _title(self, words: Words) -> tuple[str, str]:
        shown = self.desk.staff.visits.shown
        if len(shown) > 1:
            return words.plural("describe.several", len(shown)), words["describe.own_theme"]
        visit = shown[0]
        hour = self.desk.staff.day.hour(visit.utc, words)
        told = words[f"door.{visit.event.door}"], hour
        title = words["describe.title"].format(number=visit.number)
        return title, " · ".join(part for part in told if part)

    def _told(self, field: str, words: Words) -> str:
        told = model.told(self.draft, field)
        if not told:
            return ""
        if field == "people":
            return words.plural("tally.people", int(told[0]))
        more = f" + {len(told) - 1}" if len(told) > 1 else ""
        return shortened(told[0], LETTERS - len(more)) + more


load_rules(__file__)
