"""Staff who walk away: the door closes behind them, and a rehearsal ends with its day."""

import pytest

from protocol.day import Closed
from protocol.visits import Tally
from tests.ui.indoors import goes_in, told
from tests.ui.kit import Bench, kept
from ui.models import moves
from ui.models.panel import Panel

LONG = sorted(page for page, quiet in moves.QUIET.items() if quiet.forgotten > 120)
STAYS = [page for page in LONG if page in moves.INSIDE]
"""Pages behind the PIN that stay longer than anybody may be in without a touch."""


def test_there_are_pages_that_stay_long() -> None:
    assert {"copy", "diagnostics", "enrol", "first_start"} <= set(STAYS)


@pytest.mark.parametrize("page", STAYS)
def test_a_page_that_stays_long_asks_for_the_pin_again(bench: Bench, page: str) -> None:
    goes_in(bench)
    bench.desk._show(Panel(screen=page))
    bench.passes(119)
    assert bench.desk.staff.vault.is_open
    bench.passes(2)
    assert (bench.at, bench.desk.staff.vault.is_open) == (page, False)
    for touch in ("back", "settings", "change", "languages", "give", "copy", "queue"):
        bench.desk._show(Panel(screen=page))
        bench.desk.touch(touch)
        assert bench.at == "pin"
        assert bench.desk.staff.pad.aim == "enter"


def test_a_touch_keeps_staff_in(bench: Bench) -> None:
    goes_in(bench)
    bench.desk._show(Panel(screen="diagnostics"))
    for _ in range(4):
        bench.passes(100)
        bench.desk.touch("nothing")
    assert bench.desk.staff.vault.is_open


def test_a_forgotten_pin_lets_nobody_choose_another_by_going_back(bench: Bench) -> None:
    goes_in(bench)
    bench.desk._show(Panel(screen="settings"))
    for touch in ("change", "forgotten", "back"):
        bench.desk.touch(touch)
    assert (bench.at, bench.desk.staff.pad.aim) == ("pin", "enter")


def test_a_rehearsal_that_nobody_ends_ends_with_its_day(bench: Bench) -> None:
    goes_in(bench)
    bench.desk._show(Panel(screen="settings"))
    bench.desk.touch("trial")
    bench.desk.touch("done")
    bench.desk.house.clock.advance(22 * 3600)
    bench.passes(61)
    assert not bench.desk.house.trial


def test_what_was_counted_in_a_rehearsal_is_noted_as_one(bench: Bench) -> None:
    goes_in(bench)
    counts_girls(bench, 1)
    switches_trial(bench)
    counts_girls(bench, 2)
    switches_trial(bench)
    assert bench.desk.staff.animation.counts == {}
    noted = [(tally.trial, tally.counts) for tally in told(bench, Tally)]
    assert noted == [
        (False, {"moins_de_douze": {"feminin": 1}}),
        (True, {"moins_de_douze": {"feminin": 2}}),
    ]


def test_what_was_counted_when_the_day_ends_is_noted_before_it(bench: Bench) -> None:
    goes_in(bench)
    counts_girls(bench, 3)
    bench.desk._show(Panel(screen="closing"))
    bench.desk.touch("yes")
    assert [type(event) for event in kept(bench.folder)][-2:] == [Tally, Closed]
    assert bench.desk.staff.animation.counts == {}


def switches_trial(bench: Bench) -> None:
    bench.desk._show(Panel(screen="settings"))
    bench.desk.touch("trial")


def counts_girls(bench: Bench, how_many: int) -> None:
    bench.desk._show(Panel(screen="animation"))
    bench.desk.touch("chose", "sante")
    for _ in range(how_many):
        bench.desk.touch("one", "moins_de_douze:feminin")
