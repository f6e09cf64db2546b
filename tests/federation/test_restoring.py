"""A copy put back is the federation as it was; vehicles send again what came after it."""

import shutil
import subprocess
from pathlib import Path

from federation.config import Store
from federation.database import reading_ledger
from federation.ledger import Ledger
from federation.people import backups
from federation.twins.queue import Queue
from tests.postgresql import PostgreSQL

from .bench import Bench, ingest_on, link
from .stores import on_postgresql, on_sqlite
from .van import UNIT, Van


def bench_on(store: Store) -> Bench:
    queue, utc = Queue(), iter(range(1_700_000_000_000, 10**13, 1000)).__next__
    ledger = Ledger.open(store)
    return Bench(ledger, queue, ingest_on(ledger, queue, store, utc), store)


def events(store: Store) -> list[tuple[object, ...]]:
    with reading_ledger(store) as database:
        found = database.execute("SELECT unit, epoch, seq, body FROM event ORDER BY epoch, seq")
        return found.fetchall()


def a_copy_and_more(store: Store, folder: Path) -> tuple[Van, list[Path]]:
    """The first 200 rows are in the copy, 100 more came after it."""
    bench, van = bench_on(store), Van().notes(300)
    bench.arrive(van.delivery(1, 200))
    van.heard(bench.receipt())
    made = backups.make(store, folder, "20260314-030000")
    bench.arrive(van.delivery(201, 300))
    van.heard(bench.receipt())
    assert van.cursor == 300
    bench.ledger.close()
    return van, made


def comes_back_and_catches_up(store: Store, van: Van) -> None:
    """What the copy has not, the van still has: it is told so at its next birth."""
    assert len(events(store)) == 200
    bench = bench_on(store)
    bench.arrive(link())
    stored = bench.receipt().epochs[str(van.epoch)]
    assert stored.stored_to == 200
    bench.arrive(van.delivery(201, 300))
    assert bench.receipt().epochs[str(van.epoch)].stored_to == 300
    bench.ledger.close()
    assert [seq for unit, _, seq, _ in events(store) if unit == UNIT] == list(range(1, 301))


@on_sqlite
def test_two_files_put_back_are_the_federation_as_it_was(store: Store, tmp_path: Path) -> None:
    van, made = a_copy_and_more(store, tmp_path / "backups")
    elsewhere = Store(data=tmp_path / "another")
    elsewhere.data.mkdir()
    (ledger,) = (path for path in made if path.name.startswith("ledger"))
    shutil.copy(ledger, elsewhere.ledger)
    comes_back_and_catches_up(elsewhere, van)


@on_postgresql
def test_a_dump_put_back_is_the_federation_as_it_was(
    store: Store, tmp_path: Path, server: PostgreSQL
) -> None:
    van, (dump,) = a_copy_and_more(store, tmp_path / "backups")
    address = server.fresh()
    command = ["pg_restore", "--no-owner", "--exit-on-error", f"--dbname={address}", str(dump)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    comes_back_and_catches_up(Store(data=tmp_path / "another", postgresql=address), van)
    server.drop(address)
