"""A vehicle without a network for weeks: its copy on a stick brings everything to the ledger."""

import io
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance import cli
from appliance.carrying import copy
from appliance.config import UnitConfig
from appliance.journal import Journal
from appliance.twins.clock import SettableClock
from federation import carried
from federation.config import Store
from federation.ledger import Ledger
from federation.twins.queue import Queue
from protocol import parcel
from protocol.visits import CheckedIn
from protocol.workshops import SignedUp
from tests.federation.bench import Bench, ingest_on
from tests.federation.van import TRUSTED
from tests.support import unit_config


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Ingest of today, for the unit's certificate is of today."""
    store = Store(data=tmp_path)
    ledger, queue = Ledger.open(store), Queue()
    ingest = ingest_on(ledger, queue, store, lambda: time.time_ns() // 1_000_000)
    yield Bench(ledger, queue, ingest, store)
    ledger.close()


@pytest.fixture
def unit(tmp_path: Path) -> UnitConfig:
    config = unit_config(tmp_path / "van")
    TRUSTED.identity_of(config.unit.id, config.paths.data)
    return config


def journal(unit: UnitConfig, name: str) -> Journal:
    return Journal.open(unit.paths.data / f"{name}.db", name=name, clock=SettableClock())


def copied(unit: UnitConfig) -> bytes:
    file = io.BytesIO()
    assert copy.write(unit, file).unread == ()
    return file.getvalue()


def read_back(bench: Bench, content: bytes) -> None:
    folder = carried.folder_of(bench.store)
    for _ in carried.unpack(io.BytesIO(content), [TRUSTED.sealing], folder)[1]:
        bench.step()


def test_all_that_is_on_board_arrives_names_still_sealed(unit: UnitConfig, bench: Bench) -> None:
    screen, cli = journal(unit, "screen"), journal(unit, "cli")
    for number in range(1, 1201):
        screen.append(CheckedIn(number=number, door="sante", theme="sante"))
    envelope = b"\x93\x01\x90\x80"
    key = screen.append_sealed(SignedUp(workshop="cv", number=1), lambda _: envelope)
    cli.append(CheckedIn(number=1, door="droit", theme="sante"))
    read_back(bench, copied(unit))
    kept = [(row.epoch, row.seq, row.type, row.body) for row in bench.rows()]
    assert len(kept) == 1202
    assert bench.receipt().epochs[str(screen.epoch)].stored_to == 1201
    assert bench.ask("SELECT envelope FROM sealed") == [(envelope,)]
    assert key.seq == 1201
    screen.close()
    cli.close()


def test_a_copy_of_every_day_adds_what_is_new_and_nothing_twice(
    unit: UnitConfig,
    bench: Bench,
) -> None:
    screen = journal(unit, "screen")
    for number in range(1, 51):
        screen.append(CheckedIn(number=number, door="emploi", theme="sante"))
    read_back(bench, copied(unit))
    for number in range(51, 61):
        screen.append(CheckedIn(number=number, door="emploi", theme="sante"))
    read_back(bench, copied(unit))
    read_back(bench, copied(unit))
    assert [row.seq for row in bench.rows()] == list(range(1, 61))
    screen.close()


def test_a_technician_makes_the_same_copy_at_a_terminal(
    unit: UnitConfig, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    journal(unit, "screen").close()
    command = ["--config", str(tmp_path / "van" / "unit.toml"), "copy", "--out"]
    assert cli.main([*command, str(tmp_path / "copy.escale")]) == 0
    with (tmp_path / "copy.escale").open("rb") as file:
        assert parcel.read(file, [TRUSTED.recovery]).unit == unit.unit.id
    assert cli.main([*command, str(tmp_path / "copy.escale")]) == 1  # none is overwritten
    assert "name another file" in capsys.readouterr().err
