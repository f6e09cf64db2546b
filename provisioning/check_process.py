"""The broker that `broker check` starts: files as they were rendered, in a place of its own."""

import getpass
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from . import broker
from .errors import OperatorError


class Process:
    """Everything is as it was rendered but for the ports and the places of files and state."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="escale-check-")
        self._process: subprocess.Popen[bytes] | None = None
        self.ports: list[int] = []
        """Where it listens; there is one unless somebody added another."""

    def start(self, files: Mapping[str, str]) -> None:
        """Returns once it answers. Raises OperatorError with its last words when it does not."""
        self.ports = [_free_port() for _ in _values(files[broker.CONFIGURATION], "listener")]
        self._write(files)
        configuration = Path(self._folder.name) / broker.CONFIGURATION
        self._process = process = subprocess.Popen(  # noqa: S603 (its own files)
            [_program(), "-c", str(configuration)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        limit = time.monotonic() + 10
        while not _answers(self.ports[0]):
            if process.poll() is not None or time.monotonic() > limit:
                raise OperatorError(f"the broker does not start: {self._end(process)}")
            time.sleep(0.02)

    def reload(self, files: Mapping[str, str]) -> None:
        """Lets it read these in the place of those it has."""
        self._write(files)
        if self._process is not None:
            self._process.send_signal(signal.SIGHUP)

    def stop(self) -> None:
        """Ends it and forgets its files."""
        if self._process is not None:
            self._end(self._process)
        self._folder.cleanup()

    def _write(self, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            path = Path(self._folder.name) / name
            path.write_text(self._moved(text) if name == broker.CONFIGURATION else text)
            path.chmod(0o600)

    def _moved(self, text: str) -> str:
        """The configuration with its files and its state here, on a port of the loopback."""
        here = Path(self._folder.name)
        places = {
            "persistence_location": f"{here}/",
            "pid_file": f"{here}/pid",
            "log_dest": f"file {here}/log",
        }
        ports, lines = iter(self.ports), []
        for line in text.splitlines():
            option, _, value = line.partition(" ")
            if option.endswith("file") and option != "pid_file":
                value = str(here / Path(value).name)
            elif option == "listener":
                value = f"{next(ports)} 127.0.0.1"
            lines.append(f"{option} {places.get(option, value)}".strip())
        return "\n".join([*lines, f"user {getpass.getuser()}", ""])

    def _end(self, process: "subprocess.Popen[bytes]") -> str:
        """Ends it; what it said last."""
        process.terminate()
        _, told = process.communicate(timeout=10)
        self._process = None
        path = Path(self._folder.name) / "log"
        logged = path.read_text(errors="replace") if path.exists() else ""
        return " ".join((logged + told.decode(errors="replace")).split())[-300:]


def _program() -> str:
    found = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
    if found is None:
        raise OperatorError("mosquitto is not on this machine: apt install mosquitto")
    return found


def _values(text: str, name: str) -> list[str]:
    """The values of an option, in their order."""
    pairs = (line.partition(" ") for line in text.splitlines())
    return [value for option, _, value in pairs if option == name]


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=0.2).close()
    except OSError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
