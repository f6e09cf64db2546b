"""A past written into a unit's own journals: whole, sealed, and then like any other."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from appliance.errors import OperatorError
from appliance.journal import JournalReader
from protocol import sealing
from protocol.event import Key
from protocol.row import Row
from protocol.sealing import Binding
from simulation import past
from simulation.boxes import Box
from simulation.clock import FleetClock
from simulation.places import FLEET

TODAY = date(2026, 11, 20)


@pytest.fixture
def key() -> X25519PrivateKey:
    return X25519PrivateKey.generate()


def rows_of(path: Path) -> list[Row]:
    with JournalReader.open(path) as reader:
        rows = reader.rows(0, limit_rows=10**5, limit_bytes=10**8)
    assert all(isinstance(row, Row) for row in rows)
    return [row for row in rows if isinstance(row, Row)]


def test_weeks_lie_on_the_card_dated_and_in_order(tmp_path: Path, key: X25519PrivateKey) -> None:
    count = past.write(tmp_path, FLEET[0], TODAY, 14, [key.public_key()])
    screen, vehicle = rows_of(tmp_path / "screen.db"), rows_of(tmp_path / "vehicle.db")
    assert len(screen) + len(vehicle) == count
    times = [row.utc for row in screen if row.utc is not None]
    assert len(times) == len(screen)
    assert times == sorted(times)
    assert Counter(row.type for row in screen)["day.closed"] == 10
    assert times[-1] / 1000 < (TODAY + timedelta(1) - date(1970, 1, 1)).total_seconds()


def test_names_of_the_past_are_sealed_to_their_rows(tmp_path: Path, key: X25519PrivateKey) -> None:
    past.write(tmp_path, FLEET[0], TODAY, 14, [key.public_key()])
    rows = rows_of(tmp_path / "screen.db")
    with JournalReader.open(tmp_path / "screen.db") as reader:
        epoch = reader.epoch
    sealed = [row for row in rows if row.envelope is not None]
    assert sealed
    for row in sealed:
        assert row.envelope is not None
        binding = Binding(FLEET[0].unit, Key(epoch, row.seq))
        names = sealing.open_envelope(row.envelope, [key], binding)
        assert names.keys() == {"first_name", "phone"}


def test_a_card_that_somebody_writes_is_left_alone(tmp_path: Path, key: X25519PrivateKey) -> None:
    owner = Box(FLEET[0].unit, tmp_path, FleetClock(), [key.public_key()])
    with pytest.raises(OperatorError):
        past.write(tmp_path, FLEET[0], TODAY, 3, [key.public_key()])
    owner.close()
