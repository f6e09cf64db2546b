"""What is on a card's data partition, read on this machine as the next boot would find it.

The partition is copied, its file system mended as a boot mends it, its files taken out: nothing
is mounted, and the card is as it was.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import msgspec

from appliance.journal import JournalReader
from protocol.row import Row
from tests.image import tools_root
from tests.image.card import Card

DATA = 4
BLOCK = 4096


class Data:
    """A copy of the partition's files, at the moment it is made."""

    def __init__(self, card: Card, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.system, self.folder = folder / "data.ext4", folder / "files"
        self.folder.mkdir()
        card.take_out(DATA, self.system)
        mended(self.system)
        tools_root.run("debugfs", "-R", f"rdump / {self.folder}", self.system)
        self.system.unlink()

    @staticmethod
    def fill(card: Card, scratch: Path, left: int) -> None:
        """Somebody else's file takes all the room but so many bytes."""
        card.take_out(DATA, scratch)
        mended(scratch)
        told = tools_root.run("dumpe2fs", "-h", scratch).decode()
        free = int(told.partition("Free blocks:")[2].split()[0])
        blocks = free - left // BLOCK
        tools_root.run("debugfs", "-w", "-R", "write /dev/null filler", scratch)
        tools_root.run("debugfs", "-w", "-R", f"fallocate /filler 0 {blocks - 1}", scratch)
        tools_root.run("debugfs", "-w", "-R", f"sif /filler size {blocks * BLOCK}", scratch)
        mended(scratch)
        card.put_back(DATA, scratch)

    @staticmethod
    def put(card: Card, name: str, content: bytes) -> None:
        """A file of somebody else's, at its place on the partition."""
        scratch = card.folder / "put.ext4"
        card.take_out(DATA, scratch)
        put(scratch, name, content)
        card.put_back(DATA, scratch)
        scratch.unlink()

    @staticmethod
    def ruin(card: Card) -> None:
        """Not a byte of it is what it was."""
        begins, size = card.partition(DATA)
        with card.file.open("r+b") as file:
            file.seek(begins)
            for _ in range(0, size, 1 << 20):
                file.write(b"\xff" * (1 << 20))

    def events(self, journal: str) -> list[tuple[str, dict[str, Any]]]:
        """What a journal has, oldest first: type and body."""
        with JournalReader.open(self.folder / "escale" / f"{journal}.db") as reader:
            rows = [row for row in reader.rows(0) if isinstance(row, Row)]
            return [(row.type, msgspec.json.decode(row.body)) for row in rows]


def put(system: Path, name: str, content: bytes) -> None:
    """A file of a file system, in place of the one that has its name."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / Path(name).name
        source.write_bytes(content)
        for command in (f"rm {name}", f"write {source} {name}"):
            tools_root.run("debugfs", "-w", "-R", command, system)


def mended(system: Path) -> None:
    """A file system as a boot would find it after its own check."""
    done = subprocess.run(
        tools_root.command("e2fsck", "-fy", system), capture_output=True, check=False
    )
    # 1: it has mended something; what comes above it could not.
    assert done.returncode <= 1, done.stdout.decode()
