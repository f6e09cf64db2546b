"""Ingest killed at any instant: nothing that was sent is lost or doubled.

The unit here sends each batch once and the broker is never wiped, so that only PUBACK after
commit stands between a fact and its loss. The control confirms before it commits, and loses.
"""

import random
import signal
import threading
from pathlib import Path

import pytest

from tests.support import Mosquitto, eventually

from .bench import link
from .test_mqtt import Line, Worker
from .test_mqtt import line as line_to
from .van import Van

ROWS = 40


def killed_over_and_over(broker: Mosquitto, folder: Path, *, kills: int) -> tuple[list[int], int]:
    """The facts in the ledger at the end, and how many were sent."""
    van, dice = Van(), random.Random(5)
    with Worker(folder, broker.port) as worker, line_to(broker) as line:
        worker.start()
        for _ in range(kills):
            it_answers(line)
            send(line, van, batches=dice.randrange(3, 9))
            threading.Event().wait(dice.uniform(0, 0.02))
            worker.end(signal.SIGKILL)
            worker.start()
        return what_it_has(worker, line), van.head


def send(line: Line, van: Van, *, batches: int) -> None:
    """So many batches, each given to the broker once."""
    for _ in range(batches):
        first = van.head + 1
        line.say(van.notes(ROWS).delivery(first, van.head))


def it_answers(line: Line) -> None:
    """Ingest is there: it gives a receipt for a birth."""
    answered = len(line.receipts)
    line.say(link(), retain=True)
    eventually(lambda: len(line.receipts) > answered, seconds=30)


def what_it_has(worker: Worker, line: Line) -> list[int]:
    """The facts in the ledger once nothing more comes."""
    it_answers(line)
    eventually(worker.is_quiet, seconds=30)
    worker.end()
    return worker.facts()


def test_what_a_killed_ingest_had_not_committed_comes_again(
    broker: Mosquitto, tmp_path: Path
) -> None:
    facts, sent = killed_over_and_over(broker, tmp_path, kills=4)
    assert facts == list(range(1, sent + 1))


@pytest.mark.campaign
@pytest.mark.timeout(3600)
def test_a_thousand_kills_of_ingest_lose_nothing(broker: Mosquitto, tmp_path: Path) -> None:
    facts, sent = killed_over_and_over(broker, tmp_path, kills=1000)
    assert facts == list(range(1, sent + 1))


def test_an_ingest_that_confirms_before_it_commits_loses(broker: Mosquitto, tmp_path: Path) -> None:
    hasty = Worker(tmp_path, broker.port, program="tests.federation.hasty_ingest")
    van = Van()
    with Worker(tmp_path, broker.port) as worker, hasty, line_to(broker) as line:
        worker.start()
        eventually(lambda: "receiving" in worker.log.read_text(), seconds=30)
        eventually(worker.is_quiet, seconds=30)
        worker.end()
        send(line, van, batches=5)
        hasty.start()
        eventually(lambda: "confirmed 5 in all" in hasty.log.read_text(), seconds=30)
        hasty.end(signal.SIGKILL)
        worker.start()
        assert set(what_it_has(worker, line)) < set(range(1, van.head + 1))
