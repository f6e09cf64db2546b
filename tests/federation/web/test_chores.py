"""Chores: each in its time, none stops another, a fault is told once, the end is clean."""

import logging
import threading
import time

import pytest

from federation.errors import OperatorError
from federation.web.chores import PAUSE, Chore, Chores
from tests.support import eventually


def test_each_chore_has_its_own_rhythm() -> None:
    done: list[tuple[str, int]] = []
    clock = iter(range(100))
    chores = Chores(
        (
            Chore("often", 10, lambda utc: done.append(("often", utc))),
            Chore("seldom", 25, lambda utc: done.append(("seldom", utc))),
        ),
        utc=lambda: next(clock),
    )
    now = 0.0
    for _ in range(5):
        now += chores.step(now)
    assert [name for name, _ in done] == ["often", "seldom", "often", "often", "seldom", "often"]
    assert now == 40.0


def test_a_chore_that_fails_is_told_once_and_leaves_the_others_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    faults: list[Exception] = [ValueError("a bug"), ValueError("a bug"), OperatorError("No disk.")]
    done: list[int] = []

    def failing(_utc: int) -> None:
        if faults:
            raise faults.pop(0)

    chores = Chores((Chore("bad", 1, failing), Chore("good", 1, done.append)))
    with caplog.at_level(logging.INFO):
        for number in range(5):
            chores.step(number * PAUSE)
    told = [(each.levelname, each.getMessage(), bool(each.exc_info)) for each in caplog.records]
    assert told == [
        ("ERROR", "bad: ValueError('a bug')", True),
        ("ERROR", "bad: No disk.", False),
        ("INFO", "bad goes on", False),
    ]
    assert len(done) == 5


def test_connections_are_let_go_after_each_round_that_did_something() -> None:
    let_go: list[bool] = []
    chores = Chores((Chore("one", 10, lambda _: None),), after=lambda: let_go.append(True))
    chores.step(0.0)
    chores.step(5.0)
    assert let_go == [True]


def test_stopping_waits_for_the_chore_at_work_and_starts_no_other() -> None:
    begun, may_end = threading.Event(), threading.Event()
    done: list[str] = []

    def long(_utc: int) -> None:
        begun.set()
        may_end.wait(10)
        done.append("long")

    chores = Chores((Chore("long", 0.01, long), Chore("next", 0.01, lambda _: done.append("next"))))
    chores.start()
    assert begun.wait(10)
    threading.Timer(0.1, may_end.set).start()
    chores.stop()
    assert done == ["long"]


def test_it_runs_by_itself_and_stops_within_a_second() -> None:
    rounds: list[int] = []
    chores = Chores((Chore("often", 0.01, rounds.append),)).start()
    eventually(lambda: len(rounds) > 3)
    before = time.monotonic()
    chores.stop()
    assert time.monotonic() - before < 1.0
