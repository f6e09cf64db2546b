"""The steps of an update as a card runs them: started by their files, in their sandboxes."""

import hashlib
import json
import subprocess
from pathlib import Path

import msgspec
import pytest

from appliance.journal import Journal
from appliance.twins.clock import SettableClock
from appliance.update import slots
from appliance.update.facts import Wanted
from appliance.update.slots import Slots
from protocol.visits import CheckedIn
from tests.appliance.carrying.test_under_systemd import can_boot
from tests.appliance.update.file_server import FileServer
from tests.support import unit_config
from tests.trusted import Trusted

HERE = Path(__file__).parent
CHECKOUT = HERE.parents[2]


@pytest.mark.slow
@pytest.mark.skipif(not can_boot(), reason="systemd cannot be booted in namespaces here")
def test_a_wanted_system_is_fetched_written_and_asked_to_start(tmp_path: Path) -> None:
    trusted, unit, out = Trusted(), tmp_path / "unit", tmp_path / "out"
    paths = {"data": str(unit / "data"), "run": "/run/escale", "update": "/data/update"}
    config = unit_config(unit, paths=dict(paths))
    trusted.identity_of(config.unit.id, config.paths.data)
    vehicle = Journal.open(config.paths.data / "vehicle.db", name="vehicle", clock=SettableClock())
    vehicle.append(CheckedIn(number=1, door="sante", theme="sante"))
    vehicle.close()
    file = unit / "unit.toml"
    text = file.read_text(encoding="utf-8").replace(str(unit / "data"), "/var/lib/escale")
    file.write_text(text, encoding="utf-8")
    (unit / "disk").write_bytes(bytes(slots.PLACES[1] + slots.SIZE))
    slots.write(Slots(("A",), {"A": 2, "B": 0}), unit / "disk")
    out.mkdir()
    bundle = json.dumps({"version": "0.5.1", "compatible": "escale-arm64", "build": "d"}).encode()
    with FileServer(tmp_path, trusted, bundle) as server:
        wanted = Wanted(
            version="0.5.1", address=server.address, size=len(bundle), mobile=True,
            digest=hashlib.sha256(bundle).hexdigest(), mobile_megabytes=20, revision=3,
        )  # fmt: skip
        (out / "wanted.json").write_bytes(msgspec.json.encode(wanted))
        machine = ["unshare", "--mount", "--pid", "--fork", "--ipc", "--uts", "--cgroup"]
        script = ["sh", *map(str, (HERE / "under_systemd.sh", CHECKOUT, unit, out))]
        subprocess.run([*machine, "--kill-child", *script], check=True, timeout=120)
        assert server.asked == [0]
    assert (out / "console").read_text().startswith("escale: health good slot=A version=0.5.0")
    left = slots.read(out / "disk")
    assert left == Slots(("B", "A"), {"A": 3, "B": 3}, trial=True)
    pending = json.loads((out / "pending.json").read_bytes())
    assert (pending["version"], pending["slot"], pending["state"]) == ("0.5.1", "B", "installed")
    assert json.loads((out / "update.json").read_bytes())["state"] == "restarting"
    owners = {
        line.split()[0]: line.split()[1:] for line in (out / "files").read_text().splitlines()
    }
    assert owners["/data/update/wanted.json"][0] == "escale-uplink:escale"
    assert owners["/data/update/pending.json"] == ["root:escale", "640"]
    # Whose word counts for a start is looked at (appliance/stopping.py).
    assert owners["/run/escale/reboot.wanted"][0].startswith("root:")
    assert "/run/escale/health.wanted" not in owners
