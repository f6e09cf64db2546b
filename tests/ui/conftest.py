"""The screen without a display: real GL in memory, a finger that is a real touch event.

Kivy reads its settings at its first import: they are made here, before any test module.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.appliance.vault.board import QUICK
from ui import bootstrap
from ui.display import PROFILES
from ui.staff import Staff

os.environ["SDL_VIDEODRIVER"] = "offscreen"
os.environ["SDL_AUDIODRIVER"] = "dummy"
bootstrap.prepare(PROFILES["officiel-7"], fullscreen=False)

from kivy.config import Config  # noqa: E402

from tests.ui.kit import Bench  # noqa: E402

Config.set("graphics", "maxfps", "0")  # frames follow each other without a pause


@pytest.fixture(autouse=True)
def _quick_pins(monkeypatch: pytest.MonkeyPatch) -> None:
    """A PIN costs next to nothing here; what it really costs: tests/appliance/vault."""
    monkeypatch.setattr(Staff, "kdf", QUICK)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A screen of the official panel, its desk and a finger."""
    with Bench(tmp_path) as ready:
        yield ready
