"""One field of a visit: every choice of its list; one is taken, or several."""

from kivy.app import App
from kivy.properties import BooleanProperty, StringProperty

from ... import theme
from ...models import describing as model
from ...widgets.chips import Chip
from ...widgets.rules import load_rules
from .listing import ListScreen

LINES_WIDE, LINES_TALL = 9, 10


class Choices(ListScreen):
    """One choice leads back at once; several need *Continuer*."""

    field = StringProperty("")
    several = BooleanProperty(False)

    def refresh(self) -> None:
        """Take the draft as it is now."""
        super().refresh()
        visits, wide = self.desk.staff.visits, App.get_running_app().wide
        if not visits.field:
            return
        self.field, self.several = visits.field, visits.field in model.SEVERAL
        door = visits.shown[0].event.door if visits.shown else ""
        codes = model.choices(self.field, door)
        a_page = LINES_WIDE if wide else LINES_TALL
        cut = min(a_page, max(2 * self.ids.lines.cols, len(codes)))
        self.draw([(self.field, code) for code in codes], cut, self._chip)
        for chip in self.ids.lines.children:
            if isinstance(chip, Chip):
                chip.lit = model.has(visits.draft, self.field, chip.value)

    def _chip(self, line: tuple[str, str]) -> Chip:
        field, code = line
        chip = Chip(text=model.label(field, code), value=code, size_of_type=theme.CAPTION)
        chip.bind(on_release=lambda chip: self.touch("choose", chip.value))
        return chip


load_rules(__file__)
