"""*La file*: who waits, for how long, in what language; one touch calls."""

from typing import NamedTuple

from kivy.app import App
from kivy.properties import BooleanProperty, ObjectProperty, StringProperty

from ... import doors
from ...text import dates
from ...text.catalogue import Words
from ...widgets.layout import Row
from ...widgets.rules import load_rules
from .listing import ListScreen

LINES_WIDE, LINES_TALL = 4, 5


class Somebody(NamedTuple):
    """A line as it is drawn."""

    number: str
    door: str
    note: str
    is_next: bool


class QueueLine(Row):
    """A visit, and *Appeler*."""

    line = ObjectProperty(Somebody("", "", "", False), rebind=True)
    door = ObjectProperty(doors.DOORS[0], rebind=True)
    screen = ObjectProperty(None)
    next = BooleanProperty(False)


class Queue(ListScreen):
    """Minutes go on while it is looked at."""

    note = StringProperty("")
    """What was just given, else who asked for help."""
    tells = BooleanProperty(False)
    """Whether that is news."""

    def refresh(self) -> None:
        """Take the queue as it is now."""
        super().refresh()
        app, queue = App.get_running_app(), self.desk.staff.queue
        words, waiting = app.words, queue.waiting()
        lines = [self._line(visit, visit == waiting[0], words) for visit in waiting]
        self.note = self._note(len(waiting), words)
        self.draw(lines, LINES_WIDE if app.wide else LINES_TALL, self._build)

    def _line(self, visit, is_next: bool, words: Words) -> Somebody:
        day, queue = self.desk.staff.day, self.desk.staff.queue
        minutes = day.minutes(visit)
        told = [dates.in_french(queue.language(visit) or "fr")]
        if visit.event.trial:
            told.append(words["trial.mark"])
        elif minutes is not None:
            told.append(words.plural("queue.minutes", minutes) if minutes else words["queue.now"])
        return Somebody(str(visit.number), visit.event.door, " · ".join(told), is_next)

    def _note(self, waiting: int, words: Words) -> str:
        queue = self.desk.staff.queue
        if queue.given:
            return words["queue.given"].format(number=queue.given)
        minutes = queue.help_minutes()
        if minutes is not None:
            return words.plural("queue.help", minutes) if minutes else words["queue.help_now"]
        return words.plural("home.waiting", waiting) if waiting else ""

    def _build(self, line: Somebody) -> QueueLine:
        return QueueLine(line=line, door=doors.find(line.door), next=line.is_next, screen=self)


load_rules(__file__)
