"""The day on one sheet, at the size it would be printed: to be read out, copied, photographed."""

from kivy.app import App
from kivy.properties import BooleanProperty, StringProperty
from kivy.uix.widget import Widget

from ... import doors
from ...models.closing import Entry
from ...models.home import shortened
from ...text import dates
from ...widgets.layout import Row
from ...widgets.rules import load_rules
from .listing import ListScreen

LINES_WIDE, LINES_TALL = 18, 18
LETTERS = 26
"""Of a name on a line."""


class SheetLine(Row):
    """A count, or a title with the count of what follows."""

    text = StringProperty("")
    count = StringProperty("")
    is_title = BooleanProperty(False)


class Summary(ListScreen):
    """No name is on it."""

    title = StringProperty("")

    def refresh(self) -> None:
        """Take the day as it is now."""
        super().refresh()
        app, desk = App.get_running_app(), self.desk
        labels = [(door.code, app.words[f"door.{door.code}"]) for door in doors.DOORS]
        moment = desk.house.local_time()
        date = f"{dates.day(moment, app.words)} {moment.year}" if moment else ""
        self.title = shortened(desk.house.config.unit.vehicle_name, 20)
        letters = int(LETTERS / app.larger)
        whole = (Entry(date), *desk.staff.day.sheet(labels, app.words))
        lines = [line._replace(text=shortened(line.text, letters)) for line in whole]
        self.draw(lines, LINES_WIDE if app.wide else LINES_TALL, self._build)

    @staticmethod
    def _build(line: Entry) -> Widget:
        return SheetLine(text=line.text, count=line.count, is_title=line.is_title)


load_rules(__file__)
