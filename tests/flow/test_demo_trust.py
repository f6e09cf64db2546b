"""The demo's keys: what one demo sealed, the next one on the same folder opens."""

from pathlib import Path

from tools.demo_trust import Federation


def test_a_demo_that_goes_on_keeps_its_passphrases(tmp_path: Path) -> None:
    names = ("passphrase-file", "root-passphrase-file")
    Federation(tmp_path, 1883)
    first = [(tmp_path / name).read_text() for name in names]
    Federation(tmp_path, 1883)
    assert [(tmp_path / name).read_text() for name in names] == first
    assert first[0] != first[1]
