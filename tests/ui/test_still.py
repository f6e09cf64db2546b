"""What is drawn when nothing happens, and what is shown when something breaks."""

import logging

import pytest

from protocol.documents import RosterLine
from tests.ui.kit import WORDS, Bench
from ui.models.moves import INSIDE
from ui.models.panel import Panel

WAYS = {
    "pin": ("staff",),
    "reset": ("staff", "forgotten"),
    "workshops": ("begin", "workshops"),
    "first_name": (),
}
"""Touches that lead to a screen, where it is not its own name."""


class Frames:
    """Counts what the window draws."""

    def __init__(self, bench: Bench) -> None:
        self.drawn = 0
        bench.window.bind(on_flip=self._count)

    def _count(self, *_: object) -> None:
        self.drawn += 1


@pytest.mark.parametrize(
    "at", [*("welcome", "driver", "pin", "reset", "staff", "closing"), "workshops", "first_name"]
)
def test_a_still_screen_draws_nothing(bench: Bench, at: str) -> None:
    for touch in WAYS.get(at, (at,)):
        bench.desk.touch(touch)
    if at == "first_name":
        bench.desk._show(Panel(screen=at))
        bench.taps("Z")
    if at in INSIDE:
        bench.desk.staff.vault.choose("482193")
        bench.desk.staff.vault.add(RosterLine(workshop="cv", number=1, first_name="Zoé"))
        bench.desk._show(Panel(screen=at))
    bench.pump(10)
    assert bench.at == at
    frames = Frames(bench)
    bench.desk.step()
    bench.app.root.refresh()
    bench.pump(50)
    assert frames.drawn == 0


def test_a_change_is_drawn_three_times(bench: Bench) -> None:
    bench.pump(10)
    frames = Frames(bench)
    bench.desk.touch("begin")
    bench.pump(50)
    assert frames.drawn >= 3


def test_a_fault_shows_a_calm_screen_and_is_told_once(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    from kivy.base import ExceptionManager

    from ui.app import CrashDoor

    door = CrashDoor(bench.app)
    with caplog.at_level(logging.ERROR, logger="screen"):
        assert door.handle_exception(ZeroDivisionError("a bug")) == ExceptionManager.PASS
        bench.pump()
        assert door.handle_exception(ZeroDivisionError("again")) == ExceptionManager.RAISE
    shown = [getattr(widget, "text", "") for widget in bench.widgets()]
    assert WORDS["crash.title"] in shown
    assert [record.exc_info[0] for record in caplog.records] == [ZeroDivisionError]
    assert bench.app.crashed
