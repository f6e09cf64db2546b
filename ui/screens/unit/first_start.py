"""The first start: what a new unit needs before its first visitor, step by step, in any order."""

from kivy.app import App
from kivy.properties import BooleanProperty

from ...widgets.buttons import Action
from ...widgets.rules import load_rules
from ..base import DeskScreen

STEPS = {
    "languages": "translate",
    "settings": "volume_up",
    "enrol": "badge",
    "diagnostics": "satellite_alt",
}
"""Touch → pictogram; the PIN was the first step, or nobody would be here."""


class NewUnit(DeskScreen):
    """What a new unit says when it is switched on, before anybody has a PIN."""


class StartStep(Action):
    """One of the steps; done, it is marked so."""

    done = BooleanProperty(False)


class FirstStart(DeskScreen):
    """Shows which steps are done; each may be done again."""

    _shown: frozenset[str] | None = None

    def refresh(self) -> None:
        """Take what is done."""
        super().refresh()
        done = self.desk.staff.board.steps_done()
        if done == self._shown:
            return
        self._shown = done
        self.ids.steps.clear_widgets()
        words = App.get_running_app().words
        for number, (name, pictogram) in enumerate(STEPS.items(), 2):
            step = StartStep(
                text=f"{number}. {words[f'first_start.{name}']}",
                pictogram="check_circle" if name in done else pictogram,
                done=name in done,
            )
            step.bind(on_release=lambda _, touch=name: self.touch(touch))
            self.ids.steps.add_widget(step)


load_rules(__file__)
