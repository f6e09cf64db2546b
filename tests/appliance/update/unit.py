"""A unit with two slots on a file, and people who come and go: for tests of updates."""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from appliance import runtime
from appliance.clock import BootClock
from appliance.config import UnitConfig
from appliance.journal import Journal
from appliance.update import health, install, slots
from appliance.update.facts import STICK, Came, Release, Told
from appliance.update.folder import Folder
from appliance.update.slots import Slots
from protocol.unit import Booted
from tests.support import unit_config

HERE = Path(__file__).parent
ROOT = HERE.parents[2]


class Board:
    """The disk with its tries, the kernel's line, the folder of updates."""

    def __init__(self, folder: Path) -> None:
        self.path = folder
        self.config: UnitConfig = unit_config(folder, paths={"update": str(folder / "update")})
        self.folder = Folder(self.config.paths.update)
        self.folder.path.mkdir()
        self.config.paths.run.mkdir()
        self.disk, self.line, self.console = folder / "disk", folder / "line", folder / "console"
        self.disk.write_bytes(bytes(slots.PLACES[1] + slots.SIZE))
        self.console.touch()
        slots.write(Slots(("A",), {"A": 3, "B": 0}), self.disk)
        self.release = Release("0.5.0", "abc")
        self.restarts = 0
        self.starts()
        program = (
            f"import sys; sys.path.insert(0, {str(ROOT)!r}); from pathlib import Path;"
            " from appliance.update import slots; sys.exit(slots.main(sys.argv[1:],"
            f" Path({str(self.disk)!r}), Path({str(self.line)!r})))"
        )
        self.script = [sys.executable, "-S", "-c", program]
        self.rauc = [sys.executable, "-S", str(HERE / "rauc_twin.py"), json.dumps(self.script)]

    @property
    def slots(self) -> Slots:
        return slots.read(self.disk)

    @property
    def current(self) -> str:
        return slots.current(self.line)

    @property
    def news(self) -> list[Told]:
        return sorted(self.folder.told(), key=lambda told: told.version)

    def starts(self, boot_id: str | None = None) -> str:
        """What U-Boot does (image/boot/boot.cmd); the slot that starts. Nothing is said yet."""
        told = self.slots
        name = told.primary
        slots.write(told._replace(left={**told.left, name: told.left[name] - 1}), self.disk)
        self.line.write_text(f"root=PARTUUID=1-02 ro rauc.slot={name} quiet\n")
        for path in self.config.paths.run.glob("*.json"):
            path.unlink()
        pending = self.folder.pending
        if pending is not None:  # a boot has its own id; this machine was not started again
            other = json.loads((self.folder.path / "pending.json").read_bytes())
            self.folder.keep("pending.json", {**other, "boot_id": boot_id or "another boot"})
        return name

    def has(self, name: str = "bundle.raucb", **says: Any) -> str:
        """A bundle came; its digest."""
        told = {"version": "0.5.1", "compatible": "escale-arm64", "build": "def", **says}
        content = json.dumps(told).encode()
        digest = hashlib.sha256(content).hexdigest()
        came = Came(digest=digest, version="0.5.1", revision=4)
        if name == STICK:
            came = Came(digest=digest, way="stick")
        self.folder.comes(name, came)
        (self.folder.path / name).write_bytes(content)
        return digest

    def says(self, process: str, **word: Any) -> None:
        runtime.publish(self.config.paths.run, process, word)

    def is_well(self) -> None:
        """What the services say and keep in this boot."""
        self.says("screen", at="welcome", quiet=900.0, drawn=12, help=None)
        self.says("vehicle", duty="off", battery_low=None)
        if not self.slots.is_tried(self.current):
            self.says("health", state="good", trial=False)
        journal = Journal.open(
            self.config.paths.data / "vehicle.db", name="vehicle", clock=BootClock()
        )
        journal.append(Booted(version="0.5.0"))
        journal.close()

    def installs(self, **edges: Any) -> None:
        told: dict[str, Any] = {
            "rest": self.passes, "release": lambda: self.release, "rauc": self.rauc,
            "current": lambda: self.current, **edges,
        }  # fmt: skip
        install.run(self.config, install.Edges(**told))

    def passes(self, _: float) -> None:
        """A moment; the start that was asked for ends whoever waits for it."""
        if (self.config.paths.run / "reboot.wanted").exists():
            (self.config.paths.run / "reboot.wanted").unlink()
            raise Restart

    def checks(self, **edges: Any) -> str:
        """The health check; what it said on the console."""
        self.console.write_text("")
        told: dict[str, Any] = {
            "rest": lambda _: None, "patience": lambda: 0.0, "steady": 0.0,
            "release": lambda: self.release,
            "script": self.script, "console": self.console, "disk": self.disk,
            "failed_units": lambda: "none", "reboot": self._restarts, **edges,
        }  # fmt: skip
        assert health.run(self.config, health.Edges(**told)) == 0
        return self.console.read_text()

    def _restarts(self) -> None:
        self.restarts += 1


class Restart(Exception):
    """The unit starts again."""
