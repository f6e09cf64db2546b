"""The pages as a process of their own: where they answer, what systemd hears, how they end."""

import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

from tests.support import eventually, free_port, write_toml

PROGRAM = Path(sys.executable).parent / "escale-federation"


def _command(folder: Path, port: int) -> list[str]:
    file = write_toml(
        folder / "f.toml", {"store": {"data": folder / "store"}, "web": {"port": port}}
    )
    return [str(PROGRAM), "--config", str(file), "web"]


def test_it_is_ready_once_it_answers_and_ends_in_order(tmp_path: Path) -> None:
    port = free_port()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(60)
        process = subprocess.Popen(
            _command(tmp_path, port), env={"NOTIFY_SOCKET": str(tmp_path / "notify")},
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            assert systemd.recv(100) == b"READY=1"
            address = f"http://127.0.0.1:{port}/comptes/entrer/"
            with urllib.request.urlopen(address, timeout=30) as page:
                assert "Identifiant" in page.read().decode()
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=30) == 0
        words = eventually(lambda: systemd.recv(100) == b"STOPPING=1", what="its last word")
        assert words


def test_an_address_that_is_taken_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            _command(tmp_path, port), capture_output=True, text=True, check=False, timeout=60
        )
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith(f"escale-federation: no pages at 127.0.0.1:{port} (Address already")
    assert "Traceback" not in done.stderr


def test_two_that_start_at_one_moment_make_the_tables_once(tmp_path: Path) -> None:
    _command(tmp_path, free_port())
    (tmp_path / "units.csv").write_text("id,territory,centre,vehicle_name,vehicle,zone\n")
    command = [str(PROGRAM), "--config", str(tmp_path / "f.toml"), "vehicles"]
    both = [
        subprocess.Popen([*command, str(tmp_path / "units.csv")], stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    said = [process.communicate(timeout=110)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0, 0], said
