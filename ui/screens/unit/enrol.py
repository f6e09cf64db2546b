"""The code on the printed sheet, typed once: the unit asks the federation who it is."""

from kivy.app import App
from kivy.properties import BooleanProperty, StringProperty

from ...models.errand import in_fours
from ...widgets.rules import load_rules
from ..base import DeskScreen

NOTES = {
    "": "enrol.silent",
    "none": "enrol.none",
    "waiting": "enrol.waiting",
    "enrolled": "enrol.enrolled",
}


class Enrol(DeskScreen):
    """Asks the desk each second how far it has come."""

    typed = StringProperty("")
    note = StringProperty("")
    full = BooleanProperty(False)
    enrolled = BooleanProperty(False)

    def refresh(self) -> None:
        """Take what was typed, and what came of the last one."""
        super().refresh()
        board, words = self.desk.staff.board, App.get_running_app().words
        self.typed, self.full = in_fours(board.code), board.code_is_full
        self.enrolled = board.enrolment == "enrolled"
        self.note = words[self._note(board.enrolment, given=board.is_given)]

    def _note(self, enrolment: str, *, given: bool) -> str:
        if self.state.refused:
            return "driver.refused"
        if enrolment in NOTES:
            return NOTES[enrolment]
        if not given:
            return "enrol.type"
        return "enrol.refused" if enrolment == "refused" else "enrol.asking"


load_rules(__file__)
