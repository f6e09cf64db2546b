"""Boots systemd in a machine of its own (small_machine.sh), and the unit that lies on its card."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from appliance.journal import Journal
from appliance.twins.clock import SettableClock
from protocol.visits import CheckedIn
from tests.support import unit_config
from tests.trusted import Trusted

CHECKOUT = Path(__file__).parents[2]
SYSTEMD = Path("/lib/systemd/systemd")
MACHINE = ("unshare", "--mount", "--pid", "--fork", "--ipc", "--uts", "--cgroup", "--kill-child")


def can_boot() -> bool:
    """Whether this machine lets us be a machine, with a Python that fits our libraries."""
    if os.geteuid() != 0 or not SYSTEMD.exists() or not shutil.which("unshare"):
        return False
    own = f"import sys; raise SystemExit(sys.version_info[:2] != {sys.version_info[:2]})"
    try:
        fits = subprocess.run(["/usr/bin/python3", "-c", own], check=False).returncode == 0
    except OSError:
        return False
    room = ["unshare", "--mount", "sh", "-c", "mount -t cgroup -o none,name=systemd systemd /mnt"]
    return fits and subprocess.run(room, check=False, capture_output=True).returncode == 0


bootable = pytest.mark.skipif(not can_boot(), reason="systemd cannot be booted in namespaces here")


def boot(script: Path, *arguments: object, check: bool = True) -> None:
    """Runs the script as the machine, until its first process ends."""
    command = [*MACHINE, "sh", script, CHECKOUT, *arguments]
    subprocess.run(list(map(str, command)), check=check, timeout=120)


def unit_with_a_visit(folder: Path, journal: str, **paths: str) -> Trusted:
    """An enrolled unit's file and data, a check-in in that journal; the file is a card's."""
    trusted = Trusted()
    config = unit_config(
        folder, paths={"data": str(folder / "data"), "run": "/run/escale", **paths}
    )
    trusted.identity_of(config.unit.id, config.paths.data)
    kept = Journal.open(config.paths.data / f"{journal}.db", name=journal, clock=SettableClock())
    kept.append(CheckedIn(number=1, door="sante", theme="sante"))
    kept.close()
    file = folder / "unit.toml"
    text = file.read_text(encoding="utf-8").replace(str(folder / "data"), "/var/lib/escale")
    file.write_text(text, encoding="utf-8")
    return trusted
