"""The two copies of the tries: never unreadable, and always one slot to start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.update import slots
from appliance.update.slots import NAMES, PLACES, SIZE, TRIES, Slots

ROOM = PLACES[1] + SIZE
FRESH = Slots(("A",), {"A": 3, "B": 0})
"""As a new card has it: nothing is in slot B."""
SLOTS = st.builds(
    lambda order, a, b, trial: Slots(tuple(order), {"A": a, "B": b}, trial),
    st.sampled_from([["A"], ["B"], ["A", "B"], ["B", "A"]]),
    st.integers(0, TRIES),
    st.integers(0, TRIES),
    st.booleans(),
)


def disk_with(folder: Path, told: Slots | None = FRESH) -> Path:
    disk = folder / "disk"
    with disk.open("wb") as file:
        file.truncate(ROOM)
    if told is not None:
        slots.write(told, disk)
    return disk


def as_u_boot(told: Slots) -> tuple[str, Slots]:
    """What image/boot/boot.cmd does with it at one start: the slot, and what it leaves."""
    for name in told.order:
        if told.left[name] > 0:
            return name, Slots(told.order, {**told.left, name: told.left[name] - 1}, told.trial)
    return as_u_boot(Slots(told.order, dict.fromkeys(NAMES, TRIES), told.trial))


def cut(before: bytes, after: bytes, at: int, torn: bytes) -> list[bytes]:
    """Both copies when the power went after `at` bytes, and what was under way is torn."""
    written = after + after
    old = before + before
    half = written[:at] + torn + old[at + len(torn) :]
    # What is torn is of the copy that was being written, never of the other.
    if at < SIZE < at + len(torn):
        half = half[:SIZE] + old[SIZE:]
    return [half[:SIZE], half[SIZE : 2 * SIZE]]


@given(SLOTS)
def test_what_is_composed_is_parsed(told: Slots) -> None:
    assert slots.parse(slots.compose(told)) == told
    assert len(slots.compose(told)) == SIZE


@given(SLOTS, SLOTS, st.integers(0, 2 * SIZE), st.binary(max_size=512))
def test_a_write_cut_at_any_byte_leaves_what_was_or_what_is(
    before: Slots, after: Slots, at: int, torn: bytes
) -> None:
    copies = cut(slots.compose(before), slots.compose(after), at, torn)
    found = slots.choose(iter(copies))
    assert found in (before, after)
    assert as_u_boot(found)[0] in NAMES


@given(SLOTS, SLOTS, st.integers(0, SIZE - 1))
def test_one_copy_alone_could_not_bear_a_cut(before: Slots, after: Slots, at: int) -> None:
    """The control: without the second copy, most cuts lose what both slots were worth."""
    torn = slots.compose(after)[:at] + slots.compose(before)[at:]
    if torn not in (slots.compose(before), slots.compose(after)):
        assert slots.parse(torn) is None


@given(st.binary(max_size=64), st.integers(0, SIZE - 1), st.integers(0, 7))
def test_a_flipped_bit_is_noticed(rest: bytes, at: int, bit: int) -> None:
    block = bytearray(slots.compose(FRESH))
    block[at] ^= 1 << bit
    assert slots.parse(bytes(block)) is None
    assert slots.parse(rest) is None


@given(st.lists(st.sampled_from(["start", "good", "bad", "install"]), max_size=40))
def test_whatever_happens_a_slot_starts_and_the_tries_stay_within_bounds(deeds: list[str]) -> None:
    told, running = FRESH, "A"
    for deed in deeds:
        other = "B" if running == "A" else "A"
        if deed == "start":
            running, told = as_u_boot(told)
        elif deed == "good":
            told = told.good(running)
        elif deed == "bad":
            told = told.bad(running)
        else:
            told = told.bad(other).first(other)
        assert slots.parse(slots.compose(told)) == told
        assert all(0 <= left <= TRIES for left in told.left.values())
        assert as_u_boot(told)[0] == told.primary
        assert deed != "good" or told.is_good(running)


def test_a_new_system_is_tried_three_times_and_then_the_one_before_starts_again() -> None:
    told = FRESH.bad("B").first("B")
    assert told.is_tried("B")
    started = []
    for _ in range(5):
        running, told = as_u_boot(told)
        started.append(running)
        assert told.trial
    assert started == ["B", "B", "B", "A", "A"]
    told = told.good("A")
    assert told.order == ("A", "B")
    assert not told.trial
    assert not told.is_good("B")


def test_a_new_system_that_proves_itself_on_its_last_try_stays() -> None:
    told = FRESH.first("B")
    for _ in range(3):
        running, told = as_u_boot(told)
    told = told.good(running)
    assert told == Slots(("B", "A"), {"A": 3, "B": 3}, trial=False)


def test_the_running_system_is_found_good_again_before_the_new_one_has_started() -> None:
    told = FRESH.first("B").good("A")
    assert told.primary == "B"
    assert told.is_tried("B")


def test_a_new_system_that_is_taken_back_before_its_start_leaves_no_trial() -> None:
    told = FRESH.first("B").taken_back("B")
    assert told == Slots(("A", "B"), {"A": 3, "B": 0}, trial=False)
    assert as_u_boot(told)[0] == "A"
    on_trial = FRESH.first("B")
    assert on_trial.taken_back("A") == on_trial.bad("A")


def test_the_second_copy_serves_when_the_first_is_lost(tmp_path: Path) -> None:
    disk = disk_with(tmp_path, FRESH.first("B"))
    with disk.open("r+b") as file:
        file.seek(PLACES[0])
        file.write(b"\xff" * SIZE)
    assert slots.read(disk) == FRESH.first("B")
    with disk.open("r+b") as file:
        file.seek(PLACES[1])
        file.write(b"\xff" * SIZE)
    assert slots.read(disk) == Slots()


def test_what_is_said_already_is_not_written_again(tmp_path: Path) -> None:
    disk = disk_with(tmp_path, FRESH)
    os.utime(disk, ns=(0, 0))
    slots.write(FRESH, disk)
    assert disk.stat().st_mtime_ns == 0
    slots.write(FRESH.first("B"), disk)
    assert disk.stat().st_mtime_ns != 0


@pytest.mark.parametrize("place", PLACES)
def test_a_copy_that_was_lost_is_made_again(tmp_path: Path, place: int) -> None:
    disk = disk_with(tmp_path, FRESH)
    whole = disk.read_bytes()
    with disk.open("r+b") as file:
        file.seek(place + 9)
        file.write(b"\xff")
    slots.write(FRESH, disk)
    assert disk.read_bytes() == whole


def test_nothing_else_on_the_disk_is_touched(tmp_path: Path) -> None:
    disk = disk_with(tmp_path, None)
    disk.write_bytes(b"x" * ROOM)
    slots.write(FRESH, disk)
    left = disk.read_bytes()
    assert left[: PLACES[0]] == b"x" * PLACES[0]
    assert left[PLACES[0] + SIZE : PLACES[1]] == b"x" * (PLACES[1] - PLACES[0] - SIZE)


def say(capsys: pytest.CaptureFixture[str], disk: Path, *words: str) -> str:
    line = disk.with_name("cmdline")
    line.write_text("root=PARTUUID=1-02 ro rauc.slot=A quiet\n")
    assert slots.main(list(words), disk, line) == 0
    return capsys.readouterr().out.strip()


def test_rauc_installs_and_the_health_check_decides(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    disk = disk_with(tmp_path)
    assert say(capsys, disk, "get-current") == "A"
    assert say(capsys, disk, "get-primary") == "A"
    assert say(capsys, disk, "get-state", "B") == "bad"
    say(capsys, disk, "set-state", "B", "bad")
    say(capsys, disk, "set-primary", "B")
    assert say(capsys, disk, "get-primary") == "B"
    assert say(capsys, disk, "get-state", "B") == "good"
    assert say(capsys, disk, "get-trial") == "B"
    say(capsys, disk, "set-state", "B", "good")
    assert say(capsys, disk, "get-trial") == ""


@pytest.mark.parametrize("words", [[], ["get-state"], ["set-state", "C", "good"], ["boot", "A"]])
def test_other_words_are_refused_and_change_nothing(words: list[str], tmp_path: Path) -> None:
    disk = disk_with(tmp_path)
    before = disk.read_bytes()
    assert slots.main(words, disk) == 2
    assert disk.read_bytes() == before


def test_a_disk_that_is_not_there_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert slots.main(["get-primary"], tmp_path / "none") == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_it_stands_alone_for_rauc_asks_often() -> None:
    code = "import sys, appliance.update.slots; print(*sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert {"msgspec", "protocol", "sqlite3", "ssl", "logging"} & set(told) == set()


def test_a_new_card_has_what_this_reads(tmp_path: Path) -> None:
    """image/first_tries.py runs where nothing of ours is installed."""
    disk = disk_with(tmp_path, None)
    script = Path(__file__).parents[3] / "image" / "first_tries.py"
    subprocess.run([sys.executable, script, disk], check=True)
    assert slots.read(disk) == FRESH
