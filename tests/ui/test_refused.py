"""A disk that takes nothing: nobody is told a number, nothing crashes, help comes anyway."""

from appliance import runtime
from tests.ui.kit import WORDS, Bench, kept
from tests.ui.test_journey import BEGIN, HELP, HOUSING, YES


def takes(bench: Bench, nothing: bool) -> None:
    """The journal's connection refuses every write, as it would on a card gone read-only."""
    word = "ON" if nothing else "OFF"
    bench.desk.house.journal.database.conn.execute(f"PRAGMA query_only = {word}")


def test_a_person_is_told_kindly_and_may_try_again(bench: Bench) -> None:
    takes(bench, nothing=True)
    for words in (BEGIN, HOUSING, YES):
        bench.taps(words)
    assert (bench.at, kept(bench.folder)) == ("sorry", [])
    takes(bench, nothing=False)
    bench.taps(WORDS["sorry.again"])
    bench.taps(YES)
    assert (bench.at, bench.screen.state.number) == ("thanks", 1)


def test_help_rings_though_it_cannot_be_kept(bench: Bench) -> None:
    takes(bench, nothing=True)
    bench.taps(HELP)
    assert bench.at == "help"
    assert runtime.read(bench.folder / "run", "screen")["help"] is not None


def test_the_driver_sees_that_nothing_was_noted(bench: Bench) -> None:
    takes(bench, nothing=True)
    bench.desk.touch("driver")
    bench.pump()
    bench.taps(WORDS["driver.on"])
    assert bench.screen.line == WORDS["driver.refused"]
    assert bench.screen.driving.duty == "off"
