"""Today's list and how well it is kept, for staff alone."""

from datetime import UTC, datetime

from kivy.app import App
from kivy.properties import ListProperty, NumericProperty, StringProperty
from kivy.uix.widget import Widget

from appliance.vault import RosterView
from protocol.documents import RosterLine

from ...models.home import shortened
from ...models.staff import LINES_A_PAGE, Page, Safety
from ...widgets.layout import Row
from ...widgets.rules import load_rules
from ..base import DeskScreen

OPENED_EACH = 10.0
"""Seconds after which the federation may have sent another list."""
TITLE = 30
"""Letters of a title that fit beside the arrows."""
TROUBLES = {"not_enrolled": "staff.not_enrolled", "not_trusted": "staff.not_trusted"}
CERTIFICATES = {
    "unknown": "staff.certificate_unknown",
    "valid": "staff.certificate_valid",
    "over": "staff.certificate_over",
}


class Line(Row):
    """One sign-up."""

    number = StringProperty("")
    first_name = StringProperty("")
    phone = StringProperty("")
    seats = StringProperty("")


class TodaysList(DeskScreen):
    """Opens the list when something changed; is empty as soon as nobody is in."""

    page = NumericProperty(0)
    count = NumericProperty(1)
    title = StringProperty("")
    why_empty = StringProperty("")
    """Instead of lines."""
    safety = ListProperty()
    """Sentences."""
    warnings = ListProperty()
    """Those of them that must not be missed."""

    _shown: tuple[RosterLine, ...] | None = None
    _known: object = None
    """When the list was last opened."""
    _view: RosterView | None = None

    def refresh(self) -> None:
        """Take today's list as it is now."""
        super().refresh()
        staff, words = self.desk.staff, App.get_running_app().words
        view = self._opened()
        pages = staff.pages(view) or [Page("")]
        self.count = len(pages)
        self.page = min(self.page, self.count - 1)
        self.title = shortened(pages[self.page].title, TITLE) or words["staff.list"]
        self.why_empty = "" if view.lines else words["staff.gone" if view.gone else "staff.nobody"]
        self._show(pages[self.page].lines, words)
        safety = self.desk.staff.safety()
        self.safety = sentences(safety, words)
        gone = [words["staff.partly_gone"]] if view.gone and view.lines else []
        self.warnings = [*gone, *(self.safety[:2] if safety.trouble else [])]

    def turn(self, pages: int) -> None:
        """To another page; after the last comes the first."""
        self.page = (self.page + pages) % self.count
        self.refresh()

    def on_leave(self, *_: object) -> None:
        """Names do not wait in a screen that is out of sight."""
        self.page, self._known, self._view = 0, None, None
        self._show((), {})

    def _opened(self) -> RosterView:
        """Today's list, opened anew when a word was kept or some seconds have passed."""
        house, is_in = self.desk.house, self.desk.staff.vault.is_open
        known = house.journal.epoch, house.journal.head, is_in, house.now() // OPENED_EACH
        if self._view is None or known != self._known:
            self._known, self._view = known, self.desk.attendance.list()
        return self._view

    def _show(self, lines: tuple[RosterLine, ...], words: dict[str, str]) -> None:
        if lines == self._shown:
            return
        self._shown = lines
        self.ids.lines.clear_widgets()
        for line in lines:
            self.ids.lines.add_widget(
                Line(
                    number=str(line.number),
                    first_name=line.first_name,
                    phone=line.phone,
                    seats=seats(line, words),
                )
            )
        for _ in range(LINES_A_PAGE - len(lines) if lines else 0):
            self.ids.lines.add_widget(Widget())


def seats(line: RosterLine, words: dict[str, str]) -> str:
    """How many come, and how many of them wait."""
    sure = line.seats - line.waiting
    told = [words["staff.seat" if sure == 1 else "staff.seats"].format(count=sure)] if sure else []
    told += [words["staff.waiting"].format(count=line.waiting)] if line.waiting else []
    return "\n".join(told)


def sentences(safety: Safety, words: dict[str, str]) -> list[str]:
    """What the safety of names means, in plain words."""
    told = [words["staff.sealed"]]
    if safety.trouble:
        told = [words["staff.unsealed"], words[TROUBLES[safety.trouble]]]
    told.append(words["staff.strict" if safety.strict else "staff.resume"])
    until = datetime.fromtimestamp(safety.until / 1000, UTC)
    told.append(words[CERTIFICATES[safety.certificate]].format(date=f"{until:%d/%m/%Y}"))
    return told


load_rules(__file__)
