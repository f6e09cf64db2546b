"""Trial mode is seen on every page, in a strip of its own that nothing lies under."""

import pytest
from kivy.metrics import dp

from tests.ui.kit import WORDS, Bench
from ui import theme
from ui.models.panel import Panel

MARK = WORDS["trial.mark_everywhere"]


@pytest.mark.parametrize("screen", ["welcome", "still_there", "thanks", "pin"])
@pytest.mark.parametrize("battery", [{}, {"power": {"warning": "battery", "seconds_left": 500}}])
def test_the_mark_is_large_and_covers_nothing(bench: Bench, screen: str, battery: dict) -> None:
    bench.desk.house.trial = True
    bench.the_vehicle_says(duty="on", **battery)
    bench.passes(1)
    bench.desk._show(Panel(screen=screen))
    bench.pump()
    ids = bench.app.root.ids
    (letters,) = [widget for widget in ids.trial.children if widget.text == MARK]
    assert letters.font_size >= dp(theme.CAPTION) == dp(20)
    assert ids.trial.top >= letters.top
    assert (ids.strip.y, ids.manager.y) == (ids.trial.top, ids.strip.top)
    assert bool(ids.strip.height) == bool(battery) == bool(bench.app.root.minutes_left)
    assert bench.screen.height == ids.manager.height == bench.window.height - ids.strip.top


def test_without_trial_mode_its_strip_takes_nothing(bench: Bench) -> None:
    assert bench.app.root.ids.trial.height == 0
    assert bench.screen.height == bench.window.height
