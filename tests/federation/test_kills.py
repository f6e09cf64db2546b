"""Ingest killed at any instant: nothing that was sent is lost or doubled.

The unit here sends again only what is not receipted; the broker is never wiped. The control
confirms each message before its commit, and loses.
"""

import random
import signal
import threading
from pathlib import Path

import pytest

from tests.support import Mosquitto, eventually

from .bench import link
from .test_mqtt import Line, Worker
from .van import Van

ROWS = 40


def killed_over_and_over(
    broker: Mosquitto, folder: Path, *, kills: int, program: str = "federation.cli"
) -> tuple[list[int], int]:
    """The facts in the ledger at the end, and how many were sent; each is sent only once."""
    worker, van, line = Worker(folder, broker.port, program=program), Van(), Line(broker.port)
    dice = random.Random(5)
    worker.start()
    line.say(link(), retain=True)
    for _ in range(kills):
        it_answers(line)
        for _ in range(dice.randrange(3, 9)):
            first = van.head + 1
            van.notes(ROWS)
            line.say(van.delivery(first, van.head))
        threading.Event().wait(dice.uniform(0, 0.02))
        worker.end(signal.SIGKILL)
        worker.start()
    it_answers(line)
    eventually(worker.is_quiet, seconds=30)
    worker.end()
    line.close()
    return worker.facts(), van.head


def test_what_a_killed_ingest_had_not_committed_comes_again(
    broker: Mosquitto, tmp_path: Path
) -> None:
    facts, sent = killed_over_and_over(broker, tmp_path, kills=4)
    assert facts == list(range(1, sent + 1))


def it_answers(line: Line) -> None:
    """Ingest is there: it gives a receipt for a birth."""
    answered = len(line.receipts)
    line.say(link(), retain=True)
    eventually(lambda: len(line.receipts) > answered, seconds=30)


@pytest.mark.campaign
@pytest.mark.timeout(3600)
def test_a_thousand_kills_of_ingest_lose_nothing(broker: Mosquitto, tmp_path: Path) -> None:
    facts, sent = killed_over_and_over(broker, tmp_path, kills=1000)
    assert facts == list(range(1, sent + 1))


def test_an_ingest_that_confirms_before_it_commits_loses(broker: Mosquitto, tmp_path: Path) -> None:
    facts, sent = killed_over_and_over(
        broker, tmp_path, kills=4, program="tests.federation.hasty_ingest"
    )
    assert set(facts) < set(range(1, sent + 1))
