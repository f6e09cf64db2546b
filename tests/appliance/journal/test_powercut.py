"""Whatever a power cut leaves on the disk, the journal opens and holds what was acknowledged."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.appliance.journal import powercut

pytestmark = pytest.mark.skipif(
    shutil.which("strace") is None, reason="strace is not installed: run make setup"
)


def explored(folder: Path, synchronous: str, events: int, *options: str, parts: int = 2) -> Any:
    """(states, bad, example) of an owner's life, explored by several processes."""
    powercut.recorded(folder, synchronous, events)
    command = [sys.executable, "-m", "tests.appliance.journal.powercut", "explore", str(folder)]
    processes = [
        subprocess.Popen(
            [*command, "--part", str(part), "--parts", str(parts), *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for part in range(parts)
    ]
    told = []
    for process in processes:
        out, error = process.communicate()
        assert process.returncode == 0, error
        told.append(json.loads(out))
    bad: dict[str, int] = {}
    for one in told:
        bad |= one["bad"]
    return sum(one["states"] for one in told), bad, [one["example"] for one in told]


def test_some_hundred_states_hold_all_that_was_acknowledged(tmp_path: Path) -> None:
    states, bad, examples = explored(tmp_path, "FULL", 100, "--sample", "0.06")
    assert bad == {}, examples
    assert states > 200


@pytest.mark.parametrize("synchronous", ["NORMAL", "OFF"])
def test_with_fewer_syncs_something_acknowledged_is_lost(tmp_path: Path, synchronous: str) -> None:
    _, bad, _ = explored(tmp_path, synchronous, 60, "--sample", "0.3", "--stop", parts=1)
    assert bad[powercut.LOST] > 0


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_thousands_of_states_hold_all_that_was_acknowledged(tmp_path: Path) -> None:
    states, bad, examples = explored(tmp_path, "FULL", 100)
    assert bad == {}, examples
    assert states > 2000


@pytest.mark.campaign
@pytest.mark.timeout(3000)
def test_twenty_thousand_states_hold_all_that_was_acknowledged(tmp_path: Path) -> None:
    states, bad, examples = explored(tmp_path, "FULL", 600)
    assert bad == {}, examples
    assert states > 20_000
