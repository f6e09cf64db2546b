"""The first start: what a new unit needs before its first visitor, step by step, in any order."""

from kivy.app import App
from kivy.properties import BooleanProperty, StringProperty

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

    says = StringProperty("")
    more = StringProperty("")

    def refresh(self) -> None:
        """Take what the card is."""
        super().refresh()
        board, words = self.desk.staff.board, App.get_running_app().words
        wrong = board.card
        if wrong is not None:
            self.says, self.more = (
                words["first_start.wrong"],
                words[wrong.key].format(**wrong.values),
            )
            return
        key = {"unit": "new", "spare": "spare", "nameless": "nameless"}[board.kind]
        self.says, self.more = words[f"first_start.{key}"], words[f"first_start.{key}_more"]


MARKS = {"well": "check_circle", "look": "warning"}


class StartStep(Action):
    """One of the steps, marked when it is done, or looked at and not well."""

    mark = StringProperty("unknown")


class FirstStart(DeskScreen):
    """Shows which steps are done; each may be done again, and none must be."""

    ready = BooleanProperty(False)
    """Whether all of them are."""
    note = StringProperty("")

    _shown: object = None

    def refresh(self) -> None:
        """Take what is done."""
        super().refresh()
        wrong, words = self.desk.staff.board.card, App.get_running_app().words
        self.note = words[wrong.key].format(**wrong.values) if wrong else words["first_start.note"]
        steps = self.desk.staff.board.steps()
        self.ready = set(steps.values()) == {"well"}
        if steps == self._shown:
            return
        self._shown = steps
        self.ids.steps.clear_widgets()
        for number, (name, pictogram) in enumerate(STEPS.items(), 2):
            step = StartStep(
                text=f"{number}. {words[f'first_start.{name}']}",
                pictogram=MARKS.get(steps[name], pictogram),
                mark=steps[name],
            )
            step.bind(on_release=lambda _, touch=name: self.touch(touch))
            self.ids.steps.add_widget(step)


load_rules(__file__)
