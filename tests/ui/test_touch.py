"""One touch is one event, whichever way the picture comes to the panel, and however it hangs."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.support import eventually


def on_the_glass(*arguments: str) -> str:
    """What tests/ui/bare_panel.py says: Kivy is settled once per process."""
    command = [sys.executable, "-m", "tests.ui.bare_panel", *arguments]
    environment = {**os.environ, "SDL_AUDIODRIVER": "dummy"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().rpartition("\n")[2]


@pytest.mark.parametrize(
    ("driver", "provider"),
    [
        ("kmsdrm", "TouchPanel"),  # SDL tells fingers there, and Kivy hears none of SDL's
        ("wayland", "MouseMotionEventProvider"),  # SDL makes a pointer of what cage tells
        ("x11", "MouseMotionEventProvider"),
    ],
)
def test_each_way_to_the_panel_has_one_source_of_touches(driver: str, provider: str) -> None:
    assert on_the_glass(driver, "officiel-7") == f"['{provider}'] [800, 480] 1"


def test_a_panel_that_stands_shows_a_lying_page_and_is_touched_where_it_is_drawn() -> None:
    assert on_the_glass("kmsdrm", "touch-2-paysage") == "['TouchPanel'] [1280, 720] 1"
    assert on_the_glass("kmsdrm", "touch-2-paysage", "270") == "['TouchPanel'] [1280, 720] 1"


def test_a_panel_hung_upside_down_is_touched_where_it_is_drawn() -> None:
    assert on_the_glass("kmsdrm", "officiel-7", "180") == "['TouchPanel'] [800, 480] 1"


def test_a_desktop_has_turned_its_own_panel() -> None:
    assert "[720, 1280]" in on_the_glass("x11", "touch-2-paysage")


def test_a_panel_that_is_late_or_leaves_is_waited_for(tmp_path: Path) -> None:
    from ui import touch

    looked_for = tmp_path / "event0"
    panel = touch.TouchPanel("touch", str(looked_for))
    panel.start()
    assert isinstance(panel.thread, threading.Thread)
    looked_for.write_bytes(b"")  # no panel: it cannot be read as one
    eventually(lambda: looked_for.stat().st_atime_ns >= 0 and panel.thread.is_alive())
    looked_for.unlink()
    assert panel.thread.is_alive()
