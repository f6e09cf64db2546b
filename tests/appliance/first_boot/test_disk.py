"""A card's first sector on real images made by sfdisk: its own number, the last partition grown."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from appliance.errors import OperatorError
from appliance.first_boot import disk, kept, table

MIB = 1024 * 1024
LAYOUT = """label: dos
label-id: 0xe5ca1e01
start=16384, size=65536, type=c, bootable
start=81920, size=65536, type=83
start=147456, size=65536, type=83
start=212992, size=65536, type=83
"""
END_OF_THE_IMAGE = (212992 + 65536) * 512


def flashed(path: Path, size: int) -> Path:
    """An image written onto a card of that size."""
    path.touch()
    with path.open("r+b") as file:
        file.truncate(size)
    subprocess.run(["sfdisk", "-q", str(path)], input=LAYOUT, text=True, check=True)
    with path.open("r+b") as file:
        file.seek(2 * MIB)
        file.write(b"the tries of U-Boot")
    return path


def told(image: Path) -> dict[str, Any]:
    """The table as sfdisk reads it."""
    done = subprocess.run(["sfdisk", "--json", str(image)], capture_output=True, check=True)
    return json.loads(done.stdout)["partitiontable"]


def system(tmp_path: Path, name: str = "system") -> Path:
    folder = tmp_path / name
    folder.mkdir()
    return folder


def test_the_last_partition_grows_to_the_end_and_nothing_else_moves(tmp_path: Path) -> None:
    image = flashed(tmp_path / "card.img", 4096 * MIB)
    before = told(image)
    assert disk.own(image, system(tmp_path))
    after = told(image)
    assert after["partitions"][:3] == before["partitions"][:3]
    last, was = after["partitions"][3], before["partitions"][3]
    assert (last["start"], last["type"]) == (was["start"], was["type"])
    assert (last["start"] + last["size"]) * 512 == 4095 * MIB
    with image.open("rb") as file:
        file.seek(2 * MIB)
        assert file.read(19) == b"the tries of U-Boot"
    checked = subprocess.run(["sfdisk", "--verify", str(image)], capture_output=True, text=True)
    assert (checked.returncode, "overlap" in checked.stdout) == (0, False)


def test_a_second_boot_changes_nothing(tmp_path: Path) -> None:
    image, kept_at = flashed(tmp_path / "card.img", 1024 * MIB), system(tmp_path)
    disk.own(image, kept_at)
    first = image.read_bytes()[:512]
    assert not disk.own(image, kept_at)
    assert image.read_bytes()[:512] == first


def test_two_cards_of_one_image_have_two_numbers(tmp_path: Path) -> None:
    numbers = set()
    for name in ("one", "two"):
        image = flashed(tmp_path / f"{name}.img", 512 * MIB)
        disk.own(image, system(tmp_path, name))
        numbers.add(told(image)["id"])
    assert len(numbers | {"0xe5ca1e01"}) == 3


def test_a_cut_before_the_table_was_written_gives_the_same_number_again(tmp_path: Path) -> None:
    image, kept_at = flashed(tmp_path / "card.img", 512 * MIB), system(tmp_path)
    number = kept.disk_number(kept_at)  # and the power is cut here
    disk.own(image, kept_at)
    assert told(image)["id"] == f"0x{number:08x}"


def test_number_and_size_are_one_write_of_one_sector(tmp_path: Path) -> None:
    """Whatever is on the card after a cut is a whole table: the one before, or the one after."""
    image, kept_at = flashed(tmp_path / "card.img", 512 * MIB), system(tmp_path)
    trace = tmp_path / "trace"
    script = (
        "from pathlib import Path; from appliance.first_boot import disk;"
        f"disk.own(Path({str(image)!r}), Path({str(kept_at)!r}))"
    )
    subprocess.run(
        ["strace", "-f", "-y", "-e", "trace=write,pwrite64,fsync", "-o", trace,
         ".venv/bin/python", "-c", script], check=True, cwd=Path(__file__).parents[3],
    )  # fmt: skip
    calls = [line.split(None, 1)[1] for line in trace.read_text().splitlines()]
    on_card = [one.partition("(")[0] for one in calls if str(image) in one]
    assert on_card == ["pwrite64", "fsync"]
    kept_first = next(i for i, one in enumerate(calls) if "fsync" in one and kept.DISK in one)
    assert kept_first < next(i for i, one in enumerate(calls) if "pwrite64" in one)


def test_a_card_that_is_full_already_stays_as_it_is(tmp_path: Path) -> None:
    image = flashed(tmp_path / "card.img", END_OF_THE_IMAGE)
    disk.own(image, system(tmp_path))
    assert told(image)["partitions"][3]["size"] == 65536


def test_a_card_larger_than_its_table_can_tell_is_used_as_far_as_it_can() -> None:
    last = table.Partition(212992, 65536)
    assert last.start + table.to_the_end(last, 2**33) <= 2**32 - 1


def test_what_has_no_table_of_ours_is_not_written(tmp_path: Path) -> None:
    image = tmp_path / "card.img"
    image.write_bytes(bytes(4 * MIB))
    with pytest.raises(OperatorError, match="no partition table"):
        disk.own(image, system(tmp_path))
    subprocess.run(["sfdisk", "-q", str(image)], input="label: gpt\n", text=True, check=True)
    before = image.read_bytes()
    with pytest.raises(OperatorError, match="GPT"):
        disk.own(image, tmp_path / "system")
    assert image.read_bytes() == before
