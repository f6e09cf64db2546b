"""The data partition in real ext4 images: grown, repaired, made, and never erased."""

import subprocess
from pathlib import Path

import pytest

from appliance.errors import OperatorError
from appliance.first_boot import data
from tests.appliance.first_boot.test_disk import MIB

ROW = b"a row that was acknowledged"


def partition(path: Path, megabytes: int) -> Path:
    """All zeros: never written."""
    with path.open("wb") as file:
        file.truncate(megabytes * MIB)
    return path


def formatted(path: Path, megabytes: int, tree: Path) -> Path:
    tree.mkdir()
    (tree / "screen.db").write_bytes(ROW * 1000)
    partition(path, megabytes)
    options = ["-q", "-F", "-b", "4096", "-i", "65536", "-d", str(tree)]
    subprocess.run(["mkfs.ext4", *options, str(path)], check=True)
    return path


def rows(device: Path) -> bytes:
    done = subprocess.run(
        ["debugfs", "-R", "cat screen.db", str(device)], capture_output=True, check=True
    )
    return done.stdout


def is_sound(device: Path) -> bool:
    return subprocess.run(["e2fsck", "-fn", str(device)], capture_output=True).returncode == 0


def place(device: Path) -> tuple[data.Place, list[str]]:
    """As if the system mounted it when asked, and it can be mounted when it is sound."""
    done = list[str]()

    def mount() -> None:
        if not is_sound(device):
            raise OperatorError("mount: wrong fs type, bad superblock.")
        done.append("mounted")

    return data.Place(device, lambda: bool(done), mount), done


def blocks(device: Path) -> int:
    told = subprocess.run(["dumpe2fs", "-h", str(device)], capture_output=True, text=True)
    (count,) = (line.split()[-1] for line in told.stdout.splitlines() if "Block count:" in line)
    return int(count)


def test_the_file_system_fills_its_partition_and_keeps_what_it_held(tmp_path: Path) -> None:
    device = formatted(tmp_path / "data", 64, tmp_path / "tree")
    with device.open("r+b") as file:
        file.truncate(2048 * MIB)
    where = data.Place(device, lambda: False, lambda: None)
    assert data.grow(where)
    assert blocks(device) == 2048 * 256
    assert rows(device) == ROW * 1000
    assert is_sound(device)
    assert not data.grow(where)


def test_growing_goes_on_where_it_was_cut(tmp_path: Path) -> None:
    """resize2fs killed midway leaves a file system that grows the next time."""
    device = formatted(tmp_path / "data", 64, tmp_path / "tree")
    with device.open("r+b") as file:
        file.truncate(4096 * MIB)
    subprocess.run(["e2fsck", "-fy", str(device)], capture_output=True)
    subprocess.run(["timeout", "-s", "KILL", "0.05", "resize2fs", str(device)], capture_output=True)
    data.grow(data.Place(device, lambda: False, lambda: None))
    assert blocks(device) == 4096 * 256
    assert rows(device) == ROW * 1000


def test_a_damaged_one_is_repaired_and_its_rows_are_there(tmp_path: Path) -> None:
    device = formatted(tmp_path / "data", 256, tmp_path / "tree")
    with device.open("r+b") as file:
        file.seek(1024)
        file.write(bytes(1024))  # the superblock is gone; there are copies of it
    where, _ = place(device)
    assert data.ready(where) == "repaired"
    assert rows(device) == ROW * 1000


def test_one_whose_first_blocks_are_gone_is_not_taken_for_a_new_one(tmp_path: Path) -> None:
    """Its superblock and the copies of it are zeros; what it held is there still."""
    device = formatted(tmp_path / "data", 64, tmp_path / "tree")
    with device.open("r+b") as file:
        file.write(bytes(64 * 1024))
    before = device.read_bytes()
    assert ROW in before
    where, _ = place(device)
    assert data.ready(where) == "lost"
    assert ROW in device.read_bytes()


def test_one_beyond_repair_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    device = partition(tmp_path / "data", 256)
    with device.open("r+b") as file:
        file.seek(200 * MIB)
        file.write(ROW)  # no file system, but something was there
    before = device.read_bytes()
    where, _ = place(device)
    assert data.ready(where) == "lost"
    assert device.read_bytes() == before


def test_one_that_was_never_written_gets_a_file_system(tmp_path: Path) -> None:
    device = partition(tmp_path / "data", 256)
    where, _ = place(device)
    assert data.ready(where) == "made"
    assert is_sound(device)
    told = subprocess.run(["dumpe2fs", "-h", str(device)], capture_output=True, text=True).stdout
    assert "Block size:               4096" in told


def test_one_that_is_mounted_or_not_there_is_let_alone(tmp_path: Path) -> None:
    assert data.ready(data.Place(tmp_path / "none", lambda: False, lambda: None)) == "absent"
    device = partition(tmp_path / "data", 4)
    assert data.ready(data.Place(device, lambda: True, lambda: None)) == "good"
    assert not any(device.read_bytes())


def test_what_is_no_ext4_is_not_grown(tmp_path: Path) -> None:
    device = partition(tmp_path / "data", 4)
    with pytest.raises(OperatorError, match="no ext4"):
        data.grow(data.Place(device, lambda: True, lambda: None))
