"""Help from every page, back to that page; and nobody is promised where nothing rings."""

import pytest

from protocol.incidents import HelpRequested
from tests.ui.kit import WORDS, Bench, kept
from tests.ui.test_answers import TWO
from tests.ui.test_journey import BEGIN, HELP, HOUSING, YES

COMING, WAVE = WORDS["help.coming"], WORDS["help.wave"]


def says(bench: Bench) -> set[str]:
    return {getattr(each, "text", "") for each in bench.screen.walk()}


def asks(bench: Bench) -> None:
    bench.passes(1)
    bench.taps(HELP)


def test_somebody_comes_where_the_vehicle_rings(bench: Bench) -> None:
    bench.the_vehicle_says(rings=True)
    asks(bench)
    assert (COMING in says(bench), WAVE in says(bench)) == (True, False)


def test_without_a_buzzer_the_person_is_shown_to_the_team(bench: Bench) -> None:
    bench.the_vehicle_says(rings=False)
    asks(bench)
    assert (COMING in says(bench), WAVE in says(bench)) == (False, True)


def test_with_the_vehicle_dead_the_person_is_shown_to_the_team(bench: Bench) -> None:
    asks(bench)
    assert (COMING in says(bench), WAVE in says(bench)) == (False, True)


@pytest.mark.parametrize("way", [(), (BEGIN,), (BEGIN, HOUSING), (BEGIN, HOUSING, YES, TWO)])
def test_help_leads_back_to_the_page_as_it_was(bench: Bench, way: tuple[str, ...]) -> None:
    for words in way:
        bench.taps(words)
    before = bench.desk.panel
    bench.taps(HELP)
    assert kept(bench.folder)[-1] == HelpRequested(screen=before.screen)
    bench.taps(WORDS["help.back"])
    assert bench.desk.panel.screen == before.screen
    assert (bench.desk.panel.door, bench.desk.panel.visit) == (before.door, before.visit)
    if way == (BEGIN, HOUSING, YES, TWO):
        bench.taps("3")
        assert kept(bench.folder)[-1].people == 3


def test_help_that_is_asked_ends_with_whoever_went_away(bench: Bench) -> None:
    asks(bench)
    assert bench.desk.visitors.help_since is not None
    bench.passes(90)
    assert (bench.at, bench.desk.visitors.help_since) == ("welcome", None)
