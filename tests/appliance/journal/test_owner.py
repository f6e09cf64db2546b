"""What the one writer of a journal promises."""

import stat
from pathlib import Path
from sqlite3 import IntegrityError

import msgspec
import pytest

from appliance.errors import JournalRefused, OperatorError
from appliance.journal import Journal, JournalReader
from appliance.twins.clock import SettableClock
from protocol import events
from protocol.event import MAX_BODY, Key
from protocol.row import NO_DIGEST, Row, chain
from protocol.stops import Arrived
from tests.appliance.journal.support import UTC, anchored, check_in, numbers_of, opened, rows_of


def test_a_row_holds_what_was_appended_and_when(journal: Journal, path: Path) -> None:
    anchored(journal)
    journal.clock.advance(5)
    assert journal.append(check_in(7)) == 1
    body = events.encode_body(check_in(7))
    digest = chain(NO_DIGEST, journal.epoch, 1, "visit.checked_in", body, "boot-1", 65_000)
    row = Row(1, "visit.checked_in", body, "boot-1", 65_000, UTC + 5000, "gps", 50, digest)
    assert rows_of(path) == [row]


def test_a_row_made_before_the_time_is_known_has_none(journal: Journal, path: Path) -> None:
    journal.append(check_in())
    assert [(row.utc, row.source, row.error) for row in rows_of(path)] == [(None, "none", 0)]


def test_an_event_can_be_made_of_its_own_key(journal: Journal, path: Path) -> None:
    journal.append(check_in())
    key = journal.append_made(lambda key: Arrived(source="gps", stop=key))
    assert key == Key(journal.epoch, 2)
    with JournalReader.open(path) as reader:
        assert [entry.event for entry in reader.entries(["stop.arrived"])] == [
            Arrived(source="gps", stop=key)
        ]


def test_a_maker_that_fails_leaves_nothing(journal: Journal, path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        journal.append_made(lambda key: 1 / 0)  # type: ignore[arg-type, return-value]
    assert (journal.append(check_in()), journal.head) == (1, 1)


def test_seqs_and_the_chain_go_on_after_a_restart(journal: Journal, path: Path) -> None:
    journal.append(check_in(1))
    epoch = journal.epoch
    journal.close()
    again = opened(path)
    assert (again.epoch, again.head, again.append(check_in(2))) == (epoch, 1, 2)
    again.close()
    assert [type(row) for row in rows_of(path)] == [Row, Row]


def test_each_file_has_an_epoch_of_its_own(journal: Journal, tmp_path: Path) -> None:
    other = opened(tmp_path / "vehicle.db")
    assert other.epoch != journal.epoch
    other.close()


def test_a_second_writer_is_refused_in_one_sentence(journal: Journal, path: Path) -> None:
    with pytest.raises(OperatorError, match=r"already being written by process \d+: stop that"):
        opened(path)
    journal.close()
    opened(path).close()


def test_closing_twice_is_harmless(journal: Journal) -> None:
    journal.close()
    journal.close()


def test_an_event_over_the_limit_is_refused_and_the_next_one_kept(
    journal: Journal, path: Path
) -> None:
    body = msgspec.json.encode({"note": "x" * MAX_BODY})
    with pytest.raises(JournalRefused, match="shorten it") as refused:
        journal.append_raw("newer.type", body)
    assert refused.value.kind == "too_large"
    assert journal.append(check_in()) == 1


def test_an_event_at_the_limit_is_kept(journal: Journal, path: Path) -> None:
    body = msgspec.json.encode({"note": "x" * (MAX_BODY - len('{"note":""}'))})
    journal.append_raw("newer.type", body)
    assert [row.body for row in rows_of(path)] == [body]


def test_a_newer_type_is_kept_in_its_canonical_spelling(journal: Journal, path: Path) -> None:
    journal.append_raw("loan.opened", b'{ "what" : "tablette" }')
    assert [(row.type, row.body) for row in rows_of(path)] == [
        ("loan.opened", b'{"what":"tablette"}')
    ]


@pytest.mark.parametrize("body", [b"[]", b"{", b"\xff", b'{"number":"three"}'])
def test_what_is_not_a_body_is_refused_in_one_sentence(journal: Journal, body: bytes) -> None:
    with pytest.raises(OperatorError, match=r"this is no visit.checked_in: .*; nothing was kept"):
        journal.append_raw("visit.checked_in", body)
    assert journal.head == 0


def test_a_side_table_and_an_event_are_kept_together_or_not_at_all(
    journal: Journal, path: Path
) -> None:
    journal.database["side"].create({"id": int}, pk="id")

    def both(number: int) -> None:
        with journal.atomic():
            journal.append(check_in(number))
            journal.database["side"].insert({"id": 1})

    both(1)
    with pytest.raises(IntegrityError):
        both(2)
    assert journal.append(check_in(3)) == 2
    assert numbers_of(path) == [1, 3]
    assert [row["id"] for row in journal.database["side"].rows] == [1]
    assert [type(row) for row in rows_of(path)] == [Row, Row]


def test_a_reboot_begins_new_counters_not_new_seqs(
    journal: Journal, path: Path, clock: SettableClock
) -> None:
    journal.append(check_in(1))
    clock.reboot(boottime=1000)
    journal.append(check_in(2))
    assert [(row.seq, row.boot_id, row.boottime) for row in rows_of(path)] == [
        (1, "boot-1", 60_000),
        (2, "boot-2", 1000),
    ]


def test_the_files_are_the_group_s_and_nobody_else_s(journal: Journal, path: Path) -> None:
    journal.append(check_in())
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert {name: oct(mode) for name, mode in modes.items()} == {
        "screen.lock": "0o660",
        "screen.witness": "0o660",
        "screen.db": "0o660",
        "screen.db-wal": "0o660",
        "screen.db-shm": "0o660",
    }
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o2770


def test_the_settings_that_durability_rests_on(journal: Journal) -> None:
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "page_size": 1024,
        "wal_autocheckpoint": 400,
        "mmap_size": 0,
        "secure_delete": 1,
        "auto_vacuum": 2,
        "application_id": int.from_bytes(b"ESCA", "big"),
        "user_version": 2,
    }
    connection = journal.database.conn
    assert {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted} == wanted


def test_a_file_of_much_newer_software_is_refused_not_touched(journal: Journal, path: Path) -> None:
    journal.database.execute("PRAGMA user_version = 4")
    journal.close()
    for use in (opened, JournalReader.open):
        with pytest.raises(OperatorError, match="install the newer software again"):
            use(path)
    assert not (path.parent / "aside").exists()


def test_a_file_of_the_next_version_is_read_and_written(journal: Journal, path: Path) -> None:
    journal.append(check_in(1))
    journal.database.execute("PRAGMA user_version = 3")
    journal.close()
    again = opened(path)
    again.append(check_in(2))
    again.close()
    assert numbers_of(path) == [1, 2]
