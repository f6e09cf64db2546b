"""What one card has and no other: made once, kept, made anew when it is damaged."""

from pathlib import Path

import pytest

from appliance.first_boot import kept, machine


def test_the_machine_id_is_made_once(tmp_path: Path) -> None:
    first = kept.machine_id(tmp_path)
    assert (len(first), first[12]) == (32, "4")
    assert kept.machine_id(tmp_path) == first
    assert (tmp_path / kept.MACHINE).read_text() == f"{first}\n"


@pytest.mark.parametrize("left", [b"", b"\xff\xfe", b"uninitialized\n", b"0123"])
def test_a_damaged_one_is_made_anew(tmp_path: Path, left: bytes) -> None:
    (tmp_path / kept.MACHINE).write_bytes(left)
    made = kept.machine_id(tmp_path)
    assert kept.machine_id(tmp_path) == made


def test_no_disk_has_the_number_none(tmp_path: Path) -> None:
    assert kept.disk_number(tmp_path, lambda size: bytes(size)) == 0x10000000
    assert kept.disk_number(tmp_path) == 0x10000000


def test_chance_is_carried_over_and_never_twice_the_same(tmp_path: Path) -> None:
    pool = tmp_path / "pool"
    pool.touch()
    kept.stir(tmp_path, pool)
    first = (tmp_path / kept.SEED).read_bytes()
    assert (len(first), pool.read_bytes()) == (kept.SEED_SIZE, b"")
    kept.stir(tmp_path, pool)
    assert pool.read_bytes() == first
    assert (tmp_path / kept.SEED).read_bytes() != first
    assert (tmp_path / kept.SEED).stat().st_mode & 0o777 == 0o600


def test_four_letters_are_a_cards_own_and_always_the_same() -> None:
    one, two = "0123456789ab4def8123456789abcdef", "fedcba98765443218123456789abcdef"
    assert kept.four_letters(one) == kept.four_letters(one)
    assert kept.four_letters(one) != kept.four_letters(two)
    assert set(kept.four_letters(one)) <= set(kept.LETTERS)


def test_the_running_system_takes_the_id_and_finds_its_log_under_it(tmp_path: Path) -> None:
    place, logs, mine = tmp_path / "machine-id", tmp_path / "journal", "a" * 32
    place.write_text("b" * 32 + "\n")
    (logs / ("b" * 32)).mkdir(parents=True)
    (logs / ("b" * 32) / "system.journal").write_bytes(b"lines")
    inode = place.stat().st_ino
    for _ in range(2):
        machine.wear(mine, place, logs)
    assert (place.read_text(), place.stat().st_ino) == (f"{mine}\n", inode)
    assert (logs / mine / "system.journal").read_bytes() == b"lines"


def test_a_host_is_called_by_its_unit() -> None:
    assert machine.host_name("van-germaine") == "escale-van-germaine"
    assert machine.host_name("spare-abcd") == "escale-abcd"
