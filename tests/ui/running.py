"""The real program in a real window, with a real pointer. Needs Xvfb and xdotool."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from appliance import runtime
from tests.support import eventually, unit_config_file
from tests.ui.kit import Bench

Place = tuple[int, int]
"""In pixels from the top left."""
needs_a_window = pytest.mark.skipif(
    not (shutil.which("Xvfb") and shutil.which("xdotool")), reason="needs Xvfb and xdotool"
)


class RunningScreen:
    """`escale-screen` as a process of its own."""

    def __init__(self, folder: Path, display: str, module: str = "ui.cli") -> None:
        self.folder, self.module, self.log = folder, module, folder / "screen.log"
        self.environment = {**os.environ, "DISPLAY": display, "SDL_AUDIODRIVER": "dummy"}
        self.environment.pop("SDL_VIDEODRIVER", None)
        self.config = unit_config_file(folder, screen={"fullscreen": False})

    def __enter__(self) -> "RunningScreen":
        (self.folder / "run" / "screen.json").unlink(missing_ok=True)
        command = [sys.executable, "-m", self.module, "--config", str(self.config)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )
        try:
            self.becomes("welcome", 30)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(timeout=10)

    @property
    def at(self) -> str:
        """The screen that is up, as the process tells it."""
        return (runtime.read(self.folder / "run", "screen") or {}).get("at", "")

    def becomes(self, screen: str, seconds: float = 10) -> None:
        """Waits until that screen is up."""

        def is_up() -> bool:
            assert self.process.poll() is None, self.log.read_text()
            return self.at == screen

        eventually(is_up, seconds, f"the screen says {screen}")

    def clicks(self, place: Place, leads_to: str) -> None:
        """Presses there until the screen has changed: a click may fall into the gate's pause."""

        def pressed() -> bool:
            if self.at != leads_to:
                self.click(place)
                self.xdotool("sleep", "0.25")
            return self.at == leads_to

        eventually(pressed, 15, f"{leads_to} after a click at {place}")

    def click(self, place: Place, held: float = 0.08) -> None:
        """A pointer goes there, and presses for so many seconds."""
        self.xdotool("mousemove", *map(str, place), "mousedown", "1")
        self.xdotool("sleep", f"{held}", "mouseup", "1")

    def xdotool(self, *words: str) -> None:
        """Real X events."""
        subprocess.run(["xdotool", *words], env=self.environment, check=True)


def where(bench: Bench, words_or_kind: str | type) -> Place:
    """Where that button of the page stands on the official panel."""
    if isinstance(words_or_kind, str):
        widget: Any = bench.find(words_or_kind)
    else:
        (widget,) = bench.widgets(words_or_kind)
    x, y = bench.centre(widget)
    return round(x), round(bench.window.height - y)
