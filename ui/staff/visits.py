"""Visits that staff describe: one by one, like the one before, or all that are left. No Kivy."""

from collections.abc import Callable

import msgspec

from protocol.event import Key
from protocol.visits import Cancelled, Described, Received

from ..house import House
from ..models import describing as model
from ..models.describing import Draft
from ..models.panel import Panel, changed
from ..models.today import Visit
from ..part import Part
from .day import Day

PAGES = ("describe", "choices", "strike")
"""Pages about the visits that are described."""
MISTAKE = "mistake"
"""Why a check-in is struck out, unless staff say another reason: code list `cancel_reason`."""
AUTHOR_TOO = (*PAGES, "author")


class Visits(Part):
    """A draft lives as long as its pages."""

    def __init__(self, house: House, day: Day, author: Callable[[], str]) -> None:
        self._house, self._day, self._author = house, day, author
        self.all = False
        """Whether the list shows every visit of the day."""
        self.draft, self.field = Draft(), ""
        self.shown: tuple[Visit, ...] = ()
        """What is described: one visit, or all that are left."""
        self._later = list[Key]()
        self._back = "visits"

    def listed(self) -> tuple[Visit, ...]:
        """What the list shows; what was put off comes last."""
        today, trial = self._day.today(), self._house.trial
        if self.all:
            return today.shown(trial)[::-1]
        return tuple(sorted(today.to_note(trial), key=self._place))

    def left(self) -> int:
        """How many visits nobody has described."""
        return len(self._day.today().to_note(self._house.trial))

    def received(self) -> tuple[Visit, ...]:
        """Those of them that are noted together at the end: who only waited was never helped."""
        left = self._day.today().to_note(self._house.trial)
        return tuple(visit for visit in left if visit.state == "received")

    def previous(self) -> Described | None:
        """What staff noted last today."""
        return self._day.today().last_told

    @property
    def is_bulk(self) -> bool:
        """Whether several are described at once."""
        return len(self.shown) > 1

    def touched(self, panel: Panel, touch: str, value: str) -> Panel | None:
        match panel.screen, touch:
            case "visits", "all":
                self.all = not self.all
                return panel
            case (("visits" | "queue"), "describe"):
                return self._opens(panel, self._found(value))
            case "closing", "describe":
                return self._opens(panel, self.received())
            case "describe", _:
                return self._describing(panel, touch, value)
            case "choices", "choose":
                return self._chooses(panel, value)
            case "strike", "because":
                self._strikes(value)
                return self._leaves(panel)
            case "strike", "undo":
                self._counts_again()
                return self._leaves(panel)
            case "strike", "back":
                return self._leaves(panel)
        return None

    def follow(self, panel: Panel) -> None:
        if panel.screen not in AUTHOR_TOO:
            self.draft, self.field, self.shown = Draft(), "", ()
        if panel.screen not in (*AUTHOR_TOO, "visits"):
            self.all = False

    def forget(self) -> None:
        """The day is over."""
        self._later.clear()

    def _found(self, number: str) -> tuple[Visit, ...]:
        today = self._day.today().shown(self._house.trial)
        return tuple(visit for visit in today if str(visit.number) == number)[-1:]

    def _opens(self, panel: Panel, visits: tuple[Visit, ...]) -> Panel:
        if not visits:
            return panel
        self._back, self.shown = panel.screen, visits
        # Of several visits each keeps its own theme and its own number of people.
        self.draft = model.begun(visits[0]) if len(visits) == 1 else Draft()
        return changed(panel, screen="describe", refused=False)

    def _describing(self, panel: Panel, touch: str, value: str) -> Panel | None:
        match touch:
            case "choose":
                field, _, code = value.partition(":")
                self.draft = model.chosen(self.draft, field, code)
                return panel
            case "field" if value in model.FIELDS:
                self.field = value
                return changed(panel, screen="choices")
            case "same" if (told := self.previous()) is not None:
                self.draft = model.like(self.draft, told)
                return panel
            case "later":
                self._later += [visit.key for visit in self.shown]
                return self._leaves(panel)
            case "back":
                return self._leaves(panel)
            case "strike":
                if self.is_bulk:
                    return panel
                self._strikes(MISTAKE)
                return changed(panel, screen="strike", refused=False)
            case "note":
                self._note()
                return self._leaves(panel)
        return None

    def _note(self) -> None:
        """Every one of them, or none. Whoever is described is received, too."""
        house = self._house
        with house.journal.atomic():
            for visit in self.shown:
                if visit.state == "waiting":
                    house.keep(Received(visit=visit.key))
                house.keep(self._described(visit))

    def _described(self, visit: Visit) -> Described:
        draft = self.draft
        if self.is_bulk:
            draft = model.for_all(draft, visit)
        return model.described(draft, visit.key, self._author(), visit.people)

    def _chooses(self, panel: Panel, code: str) -> Panel:
        self.draft = model.chosen(self.draft, self.field, code)
        if self.field in model.SEVERAL:
            return panel
        return changed(panel, screen="describe")

    def _strikes(self, reason: str) -> None:
        for visit in self.shown[:1]:
            word = Cancelled(visit=visit.key, reason=reason, author=self._author())
            self._house.keep(word)

    def _counts_again(self) -> None:
        """Nothing is erased: the same check-in is made anew, with all that was said of it."""
        house = self._house
        with house.journal.atomic():
            for visit in self.shown[:1]:
                again = house.keep(visit.event)
                for word in visit.words:
                    house.keep(msgspec.structs.replace(word, visit=again))

    def _leaves(self, panel: Panel) -> Panel:
        return changed(panel, screen=self._back, refused=False)

    def _place(self, visit: Visit) -> int:
        return self._later.index(visit.key) + 1 if visit.key in self._later else 0
