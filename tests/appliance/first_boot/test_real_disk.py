"""A card as the kernel has it: partitions of a disk, one of them mounted while it grows."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from appliance.first_boot import data, disk
from tests.appliance.first_boot.test_data import ROW
from tests.appliance.first_boot.test_disk import MIB, flashed

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root may attach and mount a disk"),
]


def run(*command: object) -> str:
    words = [str(word) for word in command]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()


def may(capability: int) -> bool:
    """Whether this process has it: a container's root has not all of them."""
    (line,) = (one for one in Path("/proc/self/status").read_text().splitlines() if "CapEff" in one)
    return bool(int(line.split()[1], 16) >> capability & 1)


CAP_SYS_RESOURCE = 24


@pytest.fixture
def attached(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """The disk, and where its data partition is mounted with a row on it."""
    image = flashed(tmp_path / "card.img", 2048 * MIB)
    mount = tmp_path / "data"
    mount.mkdir()
    try:
        loop = Path(run("losetup", "--find", "--show", image))
    except subprocess.CalledProcessError as error:
        pytest.skip(f"this machine attaches no image as a disk: {error.stderr.strip()}")
    try:
        run("partx", "--add", loop)
        part = Path(f"{loop}p4")
        if not part.exists():
            pytest.skip(f"this machine shows no partitions of {loop}")
        run("mkfs.ext4", "-q", "-b", "4096", "-i", "65536", part)
        run("mount", part, mount)
        (mount / "screen.db").write_bytes(ROW)
        yield loop, mount
    finally:
        for end in (("umount", mount), ("partx", "--delete", loop), ("losetup", "--detach", loop)):
            with suppress(subprocess.CalledProcessError):
                run(*end)


@pytest.fixture
def grown(attached: tuple[Path, Path], tmp_path: Path) -> data.Place:
    """After the table was written: what is mounted, and has room now."""
    device, mount = attached
    (tmp_path / "system").mkdir()
    assert disk.own(device, tmp_path / "system")
    assert not disk.own(device, tmp_path / "system")
    return data.Place(Path(f"{device}p4"), mount.is_mount, lambda: None)


def test_the_kernel_hears_of_the_new_end_while_the_partition_is_mounted(grown: data.Place) -> None:
    sectors = Path(f"/sys/class/block/{grown.device.name}/size").read_text()
    assert int(sectors) == 2047 * 2048 - 212992
    assert data.ready(grown) == "good"


@pytest.mark.skipif(not may(CAP_SYS_RESOURCE), reason="this root may not grow what is mounted")
def test_a_mounted_file_system_grows_to_the_end_of_its_disk(
    grown: data.Place, attached: tuple[Path, Path]
) -> None:
    _, mount = attached
    assert data.grow(grown)
    assert os.statvfs(mount).f_blocks * 4096 > 1900 * MIB
    assert (mount / "screen.db").read_bytes() == ROW
    assert not data.grow(grown)
