"""Nobody touches: the question, more time for whoever asks, then everything is forgotten."""

import pytest

from tests.ui.kit import WORDS, Bench, kept
from tests.ui.test_journey import BEGIN, HOUSING, checks_in
from ui.models.panel import Panel


def test_after_35_seconds_it_asks_and_after_45_it_forgets(bench: Bench) -> None:
    bench.taps(BEGIN)
    bench.taps(HOUSING)
    bench.passes(34.9)
    assert bench.at == "confirm"
    bench.passes(0.1)
    assert bench.at == "still_there"
    bench.passes(9.9)
    assert bench.at == "still_there"
    bench.passes(0.1)
    assert (bench.at, bench.desk.panel) == ("welcome", Panel())
    assert kept(bench.folder) == []


@pytest.mark.parametrize("words", ["still_there.stay", "still_there.more_time"])
def test_whoever_is_there_finds_the_page_as_it_was(bench: Bench, words: str) -> None:
    bench.taps(BEGIN)
    bench.taps(HOUSING)
    bench.passes(36)
    bench.taps(WORDS[words])
    assert (bench.at, bench.desk.panel.door) == ("confirm", "logement")


def test_needing_time_doubles_every_delay(bench: Bench) -> None:
    bench.taps(BEGIN)
    bench.passes(36)
    bench.taps(WORDS["still_there.more_time"])
    bench.passes(69)
    assert bench.at == "reasons"
    bench.passes(1)
    assert bench.at == "still_there"
    bench.passes(19)
    assert bench.at == "still_there"
    bench.passes(1)
    assert bench.desk.panel == Panel()


def test_a_touch_beside_the_buttons_says_yes(bench: Bench) -> None:
    bench.taps(BEGIN)
    bench.passes(36)
    bench.hand.seconds += 1
    bench.touches(5, bench.window.height / 2)
    assert bench.at == "reasons"


def test_a_touch_anywhere_is_somebody(bench: Bench) -> None:
    bench.taps(BEGIN)
    bench.passes(30)
    bench.touches(5, bench.window.height - 100)
    bench.passes(30)
    assert bench.at == "reasons"


def test_thanks_goes_by_itself_with_its_bar_running_out(bench: Bench) -> None:
    checks_in(bench)
    bench.passes(7.5)
    assert bench.screen.time_left == pytest.approx(0.5)
    bench.passes(7.5)
    assert (bench.at, bench.desk.panel) == ("welcome", Panel())


def test_the_welcome_waits_for_ever(bench: Bench) -> None:
    bench.passes(100_000)
    assert bench.at == "welcome"
