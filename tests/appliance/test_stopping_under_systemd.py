"""The unit's end as on a card: asked for by a file, decided in a sandbox, done by systemd."""

import subprocess
from pathlib import Path

import pytest

from tests.appliance.carrying.test_under_systemd import can_boot

HERE = Path(__file__).parent


@pytest.mark.slow
@pytest.mark.skipif(not can_boot(), reason="systemd cannot be booted in namespaces here")
def test_only_the_vehicle_s_own_word_stops_the_machine(tmp_path: Path) -> None:
    machine = ["unshare", "--mount", "--pid", "--fork", "--ipc", "--uts", "--cgroup"]
    script = ["sh", HERE / "stopping_under_systemd.sh", HERE.parents[1], tmp_path]
    # A machine that stops ends its own first process by a signal.
    subprocess.run([*machine, "--kill-child", *script], check=False, timeout=120)
    assert (tmp_path / "seen").read_text(encoding="utf-8").splitlines() == [
        "on duty: goes on",
        "the screen in the vehicle's name: goes on",
        "not root's wish: goes on",
    ]
    assert (tmp_path / "failed").read_text(encoding="utf-8") == "", "a refusal is no fault"
