"""A card made from the image, and the board that it is put in. Reads nothing that is on it."""

import os
import struct
from pathlib import Path

from tests.image import tools_root
from tests.image.machine import Machine

CHUNK = 1 << 20
HOST = "10.0.2.2"
"""Where a card finds this machine, over the board's network."""
PANEL = 800, 480
"""The official panel's pixels."""


def image() -> Path | None:
    """The newest image that was built here."""
    found = sorted(tools_root.BUILD.glob("escale-*.img"), key=lambda path: path.stat().st_mtime)
    return found[-1] if found else None


class Card:
    """One SD card, flashed."""

    def __init__(self, folder: Path, gigabytes: int = 8) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.file = folder, folder / "card.img"
        made = image()
        assert made is not None
        tools_root.run("cp", "--sparse=always", made, self.file)
        os.truncate(self.file, gigabytes << 30)

    def drops(self, content: bytes, name: str) -> None:
        """What a technician does on a computer: a file on the first partition."""
        source = self.folder / name
        source.write_bytes(content)
        begins, _ = self.partition(1)
        tools_root.run("mcopy", "-o", "-i", f"{self.file}@@{begins}", source, f"::{name}")

    def partition(self, number: int) -> tuple[int, int]:
        """Where it begins and how large it is, in bytes."""
        return partition(self.file, number)

    def take_out(self, number: int, target: Path) -> None:
        """A partition as a file of its own, its holes left holes."""
        target.touch()
        copy(self.file, *self.partition(number), target)
        os.truncate(target, self.partition(number)[1])

    def put_back(self, number: int, source: Path) -> None:
        """What `take_out` took, changed meanwhile; its holes are as they were."""
        begins, size = self.partition(number)
        copy(source, 0, size, self.file, begins)

    def booted(self, *devices: str, memory: int = 1024) -> Machine:
        """Power on, in a board with a panel, a receiver's plug, and as little idea of the time as
        a Pi has. `devices`: more words for QEMU."""
        width, height = PANEL
        return Machine(
            self.file, self.folder,
            "-rtc", "base=2020-01-01T00:00:00",
            "-device", f"virtio-gpu-pci,xres={width},yres={height}",
            "-device", "virtio-multitouch-pci",
            "-device", "virtio-rng-pci",
            "-device", "i6300esb", "-action", "watchdog=reset",
            "-device", "qemu-xhci,id=usb",
            "-chardev", "socket,id=gps,path={sockets}/gps,server=on,wait=off",
            "-device", "usb-serial,chardev=gps,bus=usb.0,always-plugged=on",
            "-netdev", "user,id=net",
            "-device", "virtio-net-pci,id=wire,netdev=net,romfile=",
            *devices,
            memory=memory, form="raw",
        )  # fmt: skip


def partition(disk: Path, number: int) -> tuple[int, int]:
    """Where it begins and how large it is, in bytes."""
    with disk.open("rb") as file:
        entry = file.read(512)[446 + 16 * (number - 1) :][:16]
    start, sectors = struct.unpack("<II", entry[8:])
    return start * 512, sectors * 512


def copy(source: Path, begins: int, size: int, target: Path, there: int = 0) -> None:
    """Those bytes of a file into another that exists, from `there` on; holes are passed over."""
    with source.open("rb") as read, target.open("r+b") as write:
        at, ends = begins, min(begins + size, source.stat().st_size)
        while at < ends:
            try:
                at = os.lseek(read.fileno(), at, os.SEEK_DATA)
            except OSError:  # nothing but a hole is left
                return
            if at >= ends:
                return
            part = os.pread(read.fileno(), min(CHUNK, ends - at), at)
            os.pwrite(write.fileno(), part, there + at - begins)
            at += len(part)
