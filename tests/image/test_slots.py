"""The boot script chooses a slot: real U-Boot, the card's script, a disk with empty slots."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.update import slots
from appliance.update.slots import Slots
from tests.image import tools_root
from tests.image.needs import A_BOARD
from tests.image.slot_board import SlotBoard

pytestmark = [*A_BOARD, pytest.mark.slow]
NOTHING = bytes(slots.SIZE)
SENTENCE = "$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A"


def saying(order: str, a: int, b: int, *, trial: bool = False) -> Slots:
    return Slots(tuple(order.split()), {"A": a, "B": b}, trial)


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SlotBoard]:
    with SlotBoard(tmp_path_factory.mktemp("slots")) as board:
        yield board


def damaged(block: bytes, place: int = 9) -> bytes:
    """One bit of it is another."""
    return block[:place] + bytes([block[place] ^ 1]) + block[place + 1 :]


def after(told: Slots) -> tuple[str, Slots]:
    """What the contract says: the first of the order with a try left, one fewer for it."""
    for slot in told.order:
        if told.left[slot]:
            return slot, told._replace(left={**told.left, slot: told.left[slot] - 1})
    return "", told._replace(left={"A": 3, "B": 3})


def test_a_disk_without_tries_starts_slot_a_and_both_copies_say_so(board: SlotBoard) -> None:
    assert board.holding(NOTHING, NOTHING).boots() == "A"
    assert board.told() == [saying("A B", 2, 3)] * 2


def test_what_fails_three_times_yields_to_the_other_and_nothing_is_ever_the_end(
    board: SlotBoard,
) -> None:
    board.holding(*[slots.compose(Slots())] * 2)
    chosen = [board.boots() for _ in range(9)]
    assert chosen == ["A", "A", "A", "B", "B", "B", "", "A", "A"]


def test_a_new_system_that_never_comes_up_is_left_after_three_tries_and_known_to_be_on_trial(
    board: SlotBoard,
) -> None:
    board.holding(*[slots.compose(saying("A", 3, 0).first("B"))] * 2)
    assert [board.boots() for _ in range(4)] == ["B", "B", "B", "A"]
    assert board.told() == [saying("B A", 2, 0, trial=True)] * 2


@pytest.mark.parametrize("trial", [False, True])
@pytest.mark.parametrize("order", ["A B", "B A", "A"])
@pytest.mark.parametrize("a", range(4))
@pytest.mark.parametrize("b", range(4))
def test_the_first_with_a_try_left_is_started_and_has_one_fewer(
    board: SlotBoard, order: str, a: int, b: int, trial: bool
) -> None:
    told = saying(order, a, b, trial=trial)
    slot, left = after(told)
    assert board.holding(*[slots.compose(told)] * 2).boots() == slot
    assert board.told() == [left] * 2
    assert told.primary == (slot or after(left)[0])


@pytest.mark.parametrize("place", [0, 9, 50, slots.SIZE - 1])
def test_a_cut_while_the_first_copy_was_written_leaves_the_second(
    board: SlotBoard, place: int
) -> None:
    first, second = saying("B A", 1, 2), saying("B A", 1, 3)
    board.holding(damaged(slots.compose(first), place), slots.compose(second))
    assert board.boots() == "B"
    assert board.told() == [first] * 2


def test_a_cut_while_the_second_copy_was_written_leaves_the_first(board: SlotBoard) -> None:
    first, second = slots.compose(saying("B A", 1, 2)), slots.compose(saying("A B", 3, 3))
    assert board.holding(first, damaged(second)).boots() == "B"
    assert board.told() == [saying("B A", 1, 1)] * 2


def test_the_first_copy_is_believed_when_both_are_whole(board: SlotBoard) -> None:
    first, second = slots.compose(saying("B A", 1, 2)), slots.compose(saying("A B", 3, 3))
    assert board.holding(first, second).boots() == "B"


def test_two_damaged_copies_are_a_disk_without_tries(board: SlotBoard) -> None:
    spoilt = damaged(slots.compose(saying("B A", 0, 1)))
    assert board.holding(spoilt, spoilt).boots() == "A"
    assert board.told() == [saying("A B", 2, 3)] * 2


def test_a_receiver_on_the_serial_line_does_not_stop_the_boot(tmp_path: Path) -> None:
    with SlotBoard(tmp_path) as board:
        assert board.chooses(hearing=SENTENCE) == "A"


def test_without_our_change_the_receiver_stops_it(tmp_path: Path) -> None:
    with SlotBoard(tmp_path, u_boot=tools_root.U_BOOT) as board:
        assert board.chooses(hearing=SENTENCE) is None
