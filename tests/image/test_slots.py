"""The boot script chooses a slot: real U-Boot, the card's script, a disk with empty slots."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.image import tools_root
from tests.image.slot_board import SIZE, SlotBoard, Tries

pytestmark = [
    pytest.mark.skipif(not tools_root.there(), reason=tools_root.MISSING),
    pytest.mark.slow,
]
NOTHING = bytes(SIZE)
FULL = Tries("A B", 3, 3)


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SlotBoard]:
    with SlotBoard(tmp_path_factory.mktemp("slots")) as board:
        yield board


def damaged(block: bytes, place: int = 9) -> bytes:
    """One bit of it is another."""
    return block[:place] + bytes([block[place] ^ 1]) + block[place + 1 :]


def expected(tries: Tries) -> tuple[str, Tries]:
    """What the contract says: the first of the order with a try left, one fewer for it."""
    for slot in tries.order.split():
        left = {"A": tries.a, "B": tries.b}[slot]
        if left:
            fewer = tries._replace(a=left - 1) if slot == "A" else tries._replace(b=left - 1)
            return slot, fewer
    return "", tries._replace(a=3, b=3)


def test_a_disk_without_tries_starts_slot_a_and_both_copies_say_so(board: SlotBoard) -> None:
    assert board.holding(NOTHING, NOTHING).boots() == ("A", Tries("A B", 2, 3))
    assert board.copies() == [Tries("A B", 2, 3).block()] * 2


def test_what_fails_three_times_yields_to_the_other_and_nothing_is_ever_the_end(
    board: SlotBoard,
) -> None:
    board.holding(FULL.block(), FULL.block())
    slots = [board.boots()[0] for _ in range(9)]
    assert slots == ["A", "A", "A", "B", "B", "B", "", "A", "A"]


@pytest.mark.parametrize("order", ["A B", "B A", "A"])
@pytest.mark.parametrize("a", range(4))
@pytest.mark.parametrize("b", range(4))
def test_the_first_with_a_try_left_is_started_and_has_one_fewer(
    board: SlotBoard, order: str, a: int, b: int
) -> None:
    tries = Tries(order, a, b)
    slot, left = expected(tries)
    told = board.holding(tries.block(), tries.block()).boots()
    assert told == (slot, left if slot else Tries("", 3, 3))
    assert board.copies() == [left.block()] * 2


@pytest.mark.parametrize("place", [0, 9, 50, SIZE - 1])
def test_a_cut_while_the_first_copy_was_written_leaves_the_second(
    board: SlotBoard, place: int
) -> None:
    first, second = Tries("B A", 1, 2).block(), Tries("B A", 1, 3).block()
    assert board.holding(damaged(first, place), second).boots() == ("B", Tries("B A", 1, 2))
    assert board.copies() == [first] * 2


def test_a_cut_while_the_second_copy_was_written_leaves_the_first(board: SlotBoard) -> None:
    first, second = Tries("B A", 1, 2).block(), Tries("A B", 3, 3).block()
    assert board.holding(first, damaged(second)).boots() == ("B", Tries("B A", 1, 1))
    assert board.copies() == [Tries("B A", 1, 1).block()] * 2


def test_the_first_copy_is_believed_when_both_are_whole(board: SlotBoard) -> None:
    first, second = Tries("B A", 1, 2).block(), Tries("A B", 3, 3).block()
    assert board.holding(first, second).boots() == ("B", Tries("B A", 1, 1))


def test_two_damaged_copies_are_a_new_card(board: SlotBoard) -> None:
    spoilt = damaged(Tries("B A", 0, 1).block())
    assert board.holding(spoilt, spoilt).boots() == ("A", Tries("A B", 2, 3))
    assert board.copies() == [Tries("A B", 2, 3).block()] * 2


SENTENCE = "$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A"


def test_a_receiver_on_the_serial_line_does_not_stop_the_boot(tmp_path: Path) -> None:
    with SlotBoard(tmp_path) as board:
        assert board.chooses(hearing=SENTENCE)[0] == "A"


def test_without_our_change_the_receiver_stops_it(tmp_path: Path) -> None:
    with SlotBoard(tmp_path, u_boot=tools_root.U_BOOT) as board:
        assert board.chooses(hearing=SENTENCE) == ("", None)
