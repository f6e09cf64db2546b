"""Touches at random, mostly on buttons, while time passes and the van drives on and stops."""

import gc
import random
import resource
from collections import Counter
from pathlib import Path
from typing import Any

from protocol.documents import RosterLine

PIN = "482193"


class Monkey:
    """Works on a stage of the gallery; gives it back with `close`."""

    def __init__(self, stage: Any, seed: int) -> None:
        from kivy.core.window import Window

        from ui.gallery.workshops import PROGRAMME

        self.stage, self.chance, self.window = stage, random.Random(seed), Window
        self.seen = Counter[str]()
        """How often a touch met each page."""
        stage.knows_time()
        stage.sends("programme", PROGRAMME)
        stage.desk.staff.vault.choose(PIN)
        stage.desk.staff.vault.add(RosterLine(workshop="cv", number=1, first_name="Zoé"))
        Window.bind(on_draw=self._undrawn)

    def close(self) -> None:
        self.window.unbind(on_draw=self._undrawn)

    def touches(self, times: int, *, seconds_each: float) -> None:
        """That many, so many seconds after each other in the mean."""
        for _ in range(times):
            self._waits(self.chance.expovariate(1 / seconds_each))
            self.seen[self.stage.desk.panel.screen] += 1
            if self.stage.desk.panel.screen == "pin" and self.chance.random() < 0.5:
                self._gives_the_pin()
            elif self.stage.desk.panel.screen == "welcome" and self.chance.random() < 0.3:
                self._holds()
            elif self.chance.random() < 0.8:
                self._touches_something()
            else:
                self._touches_at(
                    self.chance.uniform(0, self.window.width),
                    self.chance.uniform(0, self.window.height),
                )
            if self.chance.random() < 0.01:
                self._drives_a_little()

    def at_rest(self) -> tuple[int, int]:
        """Bytes of memory, and widgets that no page holds, with nobody at the panel."""
        from kivy.uix.widget import Widget

        from ui.models.panel import Panel

        self.stage.show(Panel())
        self.stage.pump()
        gc.collect()
        root = self.stage.app.root
        held = {id(each) for screen in root.ids.manager.screens for each in screen.walk()}
        held |= {id(each) for each in root.walk()}
        loose = [each for each in gc.get_objects() if issubclass(type(each), Widget)]
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * resource.getpagesize(), sum(id(each) not in held for each in loose)

    def _undrawn(self, _window: object) -> bool:
        """What costs most of a frame is not what is looked for here."""
        return True

    def _waits(self, seconds: float) -> None:
        self.stage.passes(seconds)

    def _touches_something(self) -> None:
        from ui.gallery.lint import buttons

        root = self.stage.app.root
        found = buttons(root)
        if len(found) > 1 and self.chance.random() < 0.9:
            found.remove(root.ids.help) if root.has_help else None
        if found:
            widget = self.chance.choice(found)
            self._touches_at(*widget.to_window(*widget.center))

    def _touches_at(self, x: float, y: float) -> None:
        self._finger(x, y).touch_up()
        self.stage.pump(1)

    def _holds(self) -> None:
        """The van or the lock, as long as it takes."""
        from ui.gallery.letters import shown
        from ui.widgets.scene import Held

        held = self.chance.choice(list(shown(self.stage.app.root, Held)))
        finger = self._finger(*held.to_window(*held.center))
        self._waits(3.1)
        held._tick(0)
        finger.touch_up()
        self.stage.pump(1)

    def _finger(self, x: float, y: float) -> Any:
        from kivy.tests.common import UnitTestTouch

        finger = UnitTestTouch(x, y)
        finger.touch_down()
        self.stage.pump(1)
        return finger

    def _gives_the_pin(self) -> None:
        for digit in PIN:
            self.stage.desk.press(digit)
        self.stage.desk.work()
        self.stage.pump(1)

    def _drives_a_little(self) -> None:
        for word in ({"moving": True}, {"stop": None}, {"stop": [1, 1]}):
            self.stage.says("vehicle", **{"moving": False, "duty": "on", **word})
            self._waits(1)
            self._touches_something()
