"""A copy on a stick, or the state for a technician: asked for, under way, done, or why not."""

from kivy.app import App
from kivy.properties import BooleanProperty, StringProperty

from ...widgets.rules import load_rules
from ..base import DeskScreen

PICTOGRAMS = {
    "copy": {"ask": "usb_key", "working": "hourglass_top", "done": "task_alt"},
    "report": {"ask": "support_agent", "working": "hourglass_top", "done": "task_alt"},
}
FAILED = "warning"


class Errand(DeskScreen):
    """Named after the errand; asks the desk each second how it stands."""

    title = StringProperty("")
    pictogram = StringProperty("usb_key")
    says = StringProperty("")
    more = StringProperty("")
    button = StringProperty("")
    """Empty: there is nothing to touch just now."""
    done = BooleanProperty(False)
    failed = BooleanProperty(False)

    def refresh(self) -> None:
        """Take how it stands."""
        super().refresh()
        stage, why = self.desk.staff.errands.standing(self.name)
        if self.state.refused:
            stage, why = "failed", "refused"
        words, told = App.get_running_app().words, why or stage
        self.title = words[f"{self.name}.title"]
        self.says = words[f"{self.name}.{told}"]
        self.more = words[f"{self.name}.{told}_more"]
        self.failed = bool(why) or stage == "silent"
        self.pictogram = FAILED if self.failed else PICTOGRAMS[self.name][stage]
        self.done = stage == "done"
        self.button = "" if stage == "working" else words[self._button(stage)]

    def go(self) -> None:
        """Ask for it, or leave when it is done."""
        self.touch("back" if self.done else "go")

    def _button(self, stage: str) -> str:
        if stage == "done":
            return "unit.back"
        return f"{self.name}.go" if stage == "ask" else "unit.again"


load_rules(__file__)
