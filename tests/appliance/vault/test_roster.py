"""Today's names on board: who sees them, what a power cut takes, and when they are gone for good.

Cited by docs/privacy.md for the rule `unit.roster`.
"""

import json
import shutil
import sqlite3
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from appliance.journal import JournalReader
from appliance.vault import days, pins
from protocol import sealing
from protocol.day import Closed
from protocol.documents import Roster, RosterLine, roster_info
from tests.appliance.vault.board import DAY, HOUR, OTHER, PIN, SECRET, UNIT, UTC, Board, line

NAMES = ("Aïcha", "Zoé", "Bùi")


def unlocked(board: Board, *names: str) -> Board:
    """Staff are in, and these people signed up on this screen."""
    board.vault.choose(PIN)
    board.signs_up(*(line(number, name) for number, name in enumerate(names, 1)))
    return board


def document(board: Board, *lines: RosterLine, unit: str = UNIT) -> Roster:
    """As the federation makes it for the key that the unit's status named."""
    key = X25519PublicKey.from_public_bytes(bytes.fromhex(board.vault.day_key))
    sealed = sealing.seal_bytes(msgspec.json.encode(list(lines)), key, roster_info(unit))
    return Roster(day_key=board.vault.day_key, sealed=sealed)


def raw(board: Board) -> bytes:
    """Every byte of the data folder."""
    files = sorted(path for path in board.path.parent.rglob("*") if path.is_file())
    return b"".join(path.read_bytes() for path in files)


def traces(board: Board) -> list[bytes]:
    """Bytes that would open today's names, or are them sealed."""
    day = board.vault._store.day()
    assert day is not None
    assert day.capsule
    # A page may cut a long value in two: parts are looked for.
    whole = [day.public, day.capsule, *board.vault._store.lines()]
    return [one[start : start + 16] for one in whole for start in range(0, len(one) - 16, 16)]


def is_erased(board: Board) -> bool:
    return board.vault._store.day() is None and not board.vault._store.lines()


# Who sees them


def test_sign_ups_of_this_screen_are_seen_by_whoever_was_let_in(tmp_path: Path) -> None:
    with Board(tmp_path) as board:
        unlocked(board, *NAMES)
        assert board.names() == [*NAMES]
        board.vault.lock()
        assert board.names() == []
        board.signs_up(line(4, "Léo"))
        assert board.vault.unlock(PIN) == "right"
        assert board.names() == [*NAMES, "Léo"]


def test_before_the_first_unlocking_there_is_no_key_and_nothing_is_kept(tmp_path: Path) -> None:
    with Board(tmp_path) as board:
        board.signs_up(line())
        assert board.vault.day_key == ""
        board.vault.choose(PIN)
        assert board.names() == []
        assert len(board.vault.day_key) == 64


def test_one_number_of_two_vans_is_two_people(tmp_path: Path) -> None:
    here, there = (msgspec.structs.replace(line(1), unit=unit) for unit in (UNIT, "van-marius"))
    with Board(tmp_path) as board:
        board.vault.choose(PIN)
        board.signs_up(here, line(2))
        assert board.vault.roster(document(board, there)).lines == (here, there, line(2))
        assert board.vault.roster(document(board, here, line(2))).lines == (here, line(2))
        unnamed = line(1)
        assert board.vault.roster(document(board, unnamed)).lines == (unnamed, line(2))


def test_names_from_elsewhere_are_merged_and_nobody_is_listed_twice(tmp_path: Path) -> None:
    with Board(tmp_path) as board:
        unlocked(board, "Aïcha", "Zoé")
        told = document(board, line(2, "Zoé B."), line(7, "Ana"), line(2, "Max", "yoga"))
        view = board.view(told)
        assert [(one.workshop, one.number, one.first_name) for one in view.lines] == [
            ("cv", 1, "Aïcha"),
            ("cv", 2, "Zoé B."),
            ("cv", 7, "Ana"),
            ("yoga", 2, "Max"),
        ]


def test_two_vans_that_gave_the_same_number_hide_nobody(tmp_path: Path) -> None:
    with Board(tmp_path) as board:
        unlocked(board, "Aïcha")
        told = document(board, line(1, "Aïcha"), line(1, "Ana"), line(2, "Max"))
        assert board.names(told) == ["Aïcha", "Ana", "Max"]


