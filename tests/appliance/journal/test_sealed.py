"""Personal fields lie sealed beside their row: kept with it, read with it, told by its body."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from appliance.errors import JournalRefused
from appliance.journal import Journal, JournalReader, schema
from protocol import events, sealing
from protocol.event import Key
from protocol.row import NO_DIGEST, Row, chain
from protocol.sealing import MAX_ENVELOPE, SealError
from protocol.workshops import SignedUp
from tests.appliance.journal.support import (
    check_in,
    name_in,
    numbers_of,
    opened,
    rows_of,
    sealed,
    sign_up,
)


def envelopes_of(path: Path) -> dict[int, bytes | None]:
    """Envelopes by seq, of the rows that are none's tombstone."""
    return {row.seq: row.envelope for row in rows_of(path) if isinstance(row, Row)}


def test_a_sealed_row_tells_its_envelope_and_opens_at_its_key(journal: Journal, path: Path) -> None:
    journal.append(check_in())
    key = journal.append_sealed(sign_up(12), sealed("Aïcha"))
    assert key == Key(journal.epoch, 2)
    row = rows_of(path)[1]
    assert isinstance(row, Row)
    assert name_in(row.envelope, key) == "Aïcha"
    assert row.envelope is not None
    told = SignedUp(workshop="cv", number=12, sealed=sealing.digest(row.envelope))
    assert row.body == events.encode_body(told)


def test_a_name_is_in_no_file_of_the_journal(journal: Journal, path: Path) -> None:
    journal.append_sealed(sign_up(), sealed("canary-4711"))
    for file in path.parent.iterdir():
        assert b"canary-4711" not in file.read_bytes()


def test_rows_without_an_envelope_have_none(journal: Journal, path: Path) -> None:
    journal.append(check_in())
    journal.append(sign_up())
    journal.append_sealed(sign_up(), sealed())
    assert [envelope is None for envelope in envelopes_of(path).values()] == [True, True, False]


def test_a_seal_that_fails_leaves_neither_row_nor_envelope(journal: Journal, path: Path) -> None:
    def fails(key: Key) -> bytes:
        raise SealError("phone has 201 bytes, 200 is the most")

    with pytest.raises(SealError):
        journal.append_sealed(sign_up(), fails)
    assert (journal.head, journal.append(check_in(3)), numbers_of(path)) == (0, 1, [3])
    assert journal.database.execute("SELECT count(*) FROM sealed").fetchone() == (0,)


def test_a_disk_that_takes_no_envelope_takes_no_row(journal: Journal, path: Path) -> None:
    journal.database.execute(
        "CREATE TRIGGER fails BEFORE INSERT ON sealed BEGIN SELECT raise(ABORT, 'cut'); END"
    )
    with pytest.raises(sqlite3.IntegrityError):
        journal.append_sealed(sign_up(), sealed())
    assert (journal.head, rows_of(path)) == (0, [])


def test_an_envelope_over_the_limit_is_refused_in_one_sentence(journal: Journal) -> None:
    with pytest.raises(JournalRefused, match="the envelope of workshop") as refused:
        journal.append_sealed(sign_up(), lambda key: bytes(MAX_ENVELOPE + 1))
    assert (refused.value.kind, journal.head) == ("too_large", 0)


def test_a_field_that_the_type_does_not_name_is_refused(journal: Journal) -> None:
    recipient = sealing.X25519PrivateKey.generate().public_key()

    def with_an_address(key: Key) -> bytes:
        row = sealing.Binding("van-germaine", key)
        return sealing.seal({"address": "1 rue Haute"}, [recipient], row)

    with pytest.raises(ValueError, match="no such personal fields"):
        journal.append_sealed(sign_up(), with_an_address)
    assert journal.head == 0


def test_rows_and_envelopes_are_kept_together_within_a_larger_whole(
    journal: Journal, path: Path
) -> None:
    def half() -> None:
        with journal.atomic():
            journal.append_sealed(sign_up(), sealed())
            raise KeyError

    with pytest.raises(KeyError):
        half()
    with journal.atomic():
        journal.append(check_in())
        journal.append_sealed(sign_up(), sealed())
    assert [envelope is None for envelope in envelopes_of(path).values()] == [True, False]


def test_an_envelope_counts_in_the_size_of_what_is_read(journal: Journal, path: Path) -> None:
    for number in range(4):
        journal.append_sealed(sign_up(number), sealed())
    one = rows_of(path)[0]
    assert isinstance(one, Row)
    assert one.envelope is not None
    with JournalReader.open(path) as reader:
        limit = 2 * (len(one.body) + len(one.envelope)) + 20
        assert len(reader.rows(0, limit_bytes=limit)) == 2
        assert len(reader.rows(0, limit_bytes=1)) == 1


def test_reading_rows_asks_for_envelopes_only_where_a_body_tells_of_one(
    journal: Journal, path: Path
) -> None:
    for number in range(3):
        journal.append(check_in(number))
    journal.append_sealed(sign_up(), sealed())
    with JournalReader.open(path) as reader:
        asked: list[str] = []
        reader._connection.set_trace_callback(asked.append)
        reader.rows(0, limit_rows=3)
        assert not any("sealed" in statement for statement in asked)
        asked.clear()
        reader.rows(0)
        assert sum("FROM sealed" in statement for statement in asked) == 1


def test_an_envelope_that_is_not_the_row_s_own_is_left_out(journal: Journal, path: Path) -> None:
    for number in range(2):
        journal.append_sealed(sign_up(number), sealed())
    journal.database.execute(
        "UPDATE sealed SET envelope = (SELECT envelope FROM sealed WHERE id = 1) WHERE id = 2"
    )
    assert [envelope is None for envelope in envelopes_of(path).values()] == [False, True]


def older(path: Path) -> None:
    """A journal with one row, as the software before this one made it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    body = events.encode_body(check_in(1))
    digest = chain(NO_DIGEST, 7, 1, "visit.checked_in", body, "boot-0", 5)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in (*schema._BIRTH, "PRAGMA user_version = 1"):
            connection.execute(statement)
        database = schema.Database(connection, execute_plugins=False)
        schema.migrations.apply(database, stop_before="0002_sealed")
        connection.execute(
            "INSERT INTO epoch (epoch, journal, base, purged_digest) VALUES (7, 'screen', 0, ?)",
            (bytes(8),),
        )
        connection.execute("INSERT INTO boot VALUES (1, 'boot-0')")
        connection.execute(
            "INSERT INTO event VALUES (1, ?, ?, 1, 5, NULL, 0, 0, ?, NULL, NULL)",
            ("visit.checked_in", body, digest),
        )
        schema.begin_log(connection)


def test_a_file_of_the_software_before_is_read_also_when_it_was_put_aside(tmp_path: Path) -> None:
    for path in (tmp_path / "screen.db", tmp_path / "aside" / "screen-7.db"):
        older(path)
        with JournalReader.open(path) as reader:
            assert reader.is_whole(reader.span(), 0, 1)
            assert reader.stray_envelopes(reader.span(), 0, 1) == []
        assert numbers_of(path) == [1]
        assert [type(row) for row in rows_of(path)] == [Row]


def test_a_file_of_the_software_before_takes_envelopes_once_it_is_opened(path: Path) -> None:
    older(path)
    journal = opened(path)
    journal.append_sealed(sign_up(), sealed("Aïcha"))
    journal.close()
    _, row = rows_of(path)
    assert isinstance(row, Row)
    assert name_in(row.envelope, Key(7, 2)) == "Aïcha"
    opened(path).close()
    assert not (path.parent / "aside").exists()
