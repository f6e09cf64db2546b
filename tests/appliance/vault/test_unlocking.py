"""Who is let in, what it leaves in the journal, and a PIN that was forgotten."""

from pathlib import Path

import pytest

from appliance.journal import JournalReader
from appliance.vault.pins import Kdf
from protocol import reset_code
from protocol.day import Unlocked
from tests.appliance.vault.board import OTHER, PIN, QUICK, SECRET, Board, line

RESET_SECRET = b"s" * 32


def unlockings(board: Board) -> list[Unlocked]:
    with JournalReader.open(board.path) as reader:
        return [entry.event for entry in reader.entries(["staff.unlocked"])]


def test_the_first_start_has_no_pin_and_the_first_chosen_one_opens(tmp_path: Path) -> None:
    with Board(tmp_path) as board:
        assert not board.vault.has_pin
        assert board.vault.unlock("000000") == "wrong"
        board.vault.choose(PIN)
        assert board.vault.has_pin
        assert board.vault.is_open
        board.power_is_cut()
        assert not board.vault.is_open
        assert (board.vault.unlock(OTHER), board.vault.unlock(PIN)) == ("wrong", "right")


@pytest.mark.parametrize("pin", ["123456", "12345", "48219x"])
def test_a_trivial_pin_is_never_kept(tmp_path: Path, pin: str) -> None:
    with Board(tmp_path) as board:
        with pytest.raises(ValueError, match="no PIN to choose"):
            board.vault.choose(pin)
        assert not board.vault.has_pin


def test_nobody_who_is_out_can_choose_another_pin(tmp_path: Path) -> None:
    with Board(tmp_path) as board:
        board.vault.choose(PIN)
        board.vault.lock()
        with pytest.raises(ValueError, match="already"):
            board.vault.choose(OTHER)
        assert board.vault.unlock(PIN) == "right"


def test_staff_may_change_the_pin_and_keep_the_list(tmp_path: Path) -> None:
    with Board(tmp_path) as board:
        board.vault.choose(PIN)
        board.signs_up(line(1, "Zoé"))
        board.vault.choose(OTHER)
        board.power_is_cut()
        assert (board.vault.unlock(PIN), board.vault.unlock(OTHER)) == ("wrong", "right")
        assert board.names() == ["Zoé"]


def test_unlocking_tells_how_often_it_failed_before_and_no_more(tmp_path: Path) -> None:
    with Board(tmp_path) as board:
        board.vault.choose(PIN)
        for pin in (OTHER, "111111", PIN, PIN):
            board.vault.unlock(pin)
        assert unlockings(board) == [Unlocked(), Unlocked(failed_before=2), Unlocked()]


def test_the_right_pin_on_another_board_is_refused_and_costs_no_try(tmp_path: Path) -> None:
    with Board(tmp_path) as board:
        board.vault.choose(PIN)
        board.secret = b"F" * 32
        board.power_is_cut()
        assert board.vault.is_elsewhere
        assert [board.vault.unlock(PIN) for _ in range(7)] == ["wrong"] * 7
        board.secret = SECRET
        board.power_is_cut()
        assert board.vault.unlock(PIN) == "right"


def test_a_pin_is_kept_anew_when_the_board_or_the_cost_of_a_guess_changed(tmp_path: Path) -> None:
    with Board(tmp_path, secret=None) as board:
        board.vault.choose(PIN)
        board.secret, board.kdf = SECRET, Kdf(memory=128, passes=1)
        board.power_is_cut()
        assert board.vault.unlock(PIN) == "right"
        kept = board.vault._store.pin()
        assert kept.kdf == board.kdf != QUICK
        assert kept.board
        board.signs_up(line(1, "Zoé"))
        board.power_is_cut()
        assert board.vault.unlock(PIN) == "right"
        assert board.names() == ["Zoé"]


def test_the_cost_of_a_guess_is_what_is_kept_of_a_pin(tmp_path: Path) -> None:
    with Board(tmp_path) as board:
        board.vault.choose(PIN)
        row = board.journal.database.conn.execute("SELECT memory, passes, lanes FROM pin")
        assert row.fetchone() == tuple(QUICK)


def test_a_code_told_over_the_phone_forgets_the_pin_and_todays_list_alone(tmp_path: Path) -> None:
    with Board(tmp_path) as board:
        board.vault.choose(PIN)
        board.signs_up(line())
        board.vault.lock()
        challenge = board.vault.challenge()
        board.power_is_cut()
        assert board.vault.challenge() == challenge
        answer = reset_code.answer(RESET_SECRET, challenge)
        assert board.vault.answer(f" {answer[:5]}-{answer[5:].lower()}", RESET_SECRET) == "right"
        assert not board.vault.has_pin
        board.vault.choose(OTHER)
        assert (board.names(), board.view().gone) == ([], True)
        assert len(unlockings(board)) == 2


def test_a_code_works_once(tmp_path: Path) -> None:
    with Board(tmp_path) as board:
        board.vault.choose(PIN)
        answer = reset_code.answer(RESET_SECRET, board.vault.challenge())
        assert board.vault.answer(answer, RESET_SECRET) == "right"
        assert board.vault.answer(answer, RESET_SECRET) == "wrong"
        board.vault.choose(PIN)
        board.vault.challenge()
        assert board.vault.answer(answer, RESET_SECRET) == "wrong"
        assert board.vault.has_pin


def test_codes_are_throttled_as_pins_are_and_neither_bars_the_other(tmp_path: Path) -> None:
    with Board(tmp_path) as board:
        board.vault.choose(PIN)
        board.vault.lock()
        answer = reset_code.answer(RESET_SECRET, board.vault.challenge())
        wrong = [board.vault.answer("0123456789", RESET_SECRET) for _ in range(6)]
        assert wrong == [*["wrong"] * 5, "wait"]
        assert board.vault.answer(answer, RESET_SECRET) == "wait"
        assert board.vault.wait_left("pin") == 0
        board.power_is_cut()
        assert 0 < board.vault.wait_left("code") <= 30
        board.clock.advance(30)
        assert board.vault.answer(answer, RESET_SECRET) == "right"


def test_settings_forget_the_pin_once_per_number(tmp_path: Path) -> None:
    with Board(tmp_path) as board:
        assert board.vault.reset_by(3)
        board.vault.choose(PIN)
        board.signs_up(line())
        assert not board.vault.reset_by(3)
        assert not board.vault.reset_by(2)
        assert board.vault.is_open
        assert board.vault.reset_by(4)
        assert not board.vault.is_open
        assert not board.vault.has_pin
        board.vault.choose(PIN)
        assert (board.names(), board.view().gone) == ([], True)
        board.power_is_cut()
        assert not board.vault.reset_by(4)
