"""A damaged journal: noticed, put aside, saved from, and the unit goes on by itself."""

import random
import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from appliance.errors import OperatorError
from appliance.journal import Journal, JournalReader, damage, journals
from appliance.journal.schema import PAGE_SIZE
from appliance.twins.clock import SettableClock
from protocol.event import Key
from protocol.row import NO_DIGEST, Row, Tombstone
from protocol.unit import JournalSetAside
from tests.appliance.journal.support import (
    anchored,
    check_in,
    name_in,
    opened,
    rows_of,
    sealed,
    sign_up,
)


def filled(path: Path, count: int = 150) -> list[Row | Tombstone]:
    """A journal with a past: a purge, a rotation, a reboot, long rows, sealed ones; closed.

    Its live rows.
    """
    clock = SettableClock()
    journal = opened(path, clock)
    for number in range(20):
        journal.append(check_in(number))
    clock.advance(4 * 86_400)
    anchored(journal)
    journal.purge(5)
    journal.rotate(15)
    for number in range(count // 2):
        journal.append(check_in(number))
    journal.close()
    clock.reboot()
    journal = opened(path, clock)
    for number in range(count // 2, count):
        journal.append(check_in(number))
        if number % 40 == 0:
            journal.append_raw("loan.opened", msgspec.json.encode({"note": "x" * number * 20}))
        if number % 10 == 7:
            # Every other one is larger than a page.
            seal = sealed() if number % 20 == 7 else sealed("a" * 200, "0" * 200, recipients=8)
            journal.append_sealed(sign_up(number), seal)
    journal.close()
    return rows_of(path)


def hit(path: Path, offset: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(data)


def aside(path: Path) -> Path:
    (saved,) = (path.parent / "aside").glob("*.db")
    return saved


def reopened(path: Path) -> Journal:
    return opened(path, SettableClock(boot_id="boot-3"))


def told(path: Path) -> list[JournalSetAside]:
    with JournalReader.open(path) as reader:
        return [entry.event for entry in reader.entries(["journal.set_aside"])]  # type: ignore[misc]


def test_a_sound_journal_is_left_alone(path: Path) -> None:
    rows = filled(path)
    journal = reopened(path)
    assert journal.epoch
    journal.close()
    assert rows_of(path) == rows
    assert not (path.parent / "aside").exists()


def test_what_is_not_a_database_is_put_aside_and_a_new_epoch_begun(path: Path) -> None:
    rows = filled(path)
    with JournalReader.open(path) as reader:
        spans = reader.spans
    before = path.read_bytes()
    hit(path, 0, b"\0" * 100)
    journal = reopened(path)
    assert journal.epoch not in [span.epoch for span in spans]
    assert journal.append(check_in(1)) == 3
    journal.close()
    assert rows_of(aside(path)) == rows
    assert [event.epoch for event in told(path)] == [span.epoch for span in spans]
    assert all(event.lost == () and event.journal == "screen" for event in told(path))
    damaged = aside(path).with_suffix(".damaged")
    assert damaged.read_bytes()[100:] == before[100:]
    assert stat.S_IMODE(aside(path).stat().st_mode) == 0o440


def test_it_is_told_once(path: Path) -> None:
    filled(path)
    hit(path, 0, b"\0" * 100)
    for _ in range(3):
        reopened(path).close()
    assert len(told(path)) == 2
    assert journals(path.parent) == [path, aside(path)]


def test_a_power_cut_before_it_was_told_costs_nothing(path: Path) -> None:
    rows = filled(path)
    hit(path, 0, b"\0" * 100)
    reopened(path).close()
    for name in ("screen.db", "screen.witness"):
        path.with_name(name).unlink()
    reopened(path).close()
    assert len(told(path)) == 2
    assert rows_of(aside(path)) == rows


def test_a_lost_page_loses_its_rows_and_no_others(path: Path) -> None:
    rows = filled(path)
    page = path.read_bytes().index(b'{"number":61,') // PAGE_SIZE
    hit(path, page * PAGE_SIZE, b"\xff" * PAGE_SIZE)
    reopened(path).close()
    saved = rows_of(aside(path))
    lost = [row.seq for row in saved if isinstance(row, Tombstone)]
    assert 4 <= len(lost) <= 12
    assert lost == list(range(lost[0], lost[-1] + 1))
    assert [row for row in saved if isinstance(row, Row)] == [
        row for row in rows if row.seq not in lost
    ]
    event = told(path)[-1]
    assert event.lost == ((lost[0], lost[-1]),)
    assert event.salvaged == len(rows) - len(lost)


def test_one_changed_letter_is_noticed_and_costs_one_row(path: Path) -> None:
    rows = filled(path)
    data = path.read_bytes()
    place = data.index(b'{"number":61,') + 11
    hit(path, place, b"9")
    with closing(sqlite3.connect(path)) as naive:  # without a chain nobody would notice
        assert naive.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    reopened(path).close()
    saved = rows_of(aside(path))
    (stone,) = [row for row in saved if isinstance(row, Tombstone)]
    assert (stone.type, stone.digest) == ("visit.checked_in", rows[stone.seq - 1].digest)
    assert [row for row in saved if row.seq != stone.seq] == [
        row for row in rows if row.seq != stone.seq
    ]
    assert told(path)[-1].lost == ((stone.seq, stone.seq),)
    assert "chain is broken" in told(path)[-1].reason


def sealed_rows(rows: list[Row | Tombstone]) -> dict[int, Row]:
    return {row.seq: row for row in rows if isinstance(row, Row) and row.envelope is not None}


def test_envelopes_are_saved_the_large_ones_too_and_open_as_before(path: Path) -> None:
    rows = sealed_rows(filled(path))
    assert {len(row.envelope or b"") > PAGE_SIZE for row in rows.values()} == {False, True}
    hit(path, 0, b"\xff" * PAGE_SIZE)
    reopened(path).close()
    saved = sealed_rows(rows_of(aside(path)))
    assert saved == rows
    with JournalReader.open(aside(path)) as reader:
        for row in saved.values():
            name_in(row.envelope, row.origin or Key(reader.epoch, row.seq))


def test_one_changed_byte_in_an_envelope_is_noticed_and_costs_that_envelope(path: Path) -> None:
    rows = filled(path)
    one = min(sealed_rows(rows).values(), key=lambda row: len(row.envelope or b""))
    assert one.envelope is not None
    hit(path, path.read_bytes().index(one.envelope) + 100, b"\0\xff\0")
    with JournalReader.open(path) as reader:  # the chain knows nothing of it
        assert reader.is_whole(reader.span(), 0, reader.head)
    reopened(path).close()
    rows[one.seq - 1] = one._replace(envelope=None)
    assert rows_of(aside(path)) == rows
    assert "is not its row's" in told(path)[-1].reason
    assert told(path)[-1].lost == ()


def test_without_its_table_of_envelopes_a_file_is_put_aside(path: Path) -> None:
    rows = filled(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE sealed")
    journal = reopened(path)
    journal.append_sealed(sign_up(), sealed())
    journal.close()
    assert told(path)[-1].reason == "it lacks tables"
    assert [row.seq for row in rows_of(aside(path))] == [row.seq for row in rows]


def test_an_erased_envelope_does_not_come_back(path: Path) -> None:
    journal = opened(path)
    for number in range(3):
        journal.append_sealed(sign_up(number), sealed())
    for _ in range(2):
        journal.remember_time()
        journal.purge(2)
        journal.clock.advance(86_400)  # type: ignore[attr-defined]
    journal.remember_time()
    journal.close()
    rows = rows_of(path)
    assert list(sealed_rows(rows)) == [3]
    hit(path, 0, b"\xff" * 100)
    reopened(path).close()
    assert rows_of(aside(path)) == rows


def test_without_its_small_tables_a_file_is_saved_by_their_copy(path: Path) -> None:
    rows = filled(path)
    data = path.read_bytes()
    for name in (b"boot-1", b"boot-2"):
        start = data.index(name) // PAGE_SIZE * PAGE_SIZE
        hit(path, start, b"\xff" * PAGE_SIZE)
    hit(path, 0, b"\xff" * PAGE_SIZE)
    reopened(path).close()
    assert rows_of(aside(path)) == rows


def test_without_any_copy_the_file_is_put_aside_all_the_same(path: Path) -> None:
    filled(path)
    path.with_name("screen.witness").unlink()
    hit(path, 0, b"\xff" * PAGE_SIZE)
    journal = reopened(path)
    assert journal.append(check_in(1)) == 1
    journal.close()
    assert (path.parent / "aside" / "screen-unknown-0.damaged").exists()


def test_what_was_purged_does_not_come_back(path: Path) -> None:
    filled(path)
    hit(path, 0, b"\xff" * PAGE_SIZE)
    reopened(path).close()
    with JournalReader.open(aside(path)) as reader:
        assert reader.spans[0].purged_to == 5
        assert reader.rows(0, epoch=reader.spans[0].epoch)[0] == Tombstone(1, "", 0, NO_DIGEST)


def test_a_rotation_s_origins_are_saved(path: Path) -> None:
    rows = filled(path)
    assert rows[0].origin is not None  # type: ignore[union-attr]
    hit(path, 0, b"\xff" * PAGE_SIZE)
    reopened(path).close()
    assert rows_of(aside(path))[0] == rows[0]


def test_the_log_of_a_killed_owner_is_saved_too(path: Path, tmp_path: Path) -> None:
    journal = opened(path)
    for number in range(50):
        journal.append(check_in(number))
    copy = tmp_path / "killed" / "screen.db"
    shutil.copytree(path.parent, copy.parent)
    rows = rows_of(path)
    journal.close()
    hit(copy, 0, b"\xff" * 512)
    hit(copy.with_name("screen.db-wal"), 40, b"\xff" * 300)
    reopened(copy).close()
    assert rows_of(aside(copy)) == rows


def test_a_log_damaged_in_its_middle_is_not_taken_for_a_power_cut(
    path: Path, tmp_path: Path
) -> None:
    journal = opened(path)
    for number in range(50):
        journal.append(check_in(number))
    copy = tmp_path / "killed" / "screen.db"
    shutil.copytree(path.parent, copy.parent)
    rows = rows_of(path)
    journal.close()
    log = copy.with_name("screen.db-wal")
    hit(log, log.stat().st_size // 2, b"\xff" * 64)
    assert damage.found(copy) == "its log is damaged"
    reopened(copy).close()
    assert len(told(copy)) == 1
    assert rows_of(aside(copy)) == rows  # each page is in the log more than once


def test_a_log_whose_header_is_damaged_is_not_taken_for_an_empty_one(
    path: Path, tmp_path: Path
) -> None:
    journal = opened(path)
    for number in range(50):
        journal.append(check_in(number))
    copy = tmp_path / "killed" / "screen.db"
    shutil.copytree(path.parent, copy.parent)
    rows = rows_of(path)
    journal.close()
    hit(copy.with_name("screen.db-wal"), 0, b"\xff" * 32)
    reopened(copy).close()
    assert rows_of(aside(copy)) == rows


@pytest.mark.parametrize("left", [0, 1, 31, 100, 5000])
def test_a_log_cut_short_is_a_power_cut_and_no_damage(
    path: Path, tmp_path: Path, left: int
) -> None:
    journal = opened(path)
    for number in range(50):
        journal.append(check_in(number))
    copy = tmp_path / "killed" / "screen.db"
    shutil.copytree(path.parent, copy.parent)
    journal.close()
    with copy.with_name("screen.db-wal").open("r+b") as log:
        log.truncate(left)
    assert damage.found(copy) == ""


def test_readers_say_in_one_sentence_that_a_journal_is_damaged(path: Path) -> None:
    filled(path)
    hit(path, 3 * PAGE_SIZE, b"\xff" * (path.stat().st_size - 3 * PAGE_SIZE))
    with pytest.raises(OperatorError, match=r"cannot read the journal .*: .*malformed"):
        rows_of(path)


def test_a_foreign_database_is_not_written_but_put_aside(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE epoch (name)")
    before = path.read_bytes()
    reopened(path).close()
    assert (path.parent / "aside" / "screen-unknown-0.damaged").read_bytes() == before


def random_hit(path: Path, random: random.Random) -> tuple[int, int]:
    size = path.stat().st_size
    start = random.randrange(size - 64)
    hit(path, start, random.randbytes(64))
    return start, start + 64


def untouched(path: Path, rows: list[Row | Tombstone], start: int, end: int) -> set[int]:
    """Seqs of the rows that lie in the file, with their envelopes, outside what was hit."""
    data = path.read_bytes()
    return {
        row.seq
        for row in rows
        if isinstance(row, Row)
        and not any(first < end and start < last for first, last in _places(data, row))
    }


def _places(data: bytes, row: Row) -> list[tuple[int, int]]:
    """Where a row and its envelope lie; all of the file for what is on more than one page."""
    digest = data.index(row.digest)
    places = [(digest - len(row.type) - len(row.body) - 50, digest + 30)]
    if row.envelope is not None:
        envelope = data.find(row.envelope)
        places.append((envelope - 20, envelope + len(row.envelope)))
    parts = [row.body, row.envelope or b""]
    return places if all(part in data for part in parts) else [(0, len(data))]


def one_trial(folder: Path, sound: Path, rows: list[Row | Tombstone], seed: int) -> str:
    """Hits a copy once; what became of it."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(sound.parent, folder)
    path = folder / sound.name
    start, end = random_hit(path, random.Random(seed))
    safe = untouched(sound, rows, start, end)
    reopened(path).close()
    if not (folder / "aside").exists():
        assert rows_of(path)[: len(rows)] == rows, "harmless, or it is not"
        return "harmless"
    saved = {row.seq: row for row in rows_of(aside(path), _live(sound))}
    missing = [seq for seq in safe if saved.get(seq) != rows[seq - 1]]
    assert missing == [], f"rows {missing} lie outside {start}-{end} and are not saved"
    return "saved"


def _live(path: Path) -> int:
    with JournalReader.open(path) as reader:
        return reader.epoch


def trials(tmp_path: Path, seeds: range) -> dict[str, int]:
    sound = tmp_path / "sound" / "screen.db"
    rows = filled(sound, count=300)
    results = [one_trial(tmp_path / "hit", sound, rows, seed) for seed in seeds]
    return {result: results.count(result) for result in set(results)}


def test_random_damage_is_noticed_or_harmless_and_the_other_rows_are_saved(tmp_path: Path) -> None:
    assert trials(tmp_path, range(25))["saved"] > 15


@pytest.mark.slow
def test_two_hundred_times(tmp_path: Path) -> None:
    assert sum(trials(tmp_path, range(1000, 1200)).values()) == 200


@pytest.mark.campaign
def test_a_thousand_times(tmp_path: Path) -> None:
    assert sum(trials(tmp_path, range(5000, 6000)).values()) == 1000
