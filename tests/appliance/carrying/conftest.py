"""A stick as the kernel shows it, around a real file system of a loop device."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.carrying.to_stick import Place

SIZE = 16 * 1024 * 1024


class Sticks:
    """A made-up sysfs: what is plugged into it has the layout of a real one."""

    def __init__(self, root: Path) -> None:
        self.sys = root / "sys"
        (self.sys / "class" / "block").mkdir(parents=True)
        self._port = 0
        self.numbers = dict[str, str]()
        """`major:minor` of each."""
        self.mounts = root / "mountinfo"
        self.mounts.write_text("")

    def mount(self, name: str) -> None:
        """The machine has it mounted."""
        line = f"24 1 {self.numbers[name]} / / rw,noatime - ext4 /dev/{name} rw\n"
        self.mounts.write_text(self.mounts.read_text() + line)

    def pull(self, name: str) -> None:
        """Out it goes."""
        (self.sys / "class/block" / name).unlink()

    def plug(self, name: str, *classes: str, size: int = SIZE, parts: dict[str, int] = {}) -> None:  # noqa: B006
        """A disk of that name on the first interface of a USB device with these classes."""
        self._port += 1
        device = self.sys / f"devices/platform/soc/xhci/usb1/1-{self._port}"
        for number, kind in enumerate(classes or ("08",)):
            write(device / f"1-{self._port}:1.{number}" / "bInterfaceClass", kind)
        self._disk(
            device / f"1-{self._port}:1.0/host0/target0:0:0/0:0:0:0/block", name, size, parts
        )

    def card(self, name: str = "mmcblk0") -> None:
        """The card the unit itself lives on."""
        parts = {f"{name}p1": SIZE}
        self._disk(self.sys / "devices/platform/soc/mmc/mmc0:0001/block", name, SIZE, parts)

    def _disk(self, folder: Path, name: str, size: int, parts: dict[str, int]) -> None:
        write(folder / name / "size", str(size // 512))
        self._number(folder / name)
        for number, (part, of) in enumerate(parts.items(), 1):
            write(folder / name / part / "partition", str(number))
            write(folder / name / part / "size", str(of // 512))
            self._number(folder / name / part)
            (self.sys / "class/block" / part).symlink_to(folder / name / part)
        (self.sys / "class/block" / name).symlink_to(folder / name)

    def _number(self, block: Path) -> None:
        self.numbers[block.name] = f"8:{len(self.numbers)}"
        write(block / "dev", self.numbers[block.name])


def write(path: Path, word: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(word + "\n", encoding="ascii")


@pytest.fixture
def sticks(tmp_path: Path) -> Sticks:
    return Sticks(tmp_path)


@pytest.fixture
def loop(tmp_path: Path) -> Iterator[str]:
    """Name of a loop device with an ext4 file system on it."""
    image = tmp_path / "stick.img"
    with image.open("wb") as file:
        file.truncate(SIZE)
    called("mkfs.ext4", "-q", str(image))
    try:
        device = called("losetup", "--find", "--show", str(image)).strip()
    except (subprocess.CalledProcessError, FileNotFoundError):
        pytest.skip("no loop device may be had here")
    yield Path(device).name
    called("losetup", "--detach", device)


@pytest.fixture
def place(sticks: Sticks, tmp_path: Path) -> Place:
    """Not every kernel has the sticks' own kinds of file systems: here they have ext4."""
    return Place(tmp_path / "mount", sticks.sys, mounts=sticks.mounts, kinds="ext4")


def called(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
