"""The one-shots as a card runs them: started by a file, in their sandbox, by a real systemd."""

import io
import json
from pathlib import Path

import pytest

from protocol import parcel
from tests.appliance.carrying.conftest import called
from tests.appliance.small_machine import boot, bootable, unit_with_a_visit

HERE = Path(__file__).parent


@pytest.mark.slow
@bootable
def test_a_file_that_the_screen_leaves_is_all_it_takes(loop: str, tmp_path: Path) -> None:
    unit, out = tmp_path / "unit", tmp_path / "out"
    trusted = unit_with_a_visit(unit, "screen")
    out.mkdir()
    boot(HERE / "under_systemd.sh", unit, f"/dev/{loop}", out)
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
