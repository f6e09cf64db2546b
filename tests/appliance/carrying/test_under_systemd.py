"""The one-shots as a card runs them: started by a file, in their sandbox, by a real systemd."""

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from appliance.journal import Journal
from appliance.twins.clock import SettableClock
from protocol import parcel
from protocol.visits import CheckedIn
from tests.appliance.carrying.conftest import called
from tests.support import unit_config
from tests.trusted import Trusted

HERE = Path(__file__).parent
CHECKOUT = HERE.parents[2]
SYSTEMD = Path("/lib/systemd/systemd")


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


@pytest.mark.slow
@pytest.mark.skipif(not can_boot(), reason="systemd cannot be booted in namespaces here")
def test_a_file_that_the_screen_leaves_is_all_it_takes(loop: str, tmp_path: Path) -> None:
    trusted, unit, out = Trusted(), tmp_path / "unit", tmp_path / "out"
    config = unit_config(unit, paths={"data": str(unit / "data"), "run": "/run/escale"})
    trusted.identity_of(config.unit.id, config.paths.data)
    screen = Journal.open(config.paths.data / "screen.db", name="screen", clock=SettableClock())
    screen.append(CheckedIn(number=1, door="sante", theme="sante"))
    screen.close()
    file = unit / "unit.toml"
    text = file.read_text(encoding="utf-8").replace(str(unit / "data"), "/var/lib/escale")
    file.write_text(text, encoding="utf-8")
    out.mkdir()
    machine = ["unshare", "--mount", "--pid", "--fork", "--ipc", "--uts", "--cgroup"]
    script = ["sh", HERE / "under_systemd.sh", CHECKOUT, unit, f"/dev/{loop}", out]
    subprocess.run([*machine, "--kill-child", *script], check=True, timeout=120)
    told = {path.stem: json.loads(path.read_bytes()) for path in out.glob("*.json")}
    assert (told["copy"]["state"], told["report"]["state"]) == ("done", "done")
    assert (out / "files").read_text(encoding="utf-8").splitlines() == [
        "/run/escale/copy.json root:escale 640",
        "/run/escale/report.json escale-keeper:escale 640",
    ]
    # What nobody can take away does not start it for ever.
    assert len((out / "starts").read_text(encoding="utf-8").splitlines()) <= 3
    (there := tmp_path / "there").mkdir()
    called("mount", f"/dev/{loop}", str(there))
    try:
        content = (there / told["copy"]["file"]).read_bytes()
    finally:
        called("umount", str(there))
    said = list(parcel.read(io.BytesIO(content), [trusted.sealing]).messages)
    assert [message.what for message in said] == ["certificate", "batch"]
