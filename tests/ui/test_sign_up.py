"""A name given on board: sealed before it is kept, kept before it is answered, refused alone."""

import logging
import sqlite3
from pathlib import Path

import pytest

from appliance import runtime
from appliance.journal import JournalReader
from protocol import sealing
from protocol.day import Unlocked
from protocol.event import Key
from protocol.sealing import Binding
from protocol.visits import CheckedIn
from protocol.workshops import SignedUp
from tests.support import unit_config
from tests.trusted import Trusted, put
from tests.ui.kit import WORDS, Bench, Hand, SettableClock, kept, new_desk
from tests.ui.test_journey import checks_in
from ui.desk import Desk

UNIT, PIN = "van-germaine", "482193"
NAME, PHONE = "Aïcha-Lou", "06 12 34 56 78"


class Enrolled:
    """A unit with its keys, and its desk."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.trusted, self.hand = folder, Trusted(), Hand()
        self.trusted.identity_of(UNIT, folder / "data")
        self.desk = new_desk(folder, self.hand)

    def names(self) -> list[str]:
        return [line.first_name for line in self.desk.staff.roster().lines]

    def opened(self) -> list[dict[str, str]]:
        """Every envelope, opened as the federation does."""
        with JournalReader.open(self.folder / "data" / "screen.db") as reader:
            rows = [row for row in reader.rows(0) if row.envelope]
            return [
                sealing.open_envelope(
                    row.envelope, [self.trusted.sealing], Binding(UNIT, Key(reader.epoch, row.seq))
                )
                for row in rows
            ]


@pytest.fixture
def unit(tmp_path: Path) -> Enrolled:
    ready = Enrolled(tmp_path)
    yield ready
    ready.desk.close()


def test_a_name_is_sealed_to_its_row_and_listed_for_staff(unit: Enrolled) -> None:
    unit.desk.staff.vault.choose(PIN)
    outcome = unit.desk.capture.sign_up("cv", 2, 1, f" {NAME} ", PHONE)
    assert (outcome.outcome, outcome.number) == ("kept", 1)
    event = kept(unit.folder)[-1]
    assert event == SignedUp(workshop="cv", number=1, seats=2, waiting=1, sealed=event.sealed)
    assert unit.opened() == [{"first_name": NAME, "phone": PHONE}]
    (line,) = unit.desk.staff.roster().lines
    assert (line.number, line.seats, line.waiting) == (1, 2, 1)
    assert (line.first_name, line.phone) == (NAME, PHONE)


def test_numbers_follow_each_other_over_a_restart(unit: Enrolled) -> None:
    numbers = [unit.desk.capture.sign_up("cv", 1, 0, NAME, "").number for _ in range(2)]
    unit.desk.close()
    unit.desk = new_desk(unit.folder, unit.hand)
    numbers.append(unit.desk.capture.sign_up("yoga", 1, 0, NAME, "").number)
    assert numbers == [1, 2, 3]


def test_a_sign_up_is_on_the_card_when_it_is_answered(unit: Enrolled) -> None:
    """Another process sees row, envelope and line; none of the three without the others."""
    unit.desk.staff.vault.choose(PIN)
    unit.desk.capture.sign_up("cv", 1, 0, NAME, PHONE)
    path = unit.folder / "data" / "screen.db"
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    counts = "SELECT (SELECT count(*) FROM sealed), (SELECT count(*) FROM roster)"
    assert database.execute(counts).fetchone() == (1, 1)
    database.close()


def test_without_a_name_places_are_taken_without_any_key(tmp_path: Path) -> None:
    desk = new_desk(tmp_path, Hand())
    assert desk.capture.sign_up("cv", 3, 0, "", " ").outcome == "kept"
    assert kept(tmp_path) == [SignedUp(workshop="cv", number=1, seats=3)]
    desk.close()


def test_a_unit_whose_keys_do_not_work_refuses_names_and_nothing_else(bench: Bench) -> None:
    outcome = bench.desk.capture.sign_up("cv", 1, 0, NAME, PHONE)
    assert outcome.outcome == "unsealed"
    assert WORDS[outcome.words] == "Nous ne notons pas de nom aujourd’hui."
    checks_in(bench)
    assert kept(bench.folder) == [CheckedIn(number=1, door="logement", theme="logement")]
    (fault,) = runtime.read(bench.folder / "run", "screen")["faults"]
    assert fault.startswith("names are refused, they cannot be sealed: ")


def test_keys_that_broke_are_found_within_the_hour_and_names_taken_again_when_mended(
    unit: Enrolled,
) -> None:
    assert unit.desk.staff.faults == []
    good = unit.trusted.statement()
    put(unit.folder / "data" / "trust" / "statement", Trusted().statement())
    assert unit.desk.capture.sign_up("cv", 1, 0, NAME, PHONE).outcome == "unsealed"
    unit.hand.seconds += 3600
    unit.desk.step()
    assert len(unit.desk.staff.faults) == 1
    put(unit.folder / "data" / "trust" / "statement", good)
    assert unit.desk.capture.sign_up("cv", 1, 0, NAME, PHONE).outcome == "kept"
    unit.hand.seconds += 3600
    unit.desk.step()
    assert unit.desk.staff.faults == []


def test_a_card_that_takes_nothing_keeps_neither_row_nor_line(unit: Enrolled) -> None:
    unit.desk.staff.vault.choose(PIN)
    connection = unit.desk.house.journal.database.conn
    connection.execute("PRAGMA query_only = ON")
    outcome = unit.desk.capture.sign_up("cv", 1, 0, NAME, PHONE)
    connection.execute("PRAGMA query_only = OFF")
    assert outcome.outcome == "refused"
    assert WORDS[outcome.words].startswith("Ce n’est pas noté.")
    assert (unit.names(), unit.opened()) == ([], [])


def test_a_row_is_not_kept_without_its_line(unit: Enrolled) -> None:
    unit.desk.staff.vault.choose(PIN)
    unit.desk.house.journal.database.conn.execute(
        "CREATE TRIGGER broken BEFORE INSERT ON roster BEGIN SELECT RAISE(ABORT, 'broken'); END"
    )
    with pytest.raises(sqlite3.IntegrityError, match="broken"):
        unit.desk.capture.sign_up("cv", 1, 0, NAME, PHONE)
    assert [type(event) for event in kept(unit.folder)] == [Unlocked]


def test_a_name_too_long_to_seal_is_refused_and_not_told_in_the_log(
    unit: Enrolled, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        assert unit.desk.capture.sign_up("cv", 1, 0, NAME * 30, PHONE).outcome == "unsealed"
        assert unit.desk.capture.sign_up("cv", 1, 0, NAME, PHONE).outcome == "kept"
    assert NAME not in caplog.text
    assert PHONE not in caplog.text


def test_a_power_cut_in_strict_mode_takes_the_list_and_no_sign_up(tmp_path: Path) -> None:
    unit = Enrolled(tmp_path)
    unit.desk.staff.vault.choose(PIN)
    unit.desk.capture.sign_up("cv", 1, 0, NAME, PHONE)
    unit.desk.close()
    clock = SettableClock()
    clock.reboot()
    unit.desk = new_desk(tmp_path, unit.hand, clock)
    assert unit.desk.staff.vault.unlock(PIN) == "right"
    assert unit.names() == []
    assert unit.opened() == [{"first_name": NAME, "phone": PHONE}]
    unit.desk.close()


def test_with_a_secret_of_the_board_the_pin_brings_the_list_back(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"E" * 32)
    trusted = Trusted()
    trusted.identity_of(UNIT, tmp_path / "data")
    config = unit_config(tmp_path, security={"device_secret": str(secret)})
    clock = SettableClock()
    desk = Desk(config, clock=clock, now=Hand())
    desk.staff.vault.choose(PIN)
    desk.capture.sign_up("cv", 1, 0, NAME, PHONE)
    key = desk.staff.vault.day_key
    desk.close()
    clock.reboot()
    desk = Desk(config, clock=clock, now=Hand())
    desk.step()
    assert runtime.read(tmp_path / "run", "screen")["day_key"] == key
    assert desk.staff.vault.unlock(PIN) == "right"
    assert [line.first_name for line in desk.staff.roster().lines] == [NAME]
    desk.close()
