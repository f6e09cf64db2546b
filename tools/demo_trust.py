"""The demo's federation and its unit, founded by the real commands, to be thrown away."""

import getpass
import re
import secrets
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

BIN = Path(sys.executable).parent
CODE = re.compile(r"\b(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}\b")


class Federation:
    """One folder of keys, one broker's folder, one bundle."""

    def __init__(self, root: Path, port: int, known_as: str = "localhost") -> None:
        """`known_as`: where units find its broker."""
        self._root, self._port, self._known_as = root, port, known_as
        self.common = ["--folder", str(root / "authority")]
        """What every command of `escale-provision` begins with."""
        for option in ("passphrase-file", "root-passphrase-file"):
            path = root / option
            if not path.exists():  # what the last demo sealed opens with no other one
                path.touch(mode=0o600)
                path.write_text(secrets.token_urlsafe(16), encoding="ascii")
            self.common += [f"--{option}", str(path)]
        self.serve = [str(BIN / "escale-provision"), *self.common, "serve"]

    def found(self, units: Path) -> None:
        """Root, authorities, keys; the units in the registry; the files of broker and ingest."""
        self._run("init", "--name", "Démo")
        self._run("unit", "add", "--from", str(units))
        broker, state = self._root / "broker", self._root / "broker" / "state"
        state.mkdir(parents=True)
        names = dict.fromkeys(("localhost", self._known_as))
        hosts = [word for name in names for word in ("--host", name)]
        where = (*hosts, "--listen", "127.0.0.1", "--port", str(self._port))
        kept = ("--state", str(state), "--pid", str(broker / "pid"))
        self._run("broker", "--out", str(broker), *where, *kept)
        self._run("service", "ingest", "--role", "ingest", "--out", str(self._root / "ingest"))

    def broker(self) -> list[str]:
        """The command of the broker, with the files as they were rendered."""
        rendered, mine = self._root / "broker/mosquitto.conf", self._root / "broker/demo.conf"
        text = rendered.read_text(encoding="utf-8")
        mine.write_text(f"{text}\nuser {getpass.getuser()}\n", encoding="utf-8")
        return ["mosquitto", "-c", str(mine)]

    def bundle(self, unit: str) -> tuple[Path, str]:
        """What a blank card is given, and the code to type."""
        there = ("--broker", f"{self._known_as}:{self._port}", "--out", str(self._root / "cards"))
        slip = self._run("bundle", unit, *there)
        found = CODE.search(slip)
        assert found is not None, slip
        return self._root / "cards" / f"escale-{unit}.bundle", found[0]

    def sections(self) -> dict[str, dict[str, object]]:
        """What the federation's file says of keys."""
        there, private = self._root / "ingest", self._root / "authority" / "private"
        keys: dict[str, object] = {
            name: there / f"{name}.pem" for name in ("devices", "revoked", "receipts")
        }
        broker: dict[str, object] = {
            name: there / f"{name}.pem" for name in ("root", "certificate", "key")
        }
        keys |= {"documents": private / "documents.pem", "sealing": private / "sealing.pem"}
        # Short, so that a van that falls silent is missed while somebody looks.
        there_is = {"host": "localhost", "port": self._port, "keepalive": 10}
        return {"broker": {**there_is, **broker}, "keys": keys}

    def _run(self, *arguments: str) -> str:
        command = [str(BIN / "escale-provision"), *self.common, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"demo: {done.stderr.strip()}")
        return done.stdout


def enrol(unit_file: Path, bundle: Path, code: str, data: Path, say: Callable[[str], None]) -> None:
    """The technician's command, as it speaks."""
    command = [str(BIN / "escale"), "enrol", str(bundle), "--config", str(unit_file)]
    done = subprocess.run(
        [*command, "--data", str(data), "--code", code, "--wait", "60"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"demo: {done.stderr.strip()}")
    for line in (done.stdout + done.stderr).splitlines():
        say(line)
