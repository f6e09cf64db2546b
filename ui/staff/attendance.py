"""Workshops in staff's hands: who is awaited, who came, who is to be called. Knows no Kivy.

Names are in `sheet` and `calls` alone, read anew at each touch and gone with the pages.
"""

import logging
from collections.abc import Callable
from functools import partial

from appliance.errors import OperatorError
from appliance.vault import RosterView
from protocol.documents import RosterLine
from protocol.event import Key
from protocol.workshops import Attended, Called, Cancelled, Changed

from ..house import House
from ..models import attendance as model
from ..models import near as near_model
from ..models import sign_up
from ..models.attendance import Line, Sheet
from ..models.near import Near
from ..models.panel import Panel, changed
from ..part import Part
from ..seats import Seats

log = logging.getLogger("staff")

PAGES = ("attendance", "roll", "place", "hand_back", "to_call")
COUNTED = ("staff", "closing")
"""Pages that tell how many lines are still to be filled in."""
LOOKED_EACH = 10.0
"""Seconds between two looks while one of those is shown: a look opens every envelope."""


class Attendance(Part):
    """`roster`: today's list in clear, an empty one while nobody is in."""

    def __init__(
        self,
        house: House,
        seats: Seats,
        roster: Callable[[], RosterView],
        author: Callable[[], str],
    ) -> None:
        self._house, self._seats, self._roster, self._author = house, seats, roster, author
        self.workshop = ""
        """Id of the one whose sheet is open."""
        self.workshops: tuple[Near, ...] = ()
        self.sheet, self.calls = Sheet(), tuple[Line, ...]()
        self._chosen: Line | None = None
        self._looked = float("-inf")
        self._is_told = False
        """Whether the log has it that no sheet can be read."""

    @property
    def line(self) -> Line | None:
        """Whose page is open, as it stands now; None: nobody's, or the place was given back."""
        chosen = self._chosen
        return next((each for each in self.sheet.lines if chosen and each.is_of(chosen)), None)

    @property
    def near(self) -> Near | None:
        """The workshop whose sheet is open."""
        return next((each for each in self.workshops if each.id == self.workshop), None)

    @property
    def missing(self) -> int:
        """Lines of today's sheets that nobody has filled in, when it was last looked at."""
        return sum(each.missing for each in self.workshops)

    def untold(self) -> int:
        """How many sign-ups moved up and do not know it yet."""
        return len(self._seats.to_call())

    def list(self) -> RosterView:
        """Today's list, as it stands now; an empty one while nobody is in."""
        view, unit = self._roster(), self._house.config.unit.id
        lines = model.as_they_stand(view.lines, self._seats.standings, unit)
        return view._replace(lines=lines)

    def touched(self, panel: Panel, touch: str, value: str) -> Panel | None:
        match panel.screen, touch:
            case "attendance", "open":
                self.workshop = value
                after = changed(panel, screen="roll")
            case "roll", "place":
                self._chosen = self.sheet.lines[int(value)]
                after = changed(panel, screen="place")
            case "roll", "sign_up":
                return sign_up.begun(self.workshop)
            case ("people", "back") | (("signed_up" | "sorry"), "done") if panel.by_staff:
                after = sign_up.SHEET
            case page, _ if page in PAGES and self._notes(page, touch, value):
                after = changed(panel, refused=False)
            case _:
                return None
        self._look()
        is_gone = after.screen in ("place", "hand_back") and self.line is None
        return changed(after, screen="roll") if is_gone else after

    def follow(self, panel: Panel) -> None:
        if panel.screen in PAGES:
            self._look()
        else:
            self.sheet, self.calls, self._chosen = Sheet(), (), None
            self.workshop = panel.workshop if panel.by_staff else ""
        if panel.screen in COUNTED:
            self._count()

    def step(self, now: float, panel: Panel) -> Panel:
        if panel.screen in COUNTED and now - self._looked >= LOOKED_EACH:
            self._count()
        return panel

    def _notes(self, screen: str, touch: str, value: str) -> bool:
        """Whether the touch was a word to keep, and it is kept."""
        if screen == "to_call" and touch in ("told", "missed"):
            self._called(self.calls[int(value)], reached=touch == "told")
        elif screen == "roll" and touch in ("seen", "noshow"):
            self._marks(self.sheet.lines[int(value)], touch)
        elif screen == "roll" and touch in ("walk_in", "walk_out"):
            self._walks(comes=touch == "walk_in")
        elif screen == "place" and self.line is not None:
            return self._place(self.line, touch, value)
        elif (screen, touch) == ("hand_back", "yes") and self.line and self.line.can_go:
            self._seats.keep(Cancelled(sign_up=self.line.sign_up))
        else:
            return False
        return True

    def _place(self, line: Line, touch: str, value: str) -> bool:
        if touch in ("seen", "noshow", "excused", "revoked"):
            self._marks(line, touch)
        elif touch == "came":
            self._marks(line, "seen", int(value))
        elif line.unit is not None:
            return False  # seats of another vehicle are changed there
        elif touch == "people":
            self._changes(line, int(value))
        elif touch == "seat":
            self._seats_someone(line)
        else:
            return False
        return True

    def _marks(self, line: Line, status: str, came: int | None = None) -> None:
        self._house.keep(model.word(self.workshop, line, status, came, self._author()))

    def _walks(self, *, comes: bool) -> None:
        about = {"workshop": self.workshop, "author": self._author()}
        if comes:
            self._house.keep(Attended(status="seen", **about))
        elif self.sheet.walk_ins:
            last = self.sheet.walk_ins[-1]
            self._house.keep(Attended(status=model.NOT_TOLD, corrects=last, **about))

    def _changes(self, line: Line, people: int) -> None:
        """More people than there are seats wait; fewer give back what waits first."""
        if people < 1:
            return
        self._look()  # a visitor may have taken seats since
        free = self._free()
        held = min(people, line.people - line.waiting + max(0, free))
        self._seats.keep(
            Changed(sign_up=line.sign_up, seats=people, waiting=people - held, cause="asked")
        )

    def _seats_someone(self, line: Line) -> None:
        """A group that agreed to it gets the seats there are, the rest wait on."""
        given = min(line.waiting, max(0, self._free()))
        if given:
            waiting = line.waiting - given
            self._seats.keep(
                Changed(sign_up=line.sign_up, seats=line.people, waiting=waiting, cause="asked")
            )

    def _free(self) -> int:
        return self.near.seats - self.near.taken if self.near else 0

    def _called(self, line: Line, *, reached: bool) -> None:
        said = Called(sign_up=line.sign_up, reached=reached, author=self._author())
        self._house.keep(said)

    def _look(self) -> None:
        """Take all as it is now; as it was, while it cannot be read."""
        lines = self._count()
        self.sheet = self._sheet(self.workshop, lines) if self.workshop else Sheet()
        self.calls = tuple(self._line(key, lines) for key in self._seats.to_call())

    def _count(self) -> tuple[RosterLine, ...]:
        """The workshops in numbers; today's list, which is opened once for all of them."""
        self._looked = self._house.now()
        self._read()
        lines, seats = self._roster().lines, self._seats
        sheets, utc = partial(self._sheet, lines=lines), self._house.stamp().utc
        self.workshops = near_model.near(seats.programme, seats.standings, sheets, utc)
        return lines

    def _read(self) -> None:
        try:
            self._seats.look()
            self._is_told = False
        except OperatorError as error:
            if not self._is_told:
                log.warning("no sheet can be read: %s", error)
            self._is_told = True

    def _sheet(self, workshop: str, lines: tuple[RosterLine, ...]) -> Sheet:
        seats, unit = self._seats, self._house.config.unit.id
        return model.sheet(workshop, seats.standings, lines, seats.told, unit)

    def _line(self, key: Key, lines: tuple[RosterLine, ...]) -> Line:
        """Whoever is to be called, with the name where it is known on board."""
        workshop = self._seats.standings[key].event.workshop
        found = (line for line in self._sheet(workshop, lines).lines if line.sign_up == key)
        return next(line for line in found if line.unit is None)
