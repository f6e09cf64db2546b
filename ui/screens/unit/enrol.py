"""The code on the printed sheet, typed once; then how far the federation has come with it."""

from kivy.app import App
from kivy.properties import BooleanProperty, StringProperty

from ...models.errand import in_fours
from ...widgets.keypad import Keypad
from ...widgets.rules import load_rules
from ...widgets.surfaces import Card
from ..base import DeskScreen

PICTOGRAMS = {
    "none": "sd_card_alert",
    "asking": "hourglass_top",
    "waiting": "support_agent",
    "enrolled": "verified_user",
    "silent": "sync_problem",
}


class CodeKeys(Keypad):
    """The letters of a code: none of them is mistaken for another."""


class Told(Card):
    """How it stands, in large, where else the keys are."""

    pictogram = StringProperty("")
    says = StringProperty("")
    more = StringProperty("")
    well = BooleanProperty(False)


class Enrol(DeskScreen):
    """Asks the desk each second."""

    typed = StringProperty("")
    note = StringProperty("")
    full = BooleanProperty(False)
    types = BooleanProperty(True)
    """Whether a code is wanted."""

    _shown: str | None = None

    def refresh(self) -> None:
        """Take what was typed, and what came of the last one."""
        super().refresh()
        board, words = self.desk.staff.board, App.get_running_app().words
        self.typed, self.full = in_fours(board.code), board.code_is_full
        refused = board.is_given and board.enrolment == "refused"
        asks = "enrol.type" if board.kind == "unit" else "enrol.type_spare"
        note = "enrol.refused" if refused else asks
        self.note = words["driver.refused" if self.state.refused else note]
        state = board.enrolment or "silent"
        self.types = state == "refused" or (state == "asking" and not board.is_given)
        shown = "" if self.types else state
        if shown != self._shown:
            self._shown = shown
            self.ids.room.clear_widgets()
            self.ids.room.add_widget(self._told(shown) if shown else self._keys())

    def _keys(self) -> Keypad:
        keys = CodeKeys()
        keys.bind(on_key=lambda _, key: self.touch("key", key))
        return keys

    def _told(self, state: str) -> Told:
        words = App.get_running_app().words
        return Told(
            pictogram=PICTOGRAMS[state],
            says=words[f"enrol.{state}"],
            more=words[f"enrol.{state}_more"],
            well=state == "enrolled",
        )


load_rules(__file__)