def test_a_document_for_another_key_another_unit_or_changed_is_left_out(tmp_path: Path) -> None:
    with Board(tmp_path) as board:
        unlocked(board, "Aïcha")
        good = document(board, line(7, "Ana"))
        strayed = document(board, line(7, "Ana"), unit="van-autre")
        changed = msgspec.structs.replace(good, sealed=good.sealed[:-1] + b"\0")
        older = msgspec.structs.replace(good, day_key="ab" * 32)
        assert board.names(good) == ["Aïcha", "Ana"]
        for bad in (strayed, changed, older, Roster(day_key=good.day_key)):
            assert board.names(bad) == ["Aïcha"]


def test_a_list_tells_no_name_when_it_is_printed(tmp_path: Path) -> None:
    with Board(tmp_path) as board:
        unlocked(board, *NAMES)
        told = f"{board.view()!r} {board.view().lines[0]!s} {board.vault!r}"
        assert not any(name in told or "06 12" in told for name in NAMES)


# What a power cut takes


def test_after_a_power_cut_the_pin_brings_the_list_back(tmp_path: Path) -> None:
    with Board(tmp_path) as board:
        unlocked(board, *NAMES)
        key = board.vault.day_key
        board.power_is_cut(utc=UTC + HOUR)
        assert board.vault.day_key == key
        board.signs_up(line(4, "Léo"))
        assert board.vault.unlock(OTHER) == "wrong"
        assert board.names() == []
        assert board.vault.unlock(PIN) == "right"
        assert (board.names(), board.view().gone) == ([*NAMES, "Léo"], False)


def test_strict_mode_loses_the_list_at_a_power_cut_and_says_so(tmp_path: Path) -> None:
    with Board(tmp_path, secret=None) as board:
        assert board.vault.is_strict
        unlocked(board, *NAMES)
        key = board.vault.day_key
        board.vault.lock()
        assert board.vault.unlock(PIN) == "right"
        assert board.names() == [*NAMES]
        board.power_is_cut()
        assert board.vault.day_key == ""
        assert board.vault._store.lines() == []
        assert board.vault.unlock(PIN) == "right"
        assert (board.names(), board.view().gone) == ([], True)
        assert board.vault.day_key not in ("", key)
        told = document(board, line(1, "Aïcha"))
        assert (board.names(told), board.view(told).gone) == (["Aïcha"], False)


def test_a_card_in_another_board_opens_nothing_even_with_the_right_pin(tmp_path: Path) -> None:
    with Board(tmp_path) as board:
        unlocked(board, *NAMES)
        day, kept = board.vault._store.day(), board.vault._store.pin()
        stretched = pins.stretch(PIN, kept.salt, kept.kdf)
        assert days.unwrap(day, pins.capsule_key(stretched, SECRET)) is not None
        assert days.unwrap(day, pins.capsule_key(stretched, b"F" * 32)) is None
        board.secret = b"F" * 32
        board.power_is_cut(utc=UTC + HOUR)
        assert board.vault.unlock(PIN) == "wrong"
        assert board.names() == []


# When they are gone


def test_day_closing_erases_todays_names_and_their_key_from_the_card(tmp_path: Path) -> None:
    with Board(tmp_path) as board:
        unlocked(board, *NAMES)
        board.power_is_cut(utc=UTC + HOUR)  # what was written is in the file, not in its log alone
        assert board.vault.unlock(PIN) == "right"
        board.signs_up(line(4, "Léo"))
        left = traces(board)
        assert all(trace in raw(board) for trace in left)
        board.vault.end_day(Closed())
        assert is_erased(board)
        assert [trace for trace in left if trace in raw(board)] == []
        assert board.vault.day_key == ""
        assert not board.vault.is_open


def test_a_closing_that_the_card_does_not_take_leaves_the_day_as_it_was(tmp_path: Path) -> None:
    with Board(tmp_path, secret=None) as board:
        unlocked(board, *NAMES)
        board.journal.database.conn.execute(
            "CREATE TRIGGER broken BEFORE DELETE ON roster BEGIN SELECT RAISE(ABORT, 'broken'); END"
        )
        with pytest.raises(sqlite3.IntegrityError, match="broken"):
            board.vault.end_day(Closed())
        assert board.names() == [*NAMES]
        with JournalReader.open(board.path) as reader:
            assert list(reader.entries(["day.closed"])) == []


def test_the_key_leaves_memory_with_the_day(tmp_path: Path) -> None:
    with Board(tmp_path) as board:
        unlocked(board, *NAMES)
        board.vault.end_day(Closed())
        assert board.vault._days._private is None
        board.vault.unlock(PIN)
        board.vault.reset_by(1)
        assert board.vault._days._private is None


