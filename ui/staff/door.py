"""The staff's door: the PIN, today's list, the end of the day. Knows no Kivy; the vault decides.

What takes a moment is `due` first, and done by `work` once the screen has said so.
"""

import logging

import msgspec

from appliance import device_secret
from appliance.errors import JournalRefused, OperatorError
from appliance.vault import Outcome, RosterView, Sealer, Vault
from appliance.vault.pins import KDF
from appliance.vehicle import documents
from protocol.documents import Programme, Roster, Settings

from .. import memory
from ..house import House
from ..models import closing, moves, tally
from ..models import staff as model
from ..models.closing import Left
from ..models.panel import Panel
from ..models.staff import Pad, Safety
from ..part import Part
from .animation import Animation
from .author import Author
from .board import Board
from .day import Day
from .errands import Errands
from .moment import recalled
from .queue import Queue
from .visits import Visits

log = logging.getLogger("staff")

LEFT_ALONE = 120.0
"""Seconds without a touch after which the PIN is asked for again, however long the page stays."""
LOOKED_EACH = 60.0
"""Seconds between two looks at the settings, the day's age, the keys."""
NOTES: dict[Outcome, str] = {"wrong": "pin.wrong", "wait": ""}
"""Key of what is said then; how long to wait is told apart."""
FULL = "driver.refused"
"""Key of the sentence for a card that takes nothing."""


