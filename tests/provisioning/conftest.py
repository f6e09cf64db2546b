"""Fixtures of provisioning. What they give is in federation.py and van.py."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.provisioning.federation import Federation, copied
from tests.provisioning.van import LaidOut


@pytest.fixture
def federation(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Federation:
    """A federation without units; nothing of its making is in the captured output."""
    made = copied(tmp_path / "federation")
    capsys.readouterr()
    return made


@pytest.fixture
def laid_out(federation: Federation) -> Iterator[LaidOut]:
    """A federation with its broker."""
    with LaidOut(federation, federation.path) as made:
        yield made
