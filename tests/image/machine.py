"""An emulated arm64 board that boots a disk through U-Boot: power, serial console, panel, plugs.

A stand-in for the Pi where the card can be seen, touched and cut; it has neither the Pi's firmware
nor its graphics. Knows nothing of what is on the disk.
"""

import re
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.image import tools_root
from tests.image.monitor import Monitor
from tests.support import eventually

PATIENCE = 600.0
"""Seconds: emulated on a busy machine, a boot takes minutes."""
FULL_SCALE = 32767
"""What a touch panel calls its far edge."""

BOARD = (
    *("-M", "virt,gic-version=3", "-cpu", "cortex-a72", "-accel", "tcg,thread=multi"),
    *("-smp", "2", "-display", "none", "-nodefaults", "-monitor", "none"),
    *("-L", str(tools_root.ROOT / "usr/share/qemu")),
)


class Machine:
    """One board, from power on until its power is cut."""

    def __init__(
        self,
        disk: Path,
        folder: Path,
        *devices: str,
        memory: int = 1024,
        form: str = "qcow2",
        u_boot: Path = tools_root.U_BOOT,
    ) -> None:
        """`devices`: more words for QEMU; `{sockets}` in them is a folder for sockets."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        # A socket's path is short; a test's folder is not.
        self._short = tempfile.TemporaryDirectory(prefix="escale-board-")
        self.sockets = Path(self._short.name)
        self._log = folder / f"console-{len(list(folder.glob('console-*')))}.log"
        control = self.sockets / "qmp"
        words = [
            *BOARD, "-m", str(memory), "-bios", str(u_boot),
            "-drive", f"if=none,id=card,file={disk},format={form}",
            "-device", "virtio-blk-pci,drive=card",
            "-chardev", f"stdio,id=console,signal=off,logfile={self._log}",
            "-serial", "chardev:console",
            "-qmp", f"unix:{control},server=on,wait=off",
            *(word.format(sockets=self.sockets) for word in devices),
        ]  # fmt: skip
        self.powered = time.monotonic()
        with (folder / "qemu.log").open("ab") as said:
            self._process = subprocess.Popen(
                tools_root.command("qemu-system-aarch64", *words),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=said,
                env=tools_root.environment(),
            )
        try:
            self.monitor = Monitor(control)
        except BaseException:
            self.cut()
            raise

    def __enter__(self) -> "Machine":
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()

    @property
    def console(self) -> str:
        """All that has come on the serial line."""
        raw = self._log.read_bytes() if self._log.exists() else b""
        return raw.decode(errors="replace").replace("\r", "")

    def says(self, pattern: str, *, after: int = 0, seconds: float = PATIENCE) -> re.Match[str]:
        """Waits until the serial line, `after` so many characters, has a whole line like that."""
        wanted = re.compile(pattern, re.MULTILINE)

        def said() -> list[re.Match[str]]:
            on, text = self._process.poll() is None, self.console
            found = wanted.search(text[: text.rfind("\n") + 1], after)
            assert found or on, "the machine is off"
            return [found] if found else []

        try:
            return eventually(said, seconds, pattern)[0]
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.console[-3000:]}") from None

    def types(self, line: str) -> None:
        """On the serial console."""
        assert self._process.stdin is not None
        self._process.stdin.write(line.encode() + b"\n")
        self._process.stdin.flush()

    def plugs_in(self, stick: Path) -> None:
        """A USB stick with that on it; one at a time."""
        file = {"driver": "file", "filename": str(stick)}
        self.monitor.ask("blockdev-add", driver="raw", **{"node-name": "stick"}, file=file)
        self.monitor.ask("device_add", driver="usb-storage", id="stick", bus="usb.0", drive="stick")

    def pulls_out(self) -> None:
        """The stick, once nothing of it is in use."""
        self.monitor.ask("device_del", id="stick")
        eventually(self._is_out, 60, "the stick is out")

    def _is_out(self) -> bool:
        return self.monitor.refused("blockdev-del", **{"node-name": "stick"}) == ""

    def picture(self, path: Path) -> Path:
        """What the panel shows, as a PNG."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.monitor.ask("screendump", filename=str(path), format="png")
        return path

    def presses(self, x: float, y: float) -> None:
        """A finger comes down on the panel, at these parts of its width and height."""
        # In one go, as a panel tells it: alone, a new finger is where the last one was.
        self._tells(*_finger("begin", 1, x, y), *_finger("data", 1, x, y), _touching(down=True))

    def lifts(self, x: float, y: float) -> None:
        """The finger goes."""
        self._tells(*_finger("end", -1, x, y), _touching(down=False))

    def _tells(self, *events: dict[str, Any]) -> None:
        self.monitor.ask("input-send-event", events=list(events))

    def cut(self) -> None:
        """Takes the power away: what the guest has not flushed is gone. May be called twice."""
        if hasattr(self, "monitor"):
            self.monitor.close()
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
        self._process.communicate()
        self._short.cleanup()


def _finger(kind: str, tracking: int, x: float, y: float) -> list[dict[str, Any]]:
    return [
        {"type": "mtt", "data": {
            "type": kind, "slot": 0, "tracking-id": tracking,
            "axis": axis, "value": round(part * FULL_SCALE),
        }}
        for axis, part in (("x", x), ("y", y))
    ]  # fmt: skip


def _touching(*, down: bool) -> dict[str, Any]:
    return {"type": "btn", "data": {"button": "touch", "down": down}}
