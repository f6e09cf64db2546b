"""How often a PIN may be tried, whoever pulls the plug."""

import sqlite3
from pathlib import Path

from appliance.vault import throttle
from appliance.vault.throttle import Tries
from tests.appliance.vault.board import OTHER, PIN, Board

A_DAY = 86_400.0


def test_five_tries_are_free_then_each_wait_is_twice_the_last_up_to_an_hour() -> None:
    assert [throttle.wait(begun) for begun in (0, 4, 5, 6, 7, 11, 12, 500)] == [
        *(0, 0, 30, 60, 120, 1920, 3600, 3600)
    ]


def test_a_wait_runs_in_boot_time_and_begins_again_with_a_boot() -> None:
    tries = Tries(7, "boot-1", 60_000)
    assert throttle.left(tries, "boot-1", 60_000) == 120
    assert throttle.left(tries, "boot-1", 170_000) == 10
    assert throttle.left(tries, "boot-1", 500_000) == 0
    assert throttle.left(tries, "boot-2", 20_000) == 100


def test_a_try_is_forgotten_each_hour_that_surely_passed() -> None:
    tries = Tries(7, "boot-1", 60_000)
    for boot, boottime, begun in (("boot-1", 60_000, 7), ("boot-1", 3_659_999, 7)):
        assert throttle.eased(tries, boot, boottime) == Tries(begun, "boot-1", 60_000)
    assert throttle.eased(tries, "boot-1", 3_660_000).begun == 6
    assert throttle.eased(tries, "boot-2", 7_200_000).begun == 5
    assert throttle.eased(tries, "boot-1", 99 * 3_600_000).begun == 0


def test_a_pin_is_guessed_in_24_hours_with_odds_below_one_in_ten_thousand(tmp_path: Path) -> None:
    """The one who guesses has the box, wastes no second, and pulls the plug after each try."""
    with Board(tmp_path) as board:
        board.vault.choose(PIN)
        guesses, spent = 0, 0.0
        while True:
            board.power_is_cut(boottime=0)
            wait = board.vault.wait_left()
            if spent + wait > A_DAY:
                break
            spent += wait
            board.clock.advance(wait)
            assert board.vault.unlock(OTHER) == "wrong"
            guesses += 1
    assert guesses == 34
    assert guesses / 10**6 <= 1e-4


def test_a_try_too_soon_is_not_looked_at_even_if_it_is_right(tmp_path: Path) -> None:
    with Board(tmp_path) as board:
        board.vault.choose(PIN)
        board.vault.lock()
        for _ in range(5):
            assert board.vault.unlock(OTHER) == "wrong"
        assert board.vault.unlock(PIN) == "wait"
        board.clock.advance(29.9)
        assert board.vault.unlock(PIN) == "wait"
        board.clock.advance(0.1)
        assert board.vault.unlock(PIN) == "right"
        assert board.vault.wait_left() == 0


def test_a_try_is_on_the_card_before_it_is_looked_at(tmp_path: Path) -> None:
    """Another process sees it counted while the PIN is still being stretched."""
    with Board(tmp_path) as board:
        board.vault.choose(PIN)
        board.vault.lock()
        seen = []

        class Curious(str):
            """Looks at the card at the moment the PIN is first used."""

            def encode(self, *_: str) -> bytes:
                with sqlite3.connect(f"file:{board.path}?mode=ro", uri=True) as database:
                    seen.extend(database.execute("SELECT begun FROM tries WHERE what = 'pin'"))
                database.close()
                return super().encode()

        assert board.vault.unlock(Curious(OTHER)) == "wrong"
    assert seen == [(1,)]
