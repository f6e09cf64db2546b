"""What PostgreSQL does beside what the tests of both stores hold: errors told, copies, versions."""

import subprocess
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from federation import dialect, outbox, postgres, reading
from federation.config import Store
from federation.database import open_ledger, reading_ledger, reading_web, watch, writing_web
from federation.errors import OperatorError
from federation.ledger import Ledger
from federation.people import backups
from federation.schema import VERSION
from tests.postgresql import PostgreSQL

from .bench import Bench
from .stores import on_postgresql
from .van import TRUSTED, UNIT, Van

pytestmark = on_postgresql
NOW = 1_777_885_200_000


def refused(store: Store) -> str:
    with pytest.raises(OperatorError) as told:
        Ledger.open(store)
    assert "\n" not in str(told.value)
    return str(told.value)


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("host=/nowhere dbname=x", "postgresql: .*No such file.* Start PostgreSQL or mend"),
        ("dbname", "not a connection string .*: write .host="),
        ("host={} user=escale dbname=none", 'database "none" does not exist. Start PostgreSQL'),
        ("host={} user=nobody dbname=postgres", 'role "nobody" does not exist'),
    ],
)
def test_an_address_that_leads_nowhere_is_one_sentence(
    store: Store, server: PostgreSQL, address: str, says: str
) -> None:
    wrong = Store(data=store.data, postgresql=address.format(server.folder))
    with pytest.raises(OperatorError, match=says) as told:
        Ledger.open(wrong)
    assert "\n" not in str(told.value)


def test_a_wrong_password_is_told_and_never_repeated(store: Store) -> None:
    with PostgreSQL(extra="password_encryption = md5\n") as other:
        (other.folder / "data" / "pg_hba.conf").write_text("local all all md5\n")
        other.ask("ALTER ROLE escale PASSWORD 'right'")
        other.ask("SELECT pg_reload_conf()")
        with suppress(psycopg.OperationalError):
            other.ask("SELECT 1")
        wrong = Store(data=store.data, postgresql=other.address() + " password=s3cret")
        said = refused(wrong)
    assert "password authentication failed" in said
    assert "s3cret" not in said


def test_a_role_without_rights_is_told_to_get_them(store: Store, server: PostgreSQL) -> None:
    assert store.postgresql is not None
    name = store.postgresql.rpartition("=")[2]
    Ledger.open(store).close()
    server.ask("DROP ROLE IF EXISTS guest")
    server.ask("CREATE ROLE guest LOGIN")
    guest = Store(data=store.data, postgresql=f"host={server.folder} user=guest dbname={name}")
    assert "Give this role its rights" in refused(guest)
    with (
        pytest.raises(OperatorError, match=r"start escale-federation ingest|Give this role"),
        reading_ledger(guest),
    ):
        pass
    postgres.forget(guest.postgresql or "")
    server.ask("DROP ROLE guest")


def test_a_ledger_that_loses_its_session_says_so_and_nothing_is_confirmed(
    bench: Bench, server: PostgreSQL
) -> None:
    van = Van().notes(3)
    bench.step()
    server.ask(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE pid <> pg_backend_pid() AND datname LIKE 'test%'"
    )
    with pytest.raises(OperatorError, match="Nothing was half-written") as told:
        bench.arrive(van.delivery(1, 3))
    assert "\n" not in str(told.value)
    assert bench.queue.confirmed == []


def test_a_page_does_not_see_that_the_server_was_started_again(
    store: Store, server: PostgreSQL
) -> None:
    Ledger.open(store).close()
    for _ in range(2):
        with reading_ledger(store) as database:
            assert database.execute("SELECT count(*) FROM event").fetchone()[0] == 0
        server.stop()
        server.start()


def test_readers_cannot_write(store: Store) -> None:
    Ledger.open(store).close()
    with (
        pytest.raises(OperatorError, match="read-only transaction"),
        reading_ledger(store) as database,
    ):
        database.execute("DELETE FROM event")


def test_a_text_with_a_nul_loses_that_character_alone(bench: Bench) -> None:
    van = Van()
    van.append(kind="visit.\0noted", body=b'{"number":1}')
    bench.arrive(van.delivery(1, 1))
    assert bench.ask("SELECT type FROM event") == [("visit.\ufffdnoted",)]
    assert bench.receipt().epochs["7"].stored_to == 1


def test_each_worker_has_its_partitions_and_lets_go_of_them(store: Store) -> None:
    first = open_ledger(store, range(8))
    second = open_ledger(store, range(8, 16))
    with pytest.raises(OperatorError, match="partition 8 of the ledger is written by another"):
        open_ledger(store, [8])
    second.close()
    open_ledger(store, [8], patience=5.0).close()
    first.close()


