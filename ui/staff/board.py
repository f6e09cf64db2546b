"""The unit in staff's hands: what waits to be sent, what is set, its enrolment. Knows no Kivy.

It reads what the other processes say, and keeps what staff set; it does nothing of the unit's work.
"""

from collections.abc import Callable
from typing import Any

from appliance import runtime
from appliance.identity import typed_code
from appliance.uplink.report import Waiting, waiting
from appliance.vault import Sealer, Vault
from protocol import __version__
from protocol.enrolment import CODE_LENGTH

from .. import languages
from ..house import House
from ..models import board as model
from ..models import errand
from ..models.board import Check, Facts, Mark, Sending, Sentence
from ..models.languages import rearranged
from ..models.panel import Panel, changed
from ..part import Part
from ..text.catalogue import Words

MINUTE, HOURS = 60.0, 12 * 3600.0
"""Seconds for which a step of an update is believed to go on, and its outcome is news."""
COUNTED_EACH = 10.0
"""Seconds between two looks into the journals."""
STEPS = ("languages", "settings", "enrol", "diagnostics")
"""Of the first start, beside the PIN."""
COUNTING = ("staff", "unit")
"""Pages that tell what waits."""
PAGES = ("settings", "languages", "questions", "copy", "report", "diagnostics", "enrol")
"""Pages that lead back to where they were come from."""


