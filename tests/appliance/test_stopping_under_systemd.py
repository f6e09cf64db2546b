"""The unit's end as on a card: asked for by a file, decided in a sandbox, done by systemd."""

from pathlib import Path

import pytest

from tests.appliance.small_machine import boot, bootable

HERE = Path(__file__).parent


@pytest.mark.slow
@bootable
def test_only_the_vehicle_s_own_word_stops_the_machine(tmp_path: Path) -> None:
    # A machine that stops ends its own first process by a signal.
    boot(HERE / "stopping_under_systemd.sh", tmp_path, check=False)
    assert (tmp_path / "seen").read_text(encoding="utf-8").splitlines() == [
        "on duty: goes on",
        "the screen in the vehicle's name: goes on",
        "not root's wish: goes on",
    ]
    assert (tmp_path / "failed").read_text(encoding="utf-8") == "", "a refusal is no fault"
