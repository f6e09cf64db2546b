"""A street animation: a key for each age band and gender; every touch is a person."""

from kivy.app import App
from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.anchorlayout import AnchorLayout

from ...models import tally as model
from ...text.catalogue import Words
from ...widgets.rules import load_rules
from ...widgets.surfaces import Press
from ...widgets.text import Words as Text
from ..base import DeskScreen


class TallyKey(Press, AnchorLayout):
    """How many so far."""

    value = StringProperty("")
    count = NumericProperty(0)
    last = BooleanProperty(False)
    text = StringProperty("")


class TallyHead(Text):
    """What a row or a column counts."""

    is_top = BooleanProperty(False)
    is_side = BooleanProperty(False)


class Tally(DeskScreen):
    """Ages lie and genders stand, or the other way round: as the panel does."""

    title = StringProperty("")
    people = NumericProperty(0)
    can_undo = BooleanProperty(False)
    _is_wide: bool | None = None

    def refresh(self) -> None:
        """Take the counts as they are now."""
        super().refresh()
        app, animation = App.get_running_app(), self.desk.staff.animation
        self._lay_out(app.wide, app.words)
        self.title = app.words[f"door.{animation.theme}"] if animation.theme else ""
        self.people, self.can_undo = model.people(animation.counts), bool(animation.last)
        for key in self.ids.cells.children:
            if isinstance(key, TallyKey):
                age, gender = key.value.split(":")
                key.count = animation.counts.get(age, {}).get(gender, 0)
                key.last = key.value == animation.last

    def _lay_out(self, wide: bool, words: Words) -> None:
        if wide == self._is_wide:
            return
        self._is_wide = wide
        cells = self.ids.cells
        cells.clear_widgets()
        across, down = (model.AGES, model.GENDERS) if wide else (model.GENDERS, model.AGES)
        cells.cols = len(across) + 1
        cells.add_widget(TallyHead(is_top=True, is_side=True))
        for code in across:
            cells.add_widget(TallyHead(text=words[f"tally.{code}"], is_top=True))
        for row in down:
            cells.add_widget(TallyHead(text=words[f"tally.{row}"], is_side=True))
            for column in across:
                age, gender = (column, row) if wide else (row, column)
                cells.add_widget(self._key(model.cell(age, gender)))

    def _key(self, value: str) -> TallyKey:
        key = TallyKey(value=value)
        key.bind(on_press=lambda key: self.touch("one", key.value))
        return key


load_rules(__file__)