def test_a_newer_ledger_is_left_alone_and_what_is_not_ours_too(store: Store) -> None:
    ledger = Ledger.open(store)
    ledger.database.execute("UPDATE version SET version = ?", (VERSION + 1,))
    ledger.close()
    assert "install the other one" in refused(store)
    with writing_web(store, "") as database:
        database.execute("UPDATE ledger.version SET application = 1")
    assert "is not ours" in refused(store)


def test_a_reader_before_there_is_a_ledger_is_told_what_to_start(
    store: Store, server: PostgreSQL
) -> None:
    address = server.fresh()
    with (
        pytest.raises(OperatorError, match="start escale-federation ingest first"),
        reading_ledger(Store(data=store.data, postgresql=address)),
    ):
        pass
    server.drop(address)


def test_the_webs_store_has_no_table_until_somebody_writes(store: Store) -> None:
    with reading_web(store) as database:
        assert database.columns("document") == frozenset()
    outbox.publish(store, TRUSTED.documents, [UNIT], "tour", b'{"tours":[]}', NOW)
    with reading_web(store) as database:
        assert {"id", "unit", "payload"} <= database.columns("document")


def test_whoever_watches_learns_of_every_commit(store: Store) -> None:
    ledger, watching = Ledger.open(store), watch(store)
    before = watching.token()
    assert watching.token() == before
    with ledger.transaction():
        ledger.store(Van().notes(1).batch(1, 1), NOW)
    after_ledger = watching.token()
    outbox.publish(store, TRUSTED.documents, [UNIT], "tour", b'{"tours":[]}', NOW)
    assert len({before, after_ledger, watching.token()}) == 3
    watching.close()
    ledger.close()


def test_a_dump_that_is_put_back_is_the_same_ledger(
    store: Store, server: PostgreSQL, tmp_path: Path
) -> None:
    van = Van().notes(20)
    ledger = Ledger.open(store)
    with ledger.transaction():
        ledger.store(van.batch(1, 20), NOW)
    before = ledger.receipt(UNIT), list(reading.entries(ledger.database))
    outbox.publish(store, TRUSTED.documents, [UNIT], "tour", b'{"tours":[]}', NOW)
    (dump,) = backups.make(store, tmp_path / "backups", "20260101-000000")
    assert dump.stat().st_mode & 0o777 == 0o600
    address = server.fresh()
    subprocess.run(["pg_restore", "--dbname", address, dump], check=True)
    again = Store(data=store.data, postgresql=address)
    restored = Ledger.open(again)
    assert (restored.receipt(UNIT), list(reading.entries(restored.database))) == before
    with restored.transaction():
        restored.store(van.notes(5).batch(21, 25), NOW)
    assert len(list(reading.entries(restored.database))) == 25
    assert [item.revision for item in outbox.latest(again)] == [1]
    restored.close()
    ledger.close()
    server.drop(address)


def test_a_dump_that_fails_leaves_nothing_and_says_why(store: Store, tmp_path: Path) -> None:
    nowhere = Store(data=store.data, postgresql="host=/nowhere dbname=x password=s3cret")
    with pytest.raises(OperatorError, match="no copy was made, pg_dump failed") as told:
        backups.make(nowhere, tmp_path / "backups", "20260101-000000")
    assert "s3cret" not in str(told.value)
    assert list((tmp_path / "backups").iterdir()) == []


def test_sessions_are_kept_for_the_next_page(store: Store) -> None:
    Ledger.open(store).close()
    with reading_ledger(store) as database:
        (first,) = database.execute("SELECT pg_backend_pid()").fetchone()
    with reading_ledger(store) as database:
        assert database.execute("SELECT pg_backend_pid()").fetchone() == (first,)
        with reading_ledger(store) as other:
            assert other.execute("SELECT pg_backend_pid()").fetchone() != (first,)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("SELECT ? WHERE x = :name", "SELECT %s WHERE x = %(name)s"),
        ("kind LIKE 'chain%'", "kind LIKE 'chain%%'"),
        ("'what? :no' || ?", "'what? :no' || %s"),
        ("CAST(x AS TEXT) -- really?", "CAST(x AS TEXT) -- really?"),
        ("x::text", "x::text"),
    ],
)
def test_statements_are_said_in_its_words(store: Store, ours: str, theirs: str) -> None:
    assert dialect.statement(ours) == theirs


def test_forgetting_a_database_closes_its_sessions(store: Store, server: PostgreSQL) -> None:
    Ledger.open(store).close()
    with reading_ledger(store):
        pass
    assert store.postgresql is not None
    postgres.forget(store.postgresql)
    name = store.postgresql.rpartition("=")[2]
    found = server.ask(f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}'")
    assert found[0][0] in (0, 1)  # the last may be leaving still
