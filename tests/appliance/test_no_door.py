"""Nobody can knock at a unit: its processes reach out, and answer no port of any network."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support import eventually, unit_config_file
from tests.trusted import Trusted

LISTENING = "0A"
TABLES = ("tcp", "tcp6", "udp", "udp6", "raw", "raw6")
A_DOOR = """
import socket, sys, time
door = socket.create_server(("127.0.0.1", 0))
open(sys.argv[1], "w").close()
time.sleep(60)
"""


def doors(pid: int) -> list[str]:
    """Sockets of a process that wait for somebody: TCP that listens, UDP bound to no peer."""
    own = {link.readlink().name for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()}
    found = []
    for name in TABLES:
        table = Path(f"/proc/{pid}/net/{name}")
        for line in table.read_text().splitlines()[1:] if table.exists() else ():
            _, local, peer, state, *_, inode = line.split()[:10]
            waits = (
                state == LISTENING if name.startswith("tcp") else int(peer.split(":")[0], 16) == 0
            )
            if waits and f"socket:[{inode}]" in own:
                found.append(f"{name} {local}")
    return found


@contextmanager
def running(*command: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, *command], stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait(timeout=10)


@pytest.mark.parametrize("name", ["vehicle", "uplink", "keeper"])
def test_a_process_of_the_unit_answers_no_port(name: str, tmp_path: Path) -> None:
    config = unit_config_file(tmp_path, broker={"host": "127.0.0.1", "port": 1})
    Trusted().identity_of("van-germaine", tmp_path / "data")
    told = tmp_path / "run" / f"{name}.json"
    with running("-m", "appliance.cli", "--config", str(config), name) as process:
        eventually(told.exists, 20, f"{name} says how it fares")
        assert doors(process.pid) == []
        assert process.poll() is None


def test_a_process_with_a_door_is_found_out(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    with running("-c", A_DOOR, str(ready)) as process:
        eventually(ready.exists)
        assert len(doors(process.pid)) == 1
