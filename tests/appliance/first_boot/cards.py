"""Cards made of files: an image, a data partition, a first partition that is a folder."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

from appliance import runtime
from appliance.carrying.sticks import NoStick
from appliance.first_boot import process
from appliance.first_boot.card import Card
from protocol import messages
from protocol.enrolment import Bundle
from tests.appliance.first_boot.test_disk import MIB, flashed


class Flashed:
    """A card from its image, in a machine that was just switched on."""

    def __init__(self, folder: Path, megabytes: int = 1024) -> None:
        folder.mkdir()
        self.folder = folder
        self.image = flashed(folder / "card.img", megabytes * MIB)
        self.firmware = folder / "firmware"
        self.firmware.mkdir()
        (folder / "data").mkdir()
        self.asked: list[tuple[str, ...]] = []
        """What the system was asked to do."""
        self.stick: Path | None = None
        """A folder, while one is plugged in."""
        self.mounts = True
        """Whether the system could mount the data partition by itself."""
        self.called = ""
        """Its host name."""

    def drop(self, bundle: Bundle | bytes, name: str = "") -> None:
        """What a technician copies onto the first partition."""
        is_whole = isinstance(bundle, Bundle)
        name = name or (f"escale-{bundle.unit}.bundle" if is_whole else "escale-van.bundle")
        content = messages.encode(bundle) if is_whole else bundle
        (self.firmware / name).write_bytes(content)

    def boots(self) -> dict[str, Any]:
        """A boot, in a memory that forgot the one before; what it said."""
        shutil.rmtree(self.run.parent, ignore_errors=True)
        self.run.mkdir(parents=True)
        (self.run.parent / "machine-id").write_text("b" * 32 + "\n")
        self.asked.clear()
        assert process.run(self.card()) == 0
        return self.says()

    def says(self) -> dict[str, Any]:
        """What stands in first-boot.json."""
        told = runtime.read(self.run, "first-boot", max_age=1e9)
        assert told is not None
        return told

    @property
    def run(self) -> Path:
        return self.folder / "memory" / "escale"

    @property
    def state(self) -> Path:
        return self.folder / "data" / "escale"

    @property
    def system(self) -> Path:
        return self.folder / "data" / "system"

    def card(self) -> Card:
        """As the process is told of it."""
        memory = self.run.parent
        return Card(
            disk=self.image,
            firmware=self.firmware,
            data=self.folder / "data.ext4",
            mount=self.folder / "data",
            state=self.state,
            run=self.run,
            work=memory / "first-boot",
            machine=memory / "machine-id",
            logs=memory / "log",
            connections=memory / "connections",
            stick=self._plugged_in,
            is_mounted=lambda _: self.mounts,
            begin=self._begin,
            be_called=self._be_called,
        )

    def _plugged_in(self) -> Path:
        if self.stick is None:
            raise NoStick("none", "no USB stick is plugged in")
        return self.stick

    def _begin(self, *command: str, good: object = ()) -> int:
        self.asked.append(command)
        if command == ("systemctl", "start", "data.mount"):
            checked = subprocess.run(["e2fsck", "-fn", self.folder / "data.ext4"], check=False)
            self.mounts = checked.returncode == 0
        return 0

    def _be_called(self, name: str) -> None:
        self.called = name
