"""What is on a card's data partition, read on this machine as the next boot would find it.

The partition is copied, its file system mended as a boot mends it, its files taken out: nothing
is mounted, and the card is as it was.
"""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import msgspec

from appliance.journal import JournalReader
from protocol.row import Row
from tests.image import tools_root
from tests.image.card import Card

DATA = 4
CHUNK = 1 << 20


class Data:
    """A copy of the partition's files, at the moment it is made."""

    def __init__(self, card: Card, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.system, self.folder = folder / "data.ext4", folder / "files"
        self.folder.mkdir()
        _copy(card.file, *card.partition(DATA), self.system)
        mended = subprocess.run(
            tools_root.command("e2fsck", "-fy", self.system), capture_output=True, check=False
        )
        # 1: it has mended something; what comes above it could not.
        assert mended.returncode <= 1, mended.stdout.decode()
        tools_root.run("debugfs", "-R", f"rdump / {self.folder}", self.system)
        self.system.unlink()

    def events(self, journal: str) -> list[tuple[str, dict[str, Any]]]:
        """What a journal has, oldest first: type and body."""
        with JournalReader.open(self.folder / "escale" / f"{journal}.db") as reader:
            rows = [row for row in reader.rows(0) if isinstance(row, Row)]
            return [(row.type, msgspec.json.decode(row.body)) for row in rows]


def _copy(source: Path, begins: int, size: int, target: Path) -> None:
    """Those bytes of a file, its holes left holes."""
    with source.open("rb") as read, target.open("wb") as write:
        write.truncate(size)
        at, ends = begins, min(begins + size, source.stat().st_size)
        while at < ends:
            try:
                at = os.lseek(read.fileno(), at, os.SEEK_DATA)
            except OSError:  # nothing but a hole is left
                return
            if at >= ends:
                return
            part = os.pread(read.fileno(), min(CHUNK, ends - at), at)
            os.pwrite(write.fileno(), part, at - begins)
            at += len(part)
