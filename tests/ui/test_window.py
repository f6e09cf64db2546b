"""The real program in a real window, with real clicks and keys; and killed in the middle of it."""

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance import runtime
from protocol.day import Unlocked
from protocol.visits import CheckedIn
from tests.support import eventually, unit_config_file
from tests.ui.kit import kept

pytestmark = pytest.mark.skipif(
    not (shutil.which("Xvfb") and shutil.which("xdotool")), reason="needs Xvfb and xdotool"
)
BEGIN, HOUSING, YES = (577, 325), (107, 348), (577, 200)
"""Where these buttons are on the official panel, in pixels from the top left."""
LOCK = (422, 428)
"""The same, of the small lock."""


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """An X server of the panel's size."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "800x480x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=(writing,), stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as told:
        yield f":{told.readline().strip()}"
    server.terminate()
    server.wait(timeout=10)


class RunningScreen:
    """`escale-screen` as a process of its own."""

    def __init__(self, folder: Path, display: str, module: str = "ui.cli") -> None:
        self.folder, self.module = folder, module
        self.environment = {**os.environ, "DISPLAY": display, "SDL_AUDIODRIVER": "dummy"}
        self.environment.pop("SDL_VIDEODRIVER", None)
        self.config = unit_config_file(folder, screen={"fullscreen": False})

    def __enter__(self) -> "RunningScreen":
        (self.folder / "run" / "screen.json").unlink(missing_ok=True)
        command = [sys.executable, "-m", self.module, "--config", str(self.config)]
        with (self.folder / "screen.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )
        try:
            eventually(self._is_up, 30, "the screen says welcome")
        except BaseException:
            self.__exit__()
            raise
        return self

    def _is_up(self) -> bool:
        assert self.process.poll() is None, (self.folder / "screen.log").read_text()
        return self.at == "welcome"

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(timeout=10)

    @property
    def at(self) -> str:
        """The screen that is up, as the process tells it."""
        return (runtime.read(self.folder / "run", "screen") or {}).get("at", "")

    def clicks(self, place: tuple[int, int], leads_to: str) -> None:
        """Presses there until the screen has changed: a click may fall into the gate's pause."""

        def pressed() -> bool:
            if self.at != leads_to:
                self.xdotool("mousemove", *map(str, place), "mousedown", "1")
                self.xdotool("sleep", "0.08", "mouseup", "1", "sleep", "0.25")
            return self.at == leads_to

        eventually(pressed, 15, f"{leads_to} after a click at {place}")

    def xdotool(self, *words: str) -> None:
        """Real X events."""
        subprocess.run(["xdotool", *words], env=self.environment, check=True)


def test_three_real_clicks_make_one_check_in(tmp_path: Path, display: str) -> None:
    with RunningScreen(tmp_path, display) as screen:
        screen.clicks(BEGIN, "reasons")
        screen.clicks(HOUSING, "confirm")
        screen.clicks(YES, "thanks")
        assert kept(tmp_path) == [CheckedIn(number=1, door="logement", theme="logement")]
        screen.process.terminate()
        assert screen.process.wait(timeout=10) == 0


@pytest.mark.slow
def test_real_fingers_hold_the_lock_and_choose_a_pin_at_its_real_cost(
    tmp_path: Path, display: str
) -> None:
    with RunningScreen(tmp_path, display) as screen:
        screen.xdotool(
            "mousemove", *map(str, LOCK), "mousedown", "1", "sleep", "3.3", "mouseup", "1"
        )
        eventually(lambda: screen.at == "pin", 5, "the lock was held")
        screen.xdotool("sleep", "0.4")
        for digit in map(int, "482193482193"):
            place = (492 + 118 * ((digit - 1) % 3), 70 + 113 * ((digit - 1) // 3))
            screen.xdotool("mousemove", *map(str, place), "mousedown", "1", "sleep", "0.08")
            screen.xdotool("mouseup", "1", "sleep", "0.3")
        eventually(lambda: screen.at == "staff", 10, "the PIN was taken")
        assert kept(tmp_path) == [Unlocked()]


def test_no_key_leads_out_of_the_screen(tmp_path: Path, display: str) -> None:
    with RunningScreen(tmp_path, display) as screen:
        # A click first: keys go where the pointer is.
        screen.clicks(BEGIN, "reasons")
        for key in ("F1", "Escape", "ctrl+e", "F11", "F12", "alt+F4", "ctrl+c", "ctrl+q", "Menu"):
            screen.xdotool("key", key)
        screen.xdotool("click", "3", "sleep", "0.5")
        assert screen.process.poll() is None
        screen.clicks(HOUSING, "confirm")


@pytest.mark.slow
def test_killed_at_any_instant_no_number_that_was_shown_is_lost(
    tmp_path: Path, display: str
) -> None:
    chance, numbers = random.Random(2), list[int]()
    for _ in range(5):
        thanked = killed_around_thanks(tmp_path, display, seconds=chance.random() * 0.15)
        before, numbers = len(numbers), numbers_kept(tmp_path)
        assert numbers == list(range(1, len(numbers) + 1))
        assert before + thanked <= len(numbers) <= before + 1
    assert killed_around_thanks(tmp_path, display, seconds=1.0)
    assert numbers_kept(tmp_path) == [*numbers, len(numbers) + 1]


@pytest.mark.slow
def test_a_screen_that_thanks_before_it_keeps_loses_the_number(
    tmp_path: Path, display: str
) -> None:
    module = "tests.ui.forgetful_screen"
    assert killed_around_thanks(tmp_path, display, seconds=1.0, module=module)
    assert numbers_kept(tmp_path) == []


def killed_around_thanks(
    folder: Path, display: str, *, seconds: float, module: str = "ui.cli"
) -> bool:
    """Kills the screen so long after *Oui* is let go; whether it had said *Merci*."""
    with RunningScreen(folder, display, module) as screen:
        screen.clicks(BEGIN, "reasons")
        screen.clicks(HOUSING, "confirm")
        # By then the gate takes a touch again.
        screen.xdotool("sleep", "0.3", "mousemove", *map(str, YES), "mousedown", "1")
        screen.xdotool("sleep", "0.08", "mouseup", "1", "sleep", f"{seconds:.3f}")
        thanked = screen.at == "thanks"
        screen.process.kill()
    return thanked


def numbers_kept(folder: Path) -> list[int]:
    return [event.number for event in kept(folder)]
