"""kill -9 at random instants: owners appending and purging, readers reading, again and again."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

WHAT = ("rounds", "acked", "lost", "envelopes", "sealed")


def killed(folder: Path, rounds: int, *, parallel: int = 1, forgetful: bool = False) -> list[int]:
    """(rounds, acknowledged, lost, envelopes left, sealed rows) of so many rounds, shared out.

    The first loss ends them.
    """
    command = [sys.executable, "-m", "tests.appliance.journal.killing"]
    processes = [
        subprocess.Popen(
            [*command, str(folder / str(seed)), "--rounds", str(rounds // parallel)]
            + ["--seed", str(seed)]
            + ["--forgetful"] * forgetful,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for seed in range(parallel)
    ]
    told = []
    for process in processes:
        out, error = process.communicate()
        assert process.returncode == 0, error
        told.append(json.loads(out))
    return [sum(one[what] for one in told) for what in WHAT]


def test_some_kills_lose_nothing(tmp_path: Path) -> None:
    rounds, acked, lost, envelopes, sealed = killed(tmp_path, 50)
    assert (rounds, lost) == (50, 0)
    assert acked > 100
    assert 0 < envelopes < sealed  # the rest was receipted a day ago


def test_a_queue_in_memory_loses_in_the_same_rounds(tmp_path: Path) -> None:
    assert killed(tmp_path, 100, forgetful=True)[2] > 0


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_thousand_kills_lose_nothing(tmp_path: Path) -> None:
    assert killed(tmp_path, 1000, parallel=2)[0:3:2] == [1000, 0]


@pytest.mark.campaign
@pytest.mark.timeout(4000)
def test_ten_thousand_kills_lose_nothing(tmp_path: Path) -> None:
    assert killed(tmp_path, 10_000, parallel=2)[0:3:2] == [10_000, 0]
