"""The driver is asked when duty seems forgotten: only a held button answers, and only once."""

import pytest

from protocol.duty import Ended, Resumed, Started
from protocol.visits import CheckedIn
from tests.ui.kit import WORDS, Bench
from tests.ui.test_driver import holds, said
from tests.ui.test_refused import takes
from ui.models.panel import Panel

LATER = WORDS["at_work.later"]


def turns_the_key(bench: Bench, duty: str = "off") -> None:
    bench.the_vehicle_says(duty=duty, ignition=False)
    bench.passes(1)
    bench.the_vehicle_says(duty=duty, ignition=True)
    bench.passes(1)


def holds_button(bench: Bench, seconds: float, words: str) -> None:
    from ui.widgets.night import HeldAction

    holds(bench, HeldAction, seconds, words)


def test_the_ignition_asks_and_three_seconds_answer(bench: Bench) -> None:
    turns_the_key(bench)
    assert (bench.at, said(bench)) == ("at_work", [])
    holds_button(bench, 2.8, WORDS["driver.on"])
    assert (bench.at, said(bench)) == ("at_work", [])
    holds_button(bench, 3.0, WORDS["driver.on"])
    assert (bench.at, said(bench)) == ("driver", [Started()])


def test_after_a_break_the_ignition_asks_whether_it_is_over(bench: Bench) -> None:
    turns_the_key(bench, duty="paused")
    holds_button(bench, 3.0, WORDS["driver.resume"])
    assert said(bench) == [Resumed()]


@pytest.mark.parametrize("answers", [True, False])
def test_not_now_or_no_answer_gives_the_panel_back_and_asks_no_more(
    bench: Bench, answers: bool
) -> None:
    turns_the_key(bench)
    if answers:
        bench.taps(LATER)
    else:
        bench.passes(40)
    assert bench.at == "welcome"
    bench.passes(5)
    assert (bench.at, said(bench)) == ("welcome", [])
    turns_the_key(bench)
    assert bench.at == "at_work"


def test_a_check_in_off_duty_asks_once_when_the_visitor_has_left(bench: Bench) -> None:
    bench.the_vehicle_says(duty="off")
    for _ in range(2):
        bench.desk._show(Panel(screen="confirm", door="sante"))
        bench.desk.touch("yes")
        bench.passes(1)
        assert bench.at != "at_work"
        bench.desk._show(Panel())
        bench.passes(1)
        if bench.at == "at_work":
            bench.taps(LATER)
            assert len(said(bench)) == 1
    assert bench.at == "welcome"
    assert {type(event) for event in said(bench)} == {CheckedIn}


def test_a_check_in_of_before_the_service_asks_nothing_after_it(bench: Bench) -> None:
    bench.the_vehicle_says(duty="on")
    bench.desk._show(Panel(screen="confirm", door="sante"))
    bench.desk.touch("yes")
    bench.desk._show(Panel())
    bench.passes(1)
    bench.the_vehicle_says(duty="off")
    bench.passes(1)
    assert bench.at == "welcome"


def test_on_duty_and_in_trial_mode_nobody_is_asked(bench: Bench) -> None:
    turns_the_key(bench, duty="on")
    assert bench.at == "welcome"
    bench.desk.house.trial = True
    turns_the_key(bench)
    assert bench.at == "welcome"


def test_who_is_at_the_panel_is_not_disturbed(bench: Bench) -> None:
    bench.desk._show(Panel(screen="reasons"))
    turns_the_key(bench)
    assert bench.at == "reasons"
    bench.desk._show(Panel())
    bench.passes(1)
    assert bench.at == "at_work"


@pytest.mark.parametrize(
    ("words", "word"),
    [(WORDS["tour_over.go_on"], Started()), (WORDS["driver.off"], Ended())],
)
def test_when_the_tour_is_over_the_driver_goes_on_or_ends(bench: Bench, words, word) -> None:
    bench.the_vehicle_says(duty="on", minutes_left=24)
    bench.passes(1)
    assert (bench.at, bench.screen.ends) == (
        "tour_over",
        WORDS["tour_over.ends"].format(minutes=24),
    )
    holds_button(bench, 3.0, words)
    assert said(bench) == [word]


def test_a_full_card_is_told_where_the_question_was(bench: Bench) -> None:
    turns_the_key(bench)
    takes(bench, nothing=True)
    holds_button(bench, 3.0, WORDS["driver.on"])
    assert (bench.at, bench.screen.state.refused) == ("at_work", True)
