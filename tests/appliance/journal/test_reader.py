"""What every process but the owner sees of a journal."""

from pathlib import Path

import pytest

from appliance.errors import OperatorError
from appliance.journal import Journal, JournalReader, journals
from protocol.day import Closed
from protocol.duty import Ended, Started
from protocol.event import Key
from protocol.row import NO_DIGEST, Row, Tombstone
from tests.appliance.journal.support import check_in, numbers_of, opened, rows_of


def test_rows_are_read_from_a_cursor_within_limits(journal: Journal, path: Path) -> None:
    for number in range(1, 11):
        journal.append(check_in(number))
    size = len(rows_of(path)[0].body)
    with JournalReader.open(path) as reader:
        seqs = [row.seq for row in reader.rows(4)]
        by_rows = [row.seq for row in reader.rows(4, limit_rows=3)]
        by_bytes = [row.seq for row in reader.rows(4, limit_bytes=size * 2 + 1)]
        one_at_least = [row.seq for row in reader.rows(4, limit_bytes=1)]
        beyond = reader.rows(10)
    assert (seqs, by_rows, by_bytes, one_at_least, beyond) == (
        [5, 6, 7, 8, 9, 10],
        [5, 6, 7],
        [5, 6],
        [5],
        [],
    )


def test_the_digest_before_a_batch_is_known(journal: Journal, path: Path) -> None:
    journal.append(check_in())
    row = rows_of(path)[0]
    with JournalReader.open(path) as reader:
        assert (reader.digest(0), reader.digest(1), reader.digest(2)) == (
            NO_DIGEST,
            row.digest,
            None,
        )


def test_a_reader_sees_one_instant(journal: Journal, path: Path) -> None:
    journal.append(check_in(1))
    with JournalReader.open(path) as reader:
        journal.append(check_in(2))
        assert (reader.head, len(reader.rows(0))) == (1, 1)
    assert len(rows_of(path)) == 2


def test_a_reader_cannot_write(journal: Journal, path: Path) -> None:
    with (
        JournalReader.open(path) as reader,
        pytest.raises(Exception, match="readonly"),
    ):
        reader._connection.execute("DELETE FROM event")


def test_a_missing_journal_is_told_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match=r"cannot read the journal .*screen\.db"):
        JournalReader.open(tmp_path / "screen.db")
    assert list(tmp_path.iterdir()) == []


def test_entries_are_typed_and_follow_a_key(journal: Journal, path: Path) -> None:
    journal.append(Started())
    journal.append(check_in())
    journal.append(Ended(reason="hour"))
    with JournalReader.open(path) as reader:
        words = list(reader.entries(["duty.started", "duty.ended"]))
        after = list(reader.entries(["duty.started", "duty.ended"], after=words[0].key))
        unknown = list(reader.entries(["duty.ended"], after=Key(1, 99)))
    assert [word.event for word in words] == [Started(), Ended(reason="hour")]
    assert after == unknown == words[1:]


def test_the_latest_word_is_found(journal: Journal, path: Path) -> None:
    duty = ["duty.started", "duty.ended"]
    with JournalReader.open(path) as reader:
        assert reader.latest(duty) is None
    for event in (Started(), Closed(), Ended(), Started(), check_in()):
        journal.append(event)
    with JournalReader.open(path) as reader:
        latest = reader.latest(duty)
        assert latest is not None
        assert (latest.key.seq, latest.event) == (4, Started())


def test_landmarks_are_found_by_their_index(journal: Journal) -> None:
    plan = journal.database.conn.execute(
        "EXPLAIN QUERY PLAN SELECT id FROM event WHERE type = 'day.closed'"
        " AND body IS NOT NULL ORDER BY id DESC LIMIT 1"
    ).fetchall()
    assert [step[3] for step in plan] == ["SEARCH event USING INDEX landmark (type=?)"]


def test_an_event_that_newer_software_made_of_a_known_type_is_still_told(
    journal: Journal, path: Path
) -> None:
    with journal.atomic():
        journal._insert("visit.checked_in", b'{"number":"douze"}')
    with JournalReader.open(path) as reader:
        assert [entry.event for entry in reader.entries(["visit.checked_in"])] == [
            {"number": "douze"}
        ]


def test_a_changed_body_is_told_as_a_tombstone_and_its_neighbours_stand(
    journal: Journal, path: Path
) -> None:
    for number in range(1, 6):
        journal.append(check_in(number))
    before = rows_of(path)
    journal.database.execute("UPDATE event SET body = CAST('{}' AS BLOB) WHERE id = 3")
    stone = Tombstone(3, "visit.checked_in", 2, before[2].digest)
    assert rows_of(path) == [*before[:2], stone, *before[3:]]


def test_a_changed_digest_costs_no_row(journal: Journal, path: Path) -> None:
    for number in range(1, 6):
        journal.append(check_in(number))
    before = rows_of(path)
    journal.database.execute("UPDATE event SET digest = x'0102030405060708' WHERE id = 3")
    assert rows_of(path) == before


def test_a_row_that_is_gone_is_told_as_lost(journal: Journal, path: Path) -> None:
    for number in range(1, 6):
        journal.append(check_in(number))
    before = rows_of(path)
    journal.database.execute("DELETE FROM event WHERE id IN (3, 5)")
    lost = [Tombstone(3, "", 0, NO_DIGEST), Tombstone(5, "", 0, NO_DIGEST)]
    assert rows_of(path) == [*before[:2], lost[0], before[3], lost[1]]


def test_the_journals_of_a_unit_are_listed_those_in_use_first(tmp_path: Path) -> None:
    assert journals(tmp_path) == []
    for name in ("cli", "screen"):
        opened(tmp_path / f"{name}.db").close()
    (tmp_path / "aside").mkdir()
    (tmp_path / "aside" / "screen-12.db").touch()
    assert [path.name for path in journals(tmp_path)] == ["screen.db", "cli.db", "screen-12.db"]


def test_every_row_of_a_long_journal_is_a_row(journal: Journal, path: Path) -> None:
    with journal.atomic():
        for number in range(2500):
            journal.append(check_in(number))
    rows = rows_of(path)
    assert [type(row) for row in rows] == [Row] * 2500
    assert numbers_of(path) == list(range(2500))
