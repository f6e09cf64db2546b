"""The unit: what is still on board alone and why, and the way to what may be done about it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from kivy.app import App
from kivy.properties import BooleanProperty, StringProperty

from ...text import dates
from ...text.catalogue import Words
from ...widgets.rules import load_rules
from ..base import DeskScreen

PICTOGRAMS = {"well": "cloud_done", "look": "cloud_off", "bad": "sync_problem"}
IN_TOUCH = ("unit.all_sent", "unit.sending")
UNDER_WAY = ("unit.sending", "unit.trying")


class Unit(DeskScreen):
    """Asks the desk each second."""

    pictogram = StringProperty("cloud_done")
    title = StringProperty("")
    kept = StringProperty("")
    when = StringProperty("")
    """Since when, and the last sending."""
    well = BooleanProperty(True)
    hint = StringProperty("")
    """What else there is to know; empty: nothing."""
    faults = BooleanProperty(False)
    """Whether something else than the network should be looked at."""
    is_new = BooleanProperty(False)
    """Whether the first start was not gone through."""

    def refresh(self) -> None:
        """Take what is known now."""
        super().refresh()
        board, words = self.desk.staff.board, App.get_running_app().words
        told = board.sending()
        self.title, self.well = words[told.title], told.mark == "well"
        looked_for = told.mark == "look" and told.title in IN_TOUCH
        under_way = told.title in UNDER_WAY
        self.pictogram = "cloud_upload" if under_way else PICTOGRAMS[told.mark]
        if looked_for:
            self.pictogram = "cloud_alert"
        rows = told.waiting.rows
        self.kept = words.plural("unit.kept", rows) if rows else words["unit.nothing"]
        self.when = "\n".join(self._moments(told.waiting.since, told.waiting.sent, words))
        self.hint = words["unit.faults"] if looked_for else ""
        if (hint := board.card or board.update) is not None:
            self.hint = words[hint.key].format(**hint.values)
        self.faults = any(line.mark == "bad" for line in board.checks())
        self.is_new = not self.desk.house.settings.is_set_up

    def _moments(self, since: int | None, sent: int | None, words: Words) -> list[str]:
        house = self.desk.house
        told = []
        if since is not None:
            told.append(words["unit.since"].format(when=when(since, house.zone, words, self._now)))
        if sent is None:
            return [*told, words["unit.never_sent"]]
        return [*told, words["unit.sent"].format(when=when(sent, house.zone, words, self._now))]

    @property
    def _now(self) -> datetime | None:
        return self.desk.house.local_time()


def when(utc: int, zone: str, words: Words, now: datetime | None) -> str:
    """A moment as people say it: today and yesterday by their name, others by their date."""
    moment = datetime.fromtimestamp(utc / 1000, ZoneInfo(zone))
    days = None if now is None else (now.date() - moment.date()) // timedelta(days=1)
    if days in (0, 1):
        day = words["unit.today" if days == 0 else "unit.yesterday"]
        return day.format(hour=dates.hour(moment, words))
    return dates.in_words(moment, words)


load_rules(__file__)
