"""The steps of an update as a card runs them: started by their files, in their sandboxes."""

import hashlib
import json
from pathlib import Path

import msgspec
import pytest

from appliance.update import slots
from appliance.update.facts import Wanted
from appliance.update.slots import Slots
from tests.appliance.small_machine import boot, bootable, unit_with_a_visit
from tests.appliance.update.file_server import FileServer

HERE = Path(__file__).parent


@pytest.mark.slow
@bootable
def test_a_wanted_system_is_fetched_written_and_asked_to_start(tmp_path: Path) -> None:
    unit, out = tmp_path / "unit", tmp_path / "out"
    trusted = unit_with_a_visit(unit, "vehicle", update="/data/update")
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
        boot(HERE / "under_systemd.sh", unit, out)
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
