"""The board's own secret, and a board that has none."""

from pathlib import Path

import pytest

from appliance import device_secret


def test_32_bytes_are_a_secret(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_bytes(b"E" * 32)
    assert device_secret.read(path) == b"E" * 32


@pytest.mark.parametrize("content", [bytes(32), b"", b"short", b"E" * 33])
def test_what_was_never_burnt_or_is_cut_is_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "secret"
    path.write_bytes(content)
    assert device_secret.read(path) is None


def test_no_file_is_no_secret(tmp_path: Path) -> None:
    assert device_secret.read(None) is None
    assert device_secret.read(tmp_path / "nothing") is None
