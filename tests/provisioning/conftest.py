"""Fixtures of provisioning. What they give is in federation.py."""

from pathlib import Path

import pytest

from tests.provisioning.federation import Federation, copied


@pytest.fixture
def federation(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Federation:
    """A federation without units; nothing of its making is in the captured output."""
    made = copied(tmp_path / "federation")
    capsys.readouterr()
    return made
