"""One unit, one broker, one federation: real processes, started by their real commands."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from appliance import runtime
from federation.people.account import login
from tests.support import Mosquitto, unit_config_file, write_toml
from tests.trusted import Trusted

BIN = Path(sys.executable).parent
UNIT = "van-germaine"


def _undisturbed() -> dict[str, str]:
    """The environment without what other tests tell Kivy in this process."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("SDL_", "KIVY_", "KCFG_"))}


class Parts:
    """Starts, kills and restarts processes, each with its log; runs commands to their end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        (folder / "log").mkdir(parents=True, exist_ok=True)

    def __exit__(self, *_: object) -> None:
        for name in reversed(list(self._processes)):
            self.stop(name)

    def start(self, name: str, *command: str | Path, **environment: str) -> None:
        """Starts a part; those of the product know their own command."""
        with self.log(name).open("ab") as out:
            self._processes[name] = subprocess.Popen(
                [str(word) for word in command or self.command(name)],
                stdout=out,
                stderr=out,
                env={**_undisturbed(), **environment},
            )

    def command(self, name: str) -> list[str | Path]:
        """What starts a part of the product."""
        raise KeyError(name)

    def kill(self, name: str) -> None:
        """kill -9."""
        self._end(name, signal.SIGKILL)

    def stop(self, name: str) -> int:
        """SIGTERM, and its exit code."""
        return self._end(name, signal.SIGTERM)

    def running(self, name: str) -> bool:
        """Whether it still lives."""
        return self._processes[name].poll() is None

    def log(self, name: str) -> Path:
        """Where a part writes what it has to say."""
        return self.folder / "log" / f"{name}.log"

    def ask(self, program: str, *arguments: str | Path, said: str = "") -> str:
        """Runs a command to its end, `said` on its stdin; its output.

        Fails with what it said when it fails.
        """
        done = subprocess.run(
            [str(BIN / program), *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            input=said,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _end(self, name: str, how: signal.Signals) -> int:
        process = self._processes.pop(name)
        if process.poll() is None:
            process.send_signal(how)
        try:
            return process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise


class World(Parts):
    """Asks each side what it knows by its own command."""

    def __init__(self, folder: Path, **unit_sections: dict[str, object]) -> None:
        super().__init__(folder)
        self.trusted = Trusted()
        self.broker = Mosquitto(folder / "broker", trusted=self.trusted)
        sections = {"broker": {"port": self.broker.port}, **unit_sections}
        self.unit_file = unit_config_file(folder, **sections)
        self.data, self.run = folder / "data", folder / "run"
        self.trusted.identity_of(UNIT, self.data)
        keys = self.trusted.federation(folder / "keys")
        keys["broker"]["port"] = self.broker.port
        people = {"open_names": [login()], "erase": [login()]}
        store = {"data": folder / "federation", "backups": folder / "backups"}
        self.federation_file = write_toml(
            folder / "federation.toml", {"store": store, "people": people, **keys}
        )

    def __enter__(self) -> "World":
        self.broker.start()
        return self

    def __exit__(self, *_: object) -> None:
        super().__exit__()
        self.broker.stop()

    def append(self, type_name: str, body: str = "{}") -> None:
        """Appends by hand to the journal `cli`."""
        self.ask("escale", "--config", self.unit_file, "journal", "append", type_name, body)

    def at(self) -> str:
        """The page that is on the screen, as the screen tells it; "" when it does not."""
        return str((runtime.read(self.run, "screen") or {}).get("at", ""))

    def journals(self) -> list[dict[str, Any]]:
        """`escale journal status --json`."""
        out = self.ask("escale", "--config", self.unit_file, "journal", "status", "--json")
        return list(json.loads(out))

    def backlog(self) -> int:
        """Rows on the unit that the federation has not receipted."""
        return sum(row["backlog"] for row in self.journals())

    def ledger(self) -> list[dict[str, Any]]:
        """`escale-federation ledger --json`; nothing before the first ingest has begun."""
        if not (self.folder / "federation" / "ledger.sqlite").exists():
            return []
        command = ("escale-federation", "--config", self.federation_file, "ledger", "--json")
        return [json.loads(line) for line in self.ask(*command).splitlines()]

    def types_in_ledger(self) -> Counter[str]:
        """How many events of each type the federation holds."""
        return Counter(row["type"] for row in self.ledger())

    def command(self, name: str) -> list[str | Path]:
        """What starts a part of the product."""
        if name == "ingest":
            return [BIN / "escale-federation", "--config", self.federation_file, "ingest"]
        if name == "screen":
            return [BIN / "escale-screen", "--config", self.unit_file]
        return [BIN / "escale", "--config", self.unit_file, name]