def test_a_reader_in_the_way_delays_the_erasing_and_does_not_prevent_it(tmp_path: Path) -> None:
    with Board(tmp_path) as board:
        unlocked(board, *NAMES)
        left = traces(board)
        with JournalReader.open(board.path):
            board.vault.end_day(Closed())
            assert any(trace in raw(board) for trace in left)
        board.vault.step()
        assert [trace for trace in left if trace in raw(board)] == []


def test_a_kill_right_after_the_closing_leaves_nothing_after_the_next_start(tmp_path: Path) -> None:
    with Board(tmp_path / "before") as board:
        unlocked(board, *NAMES)
        left = traces(board)
        with board.journal.atomic():
            board.vault._store.forget_day()
        assert any(trace in raw(board) for trace in left)
        # What lies on the card at the very moment of the kill: nobody closes a file then.
        shutil.copytree(tmp_path / "before", tmp_path / "after")
    with Board(tmp_path / "after") as board:
        assert [trace for trace in left if trace in raw(board)] == []


@pytest.mark.parametrize("utc", [UTC, None])
def test_a_day_nobody_closed_ends_by_itself_after_18_hours(tmp_path: Path, utc: int | None) -> None:
    with Board(tmp_path, utc=utc and utc - 10 * HOUR) as board:  # from two in the morning on
        unlocked(board, *NAMES)
        left = traces(board)
        board.hours_pass(17.9)
        assert not is_erased(board)
        board.hours_pass(0.2)
        assert is_erased(board)
        assert [trace for trace in left if trace in raw(board)] == []
        assert board.names() == []


def test_18_hours_count_across_power_cuts_without_any_clock(tmp_path: Path) -> None:
    with Board(tmp_path, utc=None) as board:
        unlocked(board, *NAMES)
        for _ in range(5):
            board.hours_pass(3.4)
            board.power_is_cut()
        assert not is_erased(board)
        board.hours_pass(1.5)
        assert is_erased(board)


def test_the_time_the_power_was_off_counts_once_it_is_known(tmp_path: Path) -> None:
    with Board(tmp_path, utc=None) as board:
        unlocked(board, *NAMES)
        board.it_is(UTC - 10 * HOUR)  # the first fix, later than the first unlocking
        board.hours_pass(0.1)
        board.power_is_cut()
        board.hours_pass(0.1)
        assert not is_erased(board)
        board.it_is(UTC + 9 * HOUR)
        board.vault.step()
        assert is_erased(board)


def test_the_next_date_ends_the_day_too(tmp_path: Path) -> None:
    with Board(tmp_path, utc=UTC + 8 * HOUR) as board:  # eight in the evening
        unlocked(board, *NAMES)
        board.hours_pass(3.8)
        assert not is_erased(board)
        board.hours_pass(0.2)
        assert is_erased(board)


@pytest.mark.parametrize("jump", [-3650 * DAY, -DAY, DAY, 3650 * DAY])
def test_a_clock_that_jumps_loses_no_name_of_today(tmp_path: Path, jump: int) -> None:
    with Board(tmp_path) as board:
        unlocked(board, *NAMES)
        board.it_is(UTC + jump)
        board.vault.step()
        board.hours_pass(1)
        board.it_is(UTC + HOUR)
        board.hours_pass(1)
        assert board.names() == [*NAMES]


@pytest.mark.parametrize("jump", [-3650 * DAY, 3650 * DAY])
def test_an_absurd_clock_after_a_power_cut_loses_none_either(tmp_path: Path, jump: int) -> None:
    with Board(tmp_path) as board:
        unlocked(board, *NAMES)
        board.power_is_cut(utc=UTC + jump)
        assert board.vault.unlock(PIN) == "right"
        assert board.names() == [*NAMES]


def test_no_clock_that_goes_back_brings_a_name_back(tmp_path: Path) -> None:
    with Board(tmp_path, utc=UTC - 10 * HOUR) as board:
        unlocked(board, *NAMES)
        told = document(board, line(7, "Ana"))
        board.hours_pass(18)
        assert is_erased(board)
        board.it_is(UTC - 10 * HOUR)
        board.vault.step()
        assert board.vault.unlock(PIN) == "right"
        assert (board.names(told), board.view(told).gone) == ([], False)


def test_no_name_lies_in_clear_on_the_card(tmp_path: Path) -> None:
    with Board(tmp_path) as board:
        unlocked(board, "Canari-Aïcha")
        card = raw(board)
        assert json.dumps("Canari").strip('"').encode() not in card
        assert "Aïcha".encode() not in card
        assert b"06 12 34" not in card
        assert PIN.encode() not in card
