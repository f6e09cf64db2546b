"""What gives way when the card fills up."""

from pathlib import Path

import pytest

from appliance import disk
from appliance.disk import Limits

LIMITS = Limits(low=1000, full=100)


@pytest.mark.parametrize(
    ("before", "free", "after"),
    [
        ("ok", 1000, "ok"),
        ("ok", 999, "low"),
        ("low", 1999, "low"),
        ("low", 2000, "ok"),
        ("ok", 99, "full"),
        ("low", 99, "full"),
        ("full", 199, "full"),
        ("full", 200, "low"),
        ("full", 1999, "low"),
        ("full", 2000, "ok"),
    ],
)
def test_a_state_is_left_only_when_there_is_room_again(
    before: disk.State, free: int, after: disk.State
) -> None:
    assert disk.state(free, before, LIMITS) == after


def test_positions_give_way_on_a_disk_that_is_low_or_full() -> None:
    states: list[disk.State] = ["ok", "low", "full"]
    assert [disk.keeps_track(state) for state in states] == [True, False, False]


def test_ballast_is_real_space_and_is_given_back(tmp_path: Path) -> None:
    path = tmp_path / "ballast"
    assert disk.make_ballast(path, 1 << 20)
    assert path.stat().st_blocks * 512 >= 1 << 20
    assert disk.make_ballast(path, 1 << 20)
    assert (disk.free_ballast(path), disk.free_ballast(path)) == (True, False)
    assert not path.exists()


def test_a_disk_without_the_room_gets_no_ballast_and_keeps_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "ballast"
    assert not disk.make_ballast(path, 1 << 60)
    assert not path.exists()
