"""The real program in a real window, with real clicks and keys; and killed in the middle of it."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance import runtime
from protocol.day import Unlocked
from protocol.visits import CheckedIn
from tests.support import eventually
from tests.ui.breaking_screen import BROKEN
from tests.ui.kit import WORDS, Bench, kept
from tests.ui.running import Place, RunningScreen, needs_a_window, where

pytestmark = needs_a_window
BEGIN, HOUSING, YES = WORDS["welcome.begin"], WORDS["door.logement"], WORDS["confirm.yes"]


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


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Place]:
    """Where the buttons stand, by their words; "lock" is the small lock."""
    from ui.widgets.scene import HeldLock

    found = {}
    with Bench(tmp_path_factory.mktemp("places")) as bench:
        found["lock"] = where(bench, HeldLock)
        for words in (BEGIN, HOUSING, YES):
            found[words] = where(bench, words)
            bench.taps(words)
        bench.desk.touch("done")
        bench.desk.touch("staff")
        bench.pump()
        found |= {digit: where(bench, digit) for digit in "0123456789"}
    return found


def test_three_real_clicks_make_one_check_in_in_less_than_twenty_seconds(
    tmp_path: Path, display: str, places: dict[str, Place]
) -> None:
    with RunningScreen(tmp_path, display) as screen:
        began = time.monotonic()
        checks_in(screen, places)
        assert time.monotonic() - began < 20
        assert kept(tmp_path) == [CheckedIn(number=1, door="logement", theme="logement")]
        told = runtime.read(tmp_path / "run", "screen") or {}
        assert told["drawn"] > 10  # frames: what a new system proves itself by
        assert told["quiet"] < 20
        screen.process.terminate()
        assert screen.process.wait(timeout=10) == 0


def checks_in(screen: RunningScreen, places: dict[str, Place]) -> None:
    for words, leads_to in ((BEGIN, "reasons"), (HOUSING, "confirm"), (YES, "thanks")):
        screen.clicks(places[words], leads_to)


@pytest.mark.slow
def test_real_fingers_hold_the_lock_and_choose_a_pin_at_its_real_cost(
    tmp_path: Path, display: str, places: dict[str, Place]
) -> None:
    with RunningScreen(tmp_path, display) as screen:
        screen.xdotool("sleep", "0.4")
        screen.click(places["lock"], held=3.3)
        screen.becomes("pin", 5)
        screen.xdotool("sleep", "0.4")
        for digit in "482193482193":
            screen.click(places[digit])
            screen.xdotool("sleep", "0.3")
        screen.becomes("staff")
        assert kept(tmp_path) == [Unlocked()]


def test_no_key_leads_out_of_the_screen(
    tmp_path: Path, display: str, places: dict[str, Place]
) -> None:
    with RunningScreen(tmp_path, display) as screen:
        # A click first: keys go where the pointer is.
        screen.clicks(places[BEGIN], "reasons")
        for key in ("F1", "Escape", "ctrl+e", "F11", "F12", "alt+F4", "ctrl+c", "ctrl+q", "Menu"):
            screen.xdotool("key", key)
        screen.xdotool("click", "3", "sleep", "0.5")
        assert screen.process.poll() is None
        screen.clicks(places[HOUSING], "confirm")


@pytest.mark.slow
def test_a_screen_that_breaks_says_so_kindly_and_begins_anew(
    tmp_path: Path, display: str, places: dict[str, Place]
) -> None:
    with RunningScreen(tmp_path, display, "tests.ui.breaking_screen") as screen:
        screen.clicks(places[BEGIN], "reasons")
        screen.xdotool("sleep", "0.4")
        screen.click(places[HOUSING])
        eventually((tmp_path / "run" / BROKEN).exists, 5, "the screen breaks")
        screen.becomes("welcome", 20)
        checks_in(screen, places)
    assert screen.log.read_text().count("Traceback") == 1
    assert numbers_kept(tmp_path) == [1]


@pytest.mark.slow
def test_killed_at_any_instant_no_number_that_was_shown_is_lost(
    tmp_path: Path, display: str, places: dict[str, Place]
) -> None:
    chance, numbers = random.Random(2), list[int]()
    for _ in range(5):
        thanked = killed_around_thanks(tmp_path, display, places, chance.random() * 0.15)
        before, numbers = len(numbers), numbers_kept(tmp_path)
        assert numbers == list(range(1, len(numbers) + 1))
        assert before + thanked <= len(numbers) <= before + 1
    assert killed_around_thanks(tmp_path, display, places, 1.0)
    assert numbers_kept(tmp_path) == [*numbers, len(numbers) + 1]


@pytest.mark.slow
def test_a_screen_that_thanks_before_it_keeps_loses_the_number(
    tmp_path: Path, display: str, places: dict[str, Place]
) -> None:
    module = "tests.ui.forgetful_screen"
    assert killed_around_thanks(tmp_path, display, places, 1.0, module=module)
    assert numbers_kept(tmp_path) == []


def killed_around_thanks(
    folder: Path,
    display: str,
    places: dict[str, Place],
    seconds: float,
    *,
    module: str = "ui.cli",
) -> bool:
    """Kills the screen so long after *Oui* is let go; whether it had said *Merci*."""
    with RunningScreen(folder, display, module) as screen:
        screen.clicks(places[BEGIN], "reasons")
        screen.clicks(places[HOUSING], "confirm")
        # By then the gate takes a touch again.
        screen.xdotool("sleep", "0.3")
        screen.click(places[YES])
        screen.xdotool("sleep", f"{seconds:.3f}")
        thanked = screen.at == "thanks"
        screen.process.kill()
    return thanked


@pytest.mark.slow
def test_two_processes_killed_in_the_middle_of_a_journey_lose_nothing(
    tmp_path: Path, display: str, places: dict[str, Place]
) -> None:
    numbers = []
    for said_yes in (False, True, True):
        with RunningScreen(tmp_path, display) as screen, a_vehicle(screen) as vehicle:
            screen.clicks(places[BEGIN], "reasons")
            screen.clicks(places[HOUSING], "confirm")
            vehicle.kill()
            vehicle.wait()
            if said_yes:
                screen.clicks(places[YES], "thanks")
                numbers.append(len(numbers) + 1)
            screen.process.kill()
        assert numbers_kept(tmp_path) == numbers


def a_vehicle(screen: RunningScreen) -> "subprocess.Popen[bytes]":
    """The vehicle's process beside that screen; used in a `with`."""
    vehicle = subprocess.Popen(
        [sys.executable, "-m", "appliance.cli", "--config", str(screen.config), "vehicle"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    told = screen.folder / "run" / "vehicle.json"
    eventually(told.exists, 15, "the vehicle says how it is")
    return vehicle


def numbers_kept(folder: Path) -> list[int]:
    return [event.number for event in kept(folder)]
