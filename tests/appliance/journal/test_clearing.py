"""A journal that was put aside gives up its envelopes too, a day after all of it was receipted."""

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from appliance.journal import Journal, JournalReader
from appliance.twins.clock import SettableClock
from protocol.row import Row
from tests.appliance.journal.support import check_in, opened, rows_of, sealed, sign_up


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(boot_id="boot-2")


@pytest.fixture
def after(path: Path, clock: SettableClock) -> Iterator[Journal]:
    """A journal that goes on after one with two sealed rows was damaged."""
    before = opened(path)
    before.append(check_in(1))
    for number in (2, 3):
        before.append_sealed(sign_up(number), sealed())
    before.close()
    with path.open("r+b") as file:
        file.write(bytes(100))
    journal = opened(path, clock)
    yield journal
    journal.close()


def aside(journal: Journal) -> Path:
    (saved,) = (journal.path.parent / "aside").glob("*.db")
    return saved


def epoch(journal: Journal) -> int:
    with JournalReader.open(aside(journal)) as reader:
        return reader.epoch


def held(journal: Journal) -> list[int]:
    rows = rows_of(aside(journal))
    return [row.seq for row in rows if isinstance(row, Row) and row.envelope is not None]


def damaged(journal: Journal) -> list[Path]:
    return list((journal.path.parent / "aside").glob("*.damaged*"))


def a_turn(journal: Journal, stored_to: int, hours: float = 0) -> None:
    journal.clock.advance(hours * 3600)  # type: ignore[attr-defined]
    journal.remember_time()
    journal.clear_aside({epoch(journal): stored_to})


def test_a_day_after_all_of_it_was_receipted_its_envelopes_are_gone(after: Journal) -> None:
    rows = [row._replace(envelope=None) for row in rows_of(aside(after)) if isinstance(row, Row)]
    (envelope,) = (row.envelope for row in rows_of(aside(after))[1:2] if isinstance(row, Row))
    assert envelope is not None
    before = aside(after).stat()
    a_turn(after, 3)
    a_turn(after, 3, hours=23)
    assert (held(after), len(damaged(after))) == ([2, 3], 1)
    a_turn(after, 3, hours=1)
    assert (rows_of(aside(after)), damaged(after)) == (rows, [])
    there = [path for path in after.path.parent.rglob("*") if path.is_file()]
    assert not any(envelope[-64:] in path.read_bytes() for path in there)
    now = aside(after).stat()
    assert (stat.S_IMODE(now.st_mode), now.st_mtime_ns) == (0o440, before.st_mtime_ns)


def test_what_is_not_all_receipted_keeps_them(after: Journal) -> None:
    for _ in range(3):
        a_turn(after, 2, hours=24)
    assert (held(after), len(damaged(after))) == ([2, 3], 1)


def test_a_reader_of_the_file_is_not_disturbed(after: Journal) -> None:
    a_turn(after, 3)
    with JournalReader.open(aside(after)) as reader:
        a_turn(after, 3, hours=24)
        assert [row.envelope is None for row in reader.rows(1) if isinstance(row, Row)] == [
            False
        ] * 2
    assert held(after) == []


def test_a_power_cut_before_the_file_was_replaced_leaves_it_to_the_next_turn(
    after: Journal,
) -> None:
    a_turn(after, 3)
    damaged(after)[0].unlink()
    (aside(after).parent / f".{aside(after).stem}.clearing").write_bytes(b"half of it")
    a_turn(after, 3, hours=24)
    assert held(after) == []
    assert [path.name for path in aside(after).parent.iterdir()] == [aside(after).name]


def test_where_no_envelope_was_saved_the_damaged_file_may_hold_them_and_goes(
    after: Journal,
) -> None:
    path = aside(after)
    path.chmod(0o640)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM sealed")
    a_turn(after, 3)
    assert len(damaged(after)) == 1
    a_turn(after, 3, hours=24)
    assert damaged(after) == []


def test_a_file_that_never_held_any_is_left_alone(path: Path, clock: SettableClock) -> None:
    before = opened(path)
    before.append(check_in(1))
    before.close()
    with path.open("r+b") as file:
        file.write(bytes(100))
    journal = opened(path, clock)
    for _ in range(3):
        a_turn(journal, 1, hours=24)
    assert len(damaged(journal)) == 1
    journal.close()


def test_a_file_put_aside_that_cannot_be_read_stops_no_owner(after: Journal) -> None:
    stored = {epoch(after): 3}
    aside(after).chmod(0o640)
    aside(after).write_bytes(b"no database at all" * 100)
    after.clear_aside(stored)
    assert after.append(check_in(4)) == after.head


def test_the_owner_s_hourly_turn_does_it(after: Journal) -> None:
    with closing(sqlite3.connect(after.path.with_name("uplink.db"))) as uplink, uplink:
        uplink.execute("CREATE TABLE cursor (epoch, journal, stored_to, fork_at)")
        values = (epoch(after), "screen", 3)
        uplink.execute("INSERT INTO cursor VALUES (?, ?, ?, NULL)", values)
    for turn in range(26):
        after.housekeep(turn * 3600.0)
        after.clock.advance(3600)  # type: ignore[attr-defined]
    assert held(after) == []
