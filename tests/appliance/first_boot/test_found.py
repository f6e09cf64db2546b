"""Whether anything was written onto the card's first partition, told without mounting it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from appliance.first_boot import found
from tests.appliance.first_boot.test_disk import MIB


@pytest.fixture
def drive(tmp_path: Path) -> Path:
    """A FAT as the image has it, half full with what a Pi starts from."""
    for program in ("mkfs.vfat", "mcopy"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not here: dosfstools and mtools make the card's FAT")
    image, filler = tmp_path / "firmware.fat", tmp_path / "u-boot.bin"
    with image.open("wb") as file:
        file.truncate(128 * MIB)
    filler.write_bytes(bytes(50 * MIB))
    made = ["mkfs.vfat", "-F", "32", "-n", "ESCALE", str(image)]
    subprocess.run(made, check=True, capture_output=True)
    copy(image, filler)
    return image


def copy(image: Path, file: Path) -> None:
    subprocess.run(["mcopy", "-o", "-i", str(image), str(file), "::"], check=True)


def test_a_file_that_comes_changes_or_goes_is_noticed(drive: Path, tmp_path: Path) -> None:
    bundle, prints = tmp_path / "escale-van.bundle", [found.print_of(drive)]
    for content in (b"a" * 3000, b"b" * 3000):
        bundle.write_bytes(content)
        copy(drive, bundle)
        prints.append(found.print_of(drive))
    subprocess.run(["mdel", "-i", str(drive), "::escale-van.bundle"], check=True)
    prints.append(found.print_of(drive))
    assert len(set(prints)) == 4
    assert found.print_of(drive) == prints[-1]


def test_what_cannot_be_read_has_no_print(tmp_path: Path) -> None:
    assert found.print_of(tmp_path / "none") == ""
