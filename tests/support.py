"""What tests of several rooms share: waiting on facts, free ports, a real broker. No fixtures."""

import getpass
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from appliance import config as unit_settings
from tests.trusted import Trusted

_Value = TypeVar("_Value")


def eventually(condition: Callable[[], _Value], seconds: float = 10.0, what: str = "") -> _Value:
    """The first truthy value of the condition; fails when it stays false for that long."""
    limit = time.monotonic() + seconds
    pause = 0.005
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > limit:
            raise AssertionError(f"still not so after {seconds} s: {what or condition}")
        time.sleep(pause)
        pause = min(pause * 1.5, 0.1)


def free_port() -> int:
    """A TCP port of the loopback that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def unit_config(folder: Path, **sections: dict[str, object]) -> unit_settings.UnitConfig:
    """A unit's configuration in a temporary folder, read through the real loader."""
    return unit_settings.load(unit_config_file(folder, **sections))


def unit_config_file(folder: Path, **sections: dict[str, object]) -> Path:
    """Writes `unit.toml`; sections given replace or complete the usual ones."""
    values: dict[str, dict[str, object]] = {
        "unit": {"id": "van-germaine", "vehicle_name": "Camion Germaine"},
        "paths": {name: str(folder / name) for name in ("data", "run", "update", "system")},
        "twin": {"pins": "mock"},
    }
    for name, section in sections.items():
        values.setdefault(name, {}).update(section)
    return write_toml(folder / "unit.toml", values)


def write_toml(path: Path, sections: dict[str, dict[str, object]]) -> Path:
    """Sections of strings, numbers, booleans and lists as a TOML file."""
    lines = []
    for name, section in sections.items():
        lines.append(f"[{name}]")
        lines += [f"{key} = {_toml(value)}" for key, value in section.items()]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


class Mosquitto:
    """A real broker, mostly on the loopback, to be killed, restarted and robbed of its state."""

    def __init__(
        self,
        folder: Path,
        *,
        trusted: Trusted | None,
        acl: str = "",
        host: str = "127.0.0.1",
        extra: str = "",
    ) -> None:
        """`trusted`: TLS 1.3 with certificates on both sides; None: no TLS, so that nobody of ours
        comes in. `acl`: lines of its ACL file.
        """
        if shutil.which("mosquitto") is None:
            raise RuntimeError("mosquitto is not installed: run make setup")
        self.folder, self.host, self.port = folder, host, free_port()
        self._access = trusted.broker(folder, host) if trusted else "allow_anonymous true\n"
        if acl:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "acl").write_text(acl, encoding="utf-8")
            self._access += f"acl_file {folder}/acl\n"
        self._extra = extra
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Mosquitto":
        """Starts it and waits until it answers. State from before is kept unless wiped."""
        assert self._process is None, "this broker is running"
        state = self.folder / "state"
        state.mkdir(parents=True, exist_ok=True)
        path = self.folder / "mosquitto.conf"
        path.write_text(
            f"user {getpass.getuser()}\nlistener {self.port} {self.host}\n{self._access}"
            f"persistence true\npersistence_location {state}/\nautosave_interval 1\n"
            "max_packet_size 65536\nmax_inflight_messages 20\nmax_queued_messages 20000\n"
            f"log_type error\nlog_type warning\n{self._extra}\n",
            encoding="utf-8",
        )
        with (self.folder / "mosquitto.log").open("ab") as log:
            self._process = subprocess.Popen(
                ["mosquitto", "-c", str(path)], stdout=log, stderr=subprocess.STDOUT
            )
        eventually(self._answers, what=f"mosquitto on port {self.port} answers")
        return self

    def kill(self) -> None:
        """kill -9: what it had not written is gone."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """An orderly end; may be called twice."""
        self._end(signal.SIGTERM)

    def wipe(self) -> None:
        """Forget every session, queue and retained message. Only while it is down."""
        shutil.rmtree(self.folder / "state", ignore_errors=True)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(timeout=10)
            self._process = None

    def _answers(self) -> bool:
        if self._process is not None and self._process.poll() is not None:
            raise AssertionError(f"mosquitto died: {(self.folder / 'mosquitto.log').read_text()}")
        try:
            socket.create_connection((self.host, self.port), timeout=0.2).close()
        except OSError:
            return False
        return True

    def __enter__(self) -> "Mosquitto":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
