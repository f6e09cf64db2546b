"""What a demo wrote is gone on with: its keys open again, those of names too."""

from pathlib import Path

from federation import config
from federation.web import keyring
from tests.support import free_port, write_toml
from tools.demo_trust import Federation

UNITS = "id,territory,centre,vehicle_name,vehicle,zone\nvan-a,Vendée,Halles,A,camion,\n"


def test_the_keys_of_a_demo_that_is_kept_open_again(tmp_path: Path) -> None:
    units = tmp_path / "units.csv"
    units.write_text(UNITS, encoding="utf-8")
    Federation(tmp_path, port := free_port()).found(units)
    again = Federation(tmp_path, port)
    there = {"store": {"data": tmp_path / "federation"}, **again.sections()}
    settings = config.load(write_toml(tmp_path / "federation.toml", there))
    held = keyring.load(settings, tmp_path / "passphrase-file")
    assert held.sealing is not None
    assert held.documents is not None
