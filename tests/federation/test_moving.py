"""Both stores move from SQLite into PostgreSQL by one command, whole or not at all."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from federation import outbox
from federation.config import Store
from federation.database import reading_ledger
from federation.ledger import Ledger
from federation.people import store as people
from federation.people.store import Deed
from federation.twins.queue import Queue
from tests.postgresql import PostgreSQL
from tests.support import write_toml

from .bench import Bench, ingest_on, status
from .van import TRUSTED, UNIT, Van

PROGRAM = Path(sys.executable).parent / "escale-federation"


@pytest.fixture
def address(server: PostgreSQL) -> Iterator[str]:
    """An empty database, as somebody made it for the federation."""
    made = server.fresh()
    yield made
    server.drop(made)


def a_federation_at_work(store: Store) -> None:
    """Facts, a document, an audit and an account."""
    ledger = Ledger.open(store)
    queue, utc = Queue(), iter(range(1_700_000_000_000, 10**13, 1000)).__next__
    bench = Bench(ledger, queue, ingest_on(ledger, queue, store, utc), store)
    bench.arrive(status(), Van().notes(300).delivery(1, 300))
    ledger.close()
    outbox.publish(store, TRUSTED.documents, [UNIT], "notices", b'{"texts": {"fr": "Bonjour"}}', 1)
    with people.writing(store) as database:
        people.record(database, Deed(1, "claire", "exported", f"{UNIT} 7/1", "asked"))


def run(folder: Path, *arguments: str, **store: object) -> "subprocess.CompletedProcess[str]":
    file = write_toml(folder / "f.toml", {"store": {"data": folder / "data", **store}})
    command = [str(PROGRAM), "--config", str(file), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def ledger_of(store: Store) -> list[tuple[object, ...]]:
    with reading_ledger(store) as database:
        return list(
            database.execute("SELECT unit, epoch, seq, body, digest FROM event ORDER BY id")
        )


def test_everything_is_there_afterwards_and_goes_on(tmp_path: Path, address: str) -> None:
    files = Store(data=tmp_path / "data")
    a_federation_at_work(files)
    (tmp_path / "word").write_text("un-camion-passe-par-la\n")
    made = run(
        tmp_path, "account", "add", "claire", "--role", "federation",
        "--password-file", str(tmp_path / "word"),
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    done = run(tmp_path, "move", "--to", address)
    assert done.returncode == 0, done.stderr
    moved = Store(data=tmp_path / "data", postgresql=address)
    assert ledger_of(moved) == ledger_of(files) != []
    assert list(outbox.latest(moved)) == list(outbox.latest(files)) != []
    assert list(people.audit(moved)) == list(people.audit(files)) != []
    again = run(
        tmp_path, "account", "add", "claire", "--role", "federation",
        "--password-file", str(tmp_path / "word"), postgresql=address,
    )  # fmt: skip
    assert "claire" in again.stderr
    assert again.returncode == 1, "the account is not there"
    # What is written next gets numbers of its own.
    outbox.publish(moved, TRUSTED.documents, [UNIT], "notices", b"{}", 2)
    with people.writing(moved) as database:
        people.record(database, Deed(2, "claire", "exported", f"{UNIT} 7/2", "asked"))
    assert [deed.at for deed in people.audit(moved)][::2] == [1, 2]
    ledger = Ledger.open(moved)
    ledger.close()


def test_a_database_that_holds_a_federation_is_left_alone(tmp_path: Path, address: str) -> None:
    a_federation_at_work(Store(data=tmp_path / "data"))
    assert run(tmp_path, "move", "--to", address).returncode == 0
    again = run(tmp_path, "move", "--to", address)
    assert again.returncode == 1
    assert again.stderr.startswith("escale-federation: ledger.unit in that database holds rows")


def test_nothing_moves_while_ingest_writes(tmp_path: Path, address: str) -> None:
    files = Store(data=tmp_path / "data")
    a_federation_at_work(files)
    held = Ledger.open(files)
    try:
        refused = run(tmp_path, "move", "--to", address)
    finally:
        held.close()
    assert refused.returncode == 1
    assert "is written by another ingest already" in refused.stderr
    assert ledger_of(Store(data=tmp_path / "data", postgresql=address)) == []
