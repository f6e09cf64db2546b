"""What a technician looks at first, one line each; looked at again at each second and touch."""

from kivy.app import App
from kivy.properties import ListProperty, StringProperty

from ...models.board import Check
from ...text.catalogue import Words
from ...widgets.facts import Fact
from ...widgets.rules import load_rules
from ..base import DeskScreen

PICTOGRAMS = {
    "gps": "satellite_alt",
    "link": "cell_tower",
    "clock": "schedule",
    "disk": "sd_card",
    "journals": "storage",
    "names": "verified_user",
    "sound": "volume_up",
    "certificate": "workspace_premium",
}


class Diagnostics(DeskScreen):
    """Asks the desk each second."""

    version = StringProperty("")
    sky = ListProperty()
    """How strongly each satellite is heard, dBHz."""

    _shown: tuple[Check, ...] = ()

    def refresh(self) -> None:
        """Take what is known now."""
        super().refresh()
        board, words = self.desk.staff.board, App.get_running_app().words
        self.version = words["diagnostics.version"].format(version=board.version)
        self.sky = board.sky
        checks = board.checks()
        if checks != self._shown:
            self._shown = checks
            self._show(checks, words)

    def _show(self, checks: tuple[Check, ...], words: Words) -> None:
        self.ids.checks.clear_widgets()
        for check in checks:
            self.ids.checks.add_widget(
                Fact(
                    pictogram=PICTOGRAMS[check.name],
                    title=words[f"check.{check.name}"],
                    text=told(check, words),
                    mark=check.mark,
                )
            )


def told(check: Check, words: Words) -> str:
    """The sentence of a check, its values put in."""
    if "count" in check.values:
        return words.plural(check.key, int(str(check.values["count"])))
    return words[check.key].format(**check.values)


load_rules(__file__)