class Staff(Part):
    """Told what is typed; `pad` is what to show of it."""

    kdf = KDF
    """What argon2id is told."""

    def __init__(self, house: House) -> None:
        config = house.config
        secret = device_secret.read(config.security.device_secret)
        self._house, unit = house, config.unit
        self.vault = Vault(house.journal, unit=unit.id, zone=unit.zone, secret=secret, kdf=self.kdf)
        self.sealer = Sealer(unit.id, house.data)
        self.pad, self.challenge = Pad(), ""
        self.due = False
        """Whether `work` has something to do."""
        self._looked, self._seen = float("-inf"), house.now()
        self._moment = moment = recalled(house.run)
        house.trial = moment.trial
        self.day, self.signing = Day(house), Author(house, self._asked)
        self.queue = Queue(house, self.day, moment)
        self.visits = Visits(house, self.day, self.author)
        self.animation = Animation(house, moment, self.author)
        self.board, self.errands = Board(house, self.vault, self.sealer), Errands(house, self.day)
        self.parts: tuple[Part, ...] = (
            *(self.signing, self.queue, self.visits, self.animation),
            *(self.board, self.errands),
        )
        """One per subject, asked in this order."""

    def author(self) -> str:
        """Initials of whoever is in, to be stamped on what they note; empty: not said."""
        return self.signing.initials

    @property
    def faults(self) -> list[str]:
        """For whoever mends it, at the federation too."""
        return [self.sealer.fault] if self.sealer.fault else []

    def touched(self, panel: Panel, touch: str, value: str) -> Panel | None:
        self._seen = self._house.now()
        if moves.is_inside(panel) and not self.vault.is_open and touch != "done":
            return Panel(screen="pin")
        if (panel.screen, touch) == ("closing", "yes"):
            self.end_day()
            return Panel(screen="day_over")
        if touch == "trial" and panel.screen in moves.INSIDE:
            self._rehearses(not self._house.trial)
            return panel
        return self._asked(panel, touch, value)

    def _asked(self, panel: Panel, touch: str, value: str) -> Panel | None:
        asked = (part.touched(panel, touch, value) for part in self.parts)
        return next((after for after in asked if after is not None), None)

    def follow(self, panel: Panel) -> None:
        self.due, self._seen = False, self._house.now()
        for part in self.parts:
            part.follow(panel)
        if panel.screen == "pin":
            self._ask_pin()
        elif panel.screen == "reset":
            self.vault.lock()
            self._ask_code()
        elif not moves.is_inside(panel):
            self.vault.lock()
            self.pad, self.challenge = Pad(), ""

    def press(self, key: str) -> None:
        """A key of the pad."""
        self._seen = self._house.now()
        if self.due:
            return
        self.pad = model.pressed(self.pad, key)
        if self.pad.is_full:
            self.pad = model.settled(self.pad)
            self.due = self.pad.is_full

    def work(self, panel: Panel) -> Panel:
        """Looks at what was typed, which takes up to a second; the panel that comes of it."""
        self.due = False
        try:
            return self._looked_at(self.pad, panel)
        except JournalRefused as refused:
            self._say(FULL, refused)
            return panel

    def wait_left(self) -> float:
        """Seconds until another try may be made."""
        return self.vault.wait_left("code" if self.pad.aim == "answer" else "pin")

    def roster(self) -> RosterView:
        """Today's list, while somebody is in."""
        return self.vault.roster(documents.read(self._house.uplink, "roster", Roster))

    def pages(self, view: RosterView) -> list[model.Page]:
        """The list in pages, under the workshops' titles."""
        programme = documents.read(self._house.uplink, "programme", Programme)
        return model.pages(view.lines, {each.id: each.title for each in programme.workshops})

    def end_day(self) -> None:
        """The day's last word is kept, today's names are gone. Raises OperatorError."""
        house = self._house
        self.animation.settle()
        now, anchor = house.stamp(), house.journal.anchor
        closed = memory.day_over(house.journal.path, now, anchor, house.zone)
        self.vault.end_day(msgspec.structs.replace(closed, author=self.author()))
        self.queue.forget()
        self.visits.forget()
        self._rehearses(False)

    def left(self, missing: int, untold: int) -> tuple[Left, ...]:
        """What somebody may want to do before the day is closed.

        `missing`: lines of attendance that nobody filled in; `untold`: who moved up and does
        not know it.
        """
        return closing.left(
            waiting=len(self.queue.waiting()),
            to_note=len(self.visits.received()),
            missing=missing,
            untold=untold,
            counted=tally.people(self.animation.counts),
            trial=self._house.trial,
        )

    def safety(self) -> Safety:
        """How well names are kept just now."""
        house, strict = self._house, self.vault.is_strict
        uplink, utc = house.says("uplink"), house.stamp().utc
        return model.safety(self.sealer.trouble, strict=strict, uplink=uplink, utc=utc)

    def step(self, now: float, panel: Panel) -> Panel:
        """Each part in turn; once a minute the settings, the day's age, the keys."""
        for part in self.parts:
            panel = part.step(now, panel)
        if now - self._seen >= LEFT_ALONE and moves.is_inside(panel):
            self.vault.lock()
        if now - self._looked < LOOKED_EACH:
            return panel
        self._looked = now
        self._house.learn_time()
        self.sealer.step(now)
        try:
            self._look_at_the_day()
        except JournalRefused as refused:
            log.warning("the day's key was not looked after: %s", refused)
        return panel if self.vault.has_pin else moves.put_out(panel)

    def _look_at_the_day(self) -> None:
        """A day that nobody closed ends too, and what was rehearsed and half counted with it."""
        before = self.vault.day_key
        self.vault.step()
        self.vault.reset_by(documents.read(self._house.uplink, "settings", Settings).pin_reset)
        if before and self.vault.day_key != before:
            self._rehearses(False)

    def _rehearses(self, trial: bool) -> None:
        """Trial mode begins or ends: it outlives a new beginning of the screen, and no day.

        What was half counted in the one is noted there: it is not of the other.
        """
        self.animation.settle()
        self._house.trial = self._moment.trial = trial
        self._moment.keep(self._house.run)

    def _ask_pin(self) -> None:
        wants_another = self.vault.is_open or not self.vault.has_pin
        note = "pin.elsewhere" if self.vault.is_elsewhere else ""
        self.pad, self.challenge = Pad(aim="choose" if wants_another else "enter", note=note), ""

    def _ask_code(self) -> None:
        self.pad = Pad(aim="answer")
        try:
            self.challenge = self.vault.challenge()
        except JournalRefused as refused:
            self._say(FULL, refused)

    def _looked_at(self, pad: Pad, panel: Panel) -> Panel:
        if pad.aim == "answer":
            return self._answered(pad.typed, panel)
        if pad.aim == "confirm":
            self.vault.choose(pad.typed)
            return self.board.let_in(moves.let_in(panel))
        outcome = self.vault.unlock(pad.typed)
        if outcome == "right":
            return moves.let_in(panel)
        elsewhere = self.vault.is_elsewhere
        self.pad = model.emptied(pad, "pin.elsewhere" if elsewhere else NOTES[outcome])
        return panel

    def _answered(self, said: str, panel: Panel) -> Panel:
        try:
            outcome = self.vault.answer(said, self.sealer.reset_secret())
        except JournalRefused:
            raise
        except OperatorError as error:
            self._say("reset.impossible", error)
            return panel
        if outcome == "right":
            return moves.moved(panel, "back")
        self.pad = model.emptied(self.pad, "reset.wrong" if outcome == "wrong" else "")
        return panel

    def _say(self, note: str, why: OperatorError) -> None:
        log.warning("not done: %s", why)
        self.pad = model.emptied(self.pad, note)
