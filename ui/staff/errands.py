"""What staff ask of the system's one-shots: a copy on a stick, the state for a technician. No Kivy.

A report becomes an event as soon as it is read: it travels when the network returns, and is in
every copy.
"""

from datetime import datetime
from typing import Any

import msgspec

from appliance.carrying import errands
from appliance.errors import JournalRefused
from appliance.identity import files
from protocol import __version__
from protocol.event import MAX_BODY
from protocol.events import encode_body
from protocol.unit import Reported

from ..doors import DOORS
from ..house import House
from ..models import errand as model
from ..models.errand import Standing
from ..models.panel import Panel, changed
from ..part import Part
from ..text import catalogue, dates
from .day import Day

PROCESSES = ("vehicle", "uplink", "keeper")
LINE, LINES, FAULTS = 160, 40, 10
"""Characters of a line, and how many of each an event holds at the most."""


class Errand:
    """One of them, from the wish to its answer."""

    def __init__(self, house: House, name: errands.Name) -> None:
        self._house, self._name = house, name
        self._wish, self._asked = "", None
        self._seen: tuple[int, int, int] | None = None
        """State of the file that `_told` was read from."""
        self._told: dict[str, Any] | None = None

    _asked: float | None

    def ask(self, **told: str) -> None:
        """Raises OperatorError when the wish cannot be left."""
        self._wish = errands.ask(self._house.run, self._name, **told)
        self._asked, self._seen, self._told = self._house.now(), None, None

    def answer(self) -> dict[str, Any] | None:
        """What came of it so far. Asked each second: read when there is something new."""
        if self._asked is None or self._house.now() - self._asked > errands.REMEMBERED:
            return None
        state = files.state(errands.told(self._house.run, self._name))
        if state != self._seen:
            self._seen = state
            self._told = errands.answered(self._house.run, self._name, self._wish)
        return self._told

    def standing(self) -> Standing:
        """For the page."""
        return model.standing(self._asked, self._house.now(), self.answer())

    def forget(self) -> None:
        """Nobody waits for it any more."""
        self._wish, self._asked, self._seen, self._told = "", None, None, None


class Errands(Part):
    """Both of them, each with its page."""

    def __init__(self, house: House, day: Day) -> None:
        self._house, self._day = house, day
        self._copy, self._report = Errand(house, "copy"), Errand(house, "report")
        self._kept = Standing()
        """Of the report, once its lines are read: done, or refused by the card."""

    def touched(self, panel: Panel, touch: str, value: str) -> Panel | None:
        if (panel.screen, touch) == ("copy", "go"):
            self._ask_copy()
        elif (panel.screen, touch) == ("report", "go"):
            self._kept = Standing()
            self._report.ask()
        else:
            return None
        return changed(panel, refused=False)

    def follow(self, panel: Panel) -> None:
        if panel.screen != "copy":
            self._copy.forget()
        if panel.screen != "report":
            self._kept = Standing()

    def step(self, now: float, panel: Panel) -> Panel:
        self._keep_report()
        return panel

    def standing(self, screen: str) -> Standing:
        """Of the errand of that page."""
        if screen == "copy":
            return self._copy.standing()
        return self._kept if self._kept.stage != "ask" else self._report.standing()

    def _ask_copy(self) -> None:
        local = self._house.local_time()
        when = f"{local:%Y-%m-%d-%H%M}" if local else ""
        self._copy.ask(when=when, text=self._text(local)[: errands.MAX_TEXT])

    def _text(self, local: datetime | None) -> str:
        """What stands beside the copy, for whoever finds only that."""
        words = catalogue.load("fr")
        labels = ((door.code, words[f"door.{door.code}"]) for door in DOORS)
        date = dates.in_words(local, words) if local else ""
        return model.plain(
            (self._house.config.unit.vehicle_name, date, words["copy.sheet"]),
            self._day.sheet(labels, words),
            few=words["copy.few"],
        )

    def _keep_report(self) -> None:
        told = self._report.answer()
        if told is None or told.get("state") != "done":
            return
        self._report.forget()
        try:
            self._house.keep(reported(self._faults(), told.get("lines") or []))
        except JournalRefused:
            self._kept = Standing("failed", "refused")
        else:
            self._kept = Standing("done")

    def _faults(self) -> list[str]:
        words = [self._house.says(process) or {} for process in PROCESSES]
        return [str(fault) for word in words for fault in word.get("faults") or ()]


def reported(faults: list[str], lines: list[str]) -> Reported:
    """As much as an event holds: the first faults, the last lines."""
    event = Reported(version=__version__, faults=tuple(f[:LINE] for f in faults[:FAULTS]))
    told = tuple(str(line)[:LINE] for line in lines[-LINES:])
    while True:
        event = msgspec.structs.replace(event, lines=told)
        if not told or len(encode_body(event)) <= MAX_BODY:
            return event
        told = told[1:]