class Board(Part):
    """Told of the touches on the unit's pages."""

    version = __version__

    def __init__(self, house: House, vault: Vault, sealer: Sealer) -> None:
        self._house, self._vault, self._sealer = house, vault, sealer
        self.home = "unit"
        """Where the pages lead back to: the unit's page, or the first start."""
        self.code = ""
        """Of enrolment, as far as it is typed."""
        self.is_given = False
        """Whether a code was given to the uplink since the page was opened."""
        self._begins, self._seen = False, set[str]()
        """Whether a first start is under way, and which of its steps were looked at."""
        self._counted, self._waiting = float("-inf"), Waiting(0, None, None)
        self._acts: dict[tuple[str, str], Callable[[str], None]] = {
            ("settings", "volume"): self._louder,
            ("settings", "brightness"): lambda value: self._step("brightness", value, 1),
            ("settings", "keyboard"): lambda value: house.set(keyboard=value),
            ("languages", "choose"): self._offer,
            ("questions", "choose"): self._ask,
            ("enrol", "key"): self._key,
            ("enrol", "go"): self._give,
        }

    def touched(self, panel: Panel, touch: str, value: str) -> Panel | None:
        if touch == "back" and panel.screen in PAGES:
            return changed(panel, screen=self._before(panel.screen), refused=False)
        if (panel.screen, touch) == ("new_unit", "begin"):
            self._begins = True
            return None
        if (panel.screen, touch) == ("first_start", "finish"):
            self._house.set(is_set_up=True)
            return changed(panel, screen="staff", refused=False)
        act = self._acts.get((panel.screen, touch))
        if act is None:
            return None
        act(value)
        return changed(panel, refused=False)

    def follow(self, panel: Panel) -> None:
        if panel.screen in ("unit", "first_start"):
            self.home = panel.screen
        if panel.screen in COUNTING:
            self.count()
        if panel.screen == "diagnostics":
            self._sealer.test()
        if panel.screen in STEPS and self.home == "first_start":
            self._seen.add(panel.screen)
        if panel.screen == "welcome":
            self._begins = False
        if panel.screen != "enrol":
            self.code, self.is_given = "", False

    def step(self, now: float, panel: Panel) -> Panel:
        if panel.screen in COUNTING and now - self._counted >= COUNTED_EACH:
            self.count()
        return panel

    def let_in(self, panel: Panel) -> Panel:
        """Where whoever gave the PIN goes on: at a first start, to its next step."""
        begins, self._begins = self._begins, False
        return changed(panel, screen="first_start") if begins else panel

    def steps(self) -> dict[str, Mark]:
        """Of the first start, how each of its steps is."""
        return {step: model.step(step, self._seen, self.enrolment, self.checks()) for step in STEPS}

    def order(self, of: str) -> tuple[str, ...]:
        """Of the languages or the questions: as it is in force, whoever wished for it."""
        house = self._house
        return house.settings.questions if of == "questions" else languages.offered(house)

    @property
    def is_new(self) -> bool:
        """Whether this unit was never set up, nor given a PIN, nor enrolled by hand."""
        card = self._house.first_boot
        by_hand = card.get("by_hand") if card else self._trusts
        return not (self._house.settings.is_set_up or self._vault.has_pin or by_hand)

    @property
    def kind(self) -> model.Kind:
        """What the card is so far."""
        return model.kind(self._house.config.unit.id, trusts=self._trusts)

    @property
    def card(self) -> Sentence | None:
        """What is wrong with the files that were put on the card; None: nothing."""
        return model.card(self._house.first_boot)

    @property
    def _trusts(self) -> bool:
        """Whether a bundle told it whom to believe."""
        return (self._house.data / "trust" / "root.pem").exists()

    def line(self, words: Words) -> tuple[str, bool]:
        """A few words for the home, and whether all is well."""
        told = self.sending()
        rows = told.waiting.rows
        text = words.plural("unit.line_kept", rows) if rows else words["unit.line_sent"]
        return text, told.mark == "well" and not any(c.mark == "bad" for c in self.checks())

    def count(self) -> None:
        """Look into the journals: how many rows wait, and since when."""
        self._counted = self._house.now()
        self._waiting = waiting(self._house.config, self._house.clock)

    def sending(self) -> Sending:
        """What is still on board, and why."""
        return model.sending(self._house.says("uplink"), self._waiting)

    def checks(self) -> tuple[Check, ...]:
        """Everything a technician looks at first."""
        return model.checks(
            Facts(
                vehicle=self._house.vehicle,
                uplink=self._house.says("uplink"),
                keeper=self._house.says("keeper"),
                trouble=self._sealer.trouble,
                strict=self._vault.is_strict,
                utc=self._house.stamp().utc,
                sound=self._house.voice.available,
                card=self._house.first_boot,
            )
        )

    @property
    def sky(self) -> list[int]:
        """How strongly each satellite is heard, as the vehicle says: dBHz."""
        told = (self._house.vehicle or {}).get("sky")
        return [one for one in told if isinstance(one, int)] if isinstance(told, list) else []

    @property
    def code_is_full(self) -> bool:
        """Whether all of it is typed."""
        return len(self.code) == CODE_LENGTH

    @property
    def update(self) -> Sentence | None:
        """What there is to say of a new system: while it comes, and in the hours after."""
        return model.update(
            self._lasting("update", ("refused",)), self._lasting("health", ("good", "bad"))
        )

    @property
    def enrolment(self) -> str:
        """The uplink's word: enrolled, none, asking, waiting, refused; empty: it is silent."""
        told = (self._house.says("uplink") or {}).get("enrolment")
        return told if isinstance(told, str) else ""

    def _lasting(self, process: str, states: tuple[str, ...]) -> dict[str, Any] | None:
        """The word of a step that ends: what is over is told for hours, what goes on is not."""
        told = runtime.read(self._house.run, process, max_age=HOURS)
        if told is None or told.get("state") in states:
            return told
        return runtime.read(self._house.run, process, max_age=MINUTE)

    def _before(self, screen: str) -> str:
        inner = screen in ("languages", "questions") and self.home == "unit"
        return "settings" if inner else self.home

    def _louder(self, value: str) -> None:
        """And let it be heard."""
        self._step("volume", value, 0)
        self._house.voice.name("")

    def _step(self, name: str, value: str, least: int) -> None:
        level = getattr(self._house.settings, name) + int(value)
        self._house.set(**{name: min(10, max(least, level))})

    def _offer(self, language: str) -> None:
        self._house.set(languages=rearranged(self.order("languages"), language))

    def _ask(self, question: str) -> None:
        self._house.set(questions=model.toggled(self.order("questions"), question))

    def _key(self, key: str) -> None:
        self.code = errand.spelt(self.code, key)

    def _give(self, _value: str) -> None:
        typed_code.give(self._house.run, self.code)
        self.code, self.is_given = "", True
