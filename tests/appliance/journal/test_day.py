"""The day as the screen sees it."""

from pathlib import Path

import pytest

from appliance.clock import Anchor
from appliance.journal import Journal, JournalReader
from appliance.journal.day import Day, read
from appliance.twins.clock import SettableClock
from protocol.day import Closed
from protocol.event import Key
from protocol.visits import Cancelled, Left, Received
from protocol.workshops import Cancelled as GivenBack
from protocol.workshops import SignedUp
from tests.appliance.journal.support import DAY, UTC, check_in

ZONE = "Europe/Paris"


def day(path: Path, utc: int | None = None, anchor: Anchor | None = None) -> Day:
    with JournalReader.open(path) as reader:
        return read([reader], anchor=anchor, utc=utc, zone=ZONE)


def numbers(day: Day) -> list[int]:
    return [visit.number for visit in day.waiting]


def test_an_empty_journal_is_an_empty_day(journal: Journal, path: Path) -> None:
    assert day(path) == Day(0, (), {})
    assert day(path).next_number == 1


def test_who_waits_and_what_for(journal: Journal, path: Path) -> None:
    for number in range(1, 6):
        journal.append(check_in(number, trial=number == 5))
    key = {seq: Key(journal.epoch, seq) for seq in range(1, 6)}
    journal.append(Received(visit=key[1]))
    journal.append(Left(visit=key[2]))
    journal.append(Cancelled(visit=key[3], reason="mistake"))
    today = day(path)
    assert (numbers(today), today.next_number) == ([4, 5], 6)
    assert (today.themes, today.check_ins) == ({"logement": 3}, 3)


def test_what_is_said_in_a_rehearsal_changes_no_real_check_in(journal: Journal, path: Path) -> None:
    journal.append(check_in(1))
    journal.append(check_in(2))
    journal.append(Received(visit=Key(journal.epoch, 1), trial=True))
    journal.append(Cancelled(visit=Key(journal.epoch, 2), reason="mistake", trial=True))
    assert (numbers(day(path)), day(path).check_ins) == ([1, 2], 2)


def test_sign_ups_are_people_as_they_stand(journal: Journal, path: Path) -> None:
    journal.append(SignedUp(workshop="cv", number=1, seats=4, waiting=1))
    journal.append(SignedUp(workshop="cv", number=2))
    journal.append(SignedUp(workshop="cv", number=3, trial=True))
    assert day(path).sign_ups == 5
    journal.append(GivenBack(sign_up=Key(journal.epoch, 1), seats=2))
    assert day(path).sign_ups == 3
    journal.append(GivenBack(sign_up=Key(journal.epoch, 1)))
    assert day(path).sign_ups == 1


def test_closing_the_day_begins_another(journal: Journal, path: Path) -> None:
    journal.append(check_in(8))
    journal.append(Closed())
    assert day(path) == Day(0, (), {})
    journal.append(check_in(1))
    assert numbers(day(path)) == [1]


def test_numbers_go_on_after_a_rotation(journal: Journal, path: Path) -> None:
    journal.append(check_in(1))
    journal.append(check_in(2))
    old = journal.epoch
    journal.rotate(2)
    journal.append(Received(visit=Key(old, 2)))
    assert (numbers(day(path)), day(path).next_number) == ([1], 3)


def test_a_later_date_begins_another_day_once_it_is_known(
    journal: Journal, path: Path, clock: SettableClock
) -> None:
    journal.append(check_in(1))
    yesterday = Anchor(clock.boot_id, clock.boottime(), UTC, "gps", 50)
    assert numbers(day(path, utc=UTC + DAY)) == [1]  # its own date is not known
    assert numbers(day(path, utc=None, anchor=yesterday)) == [1]
    assert numbers(day(path, utc=UTC + DAY, anchor=yesterday)) == []
    assert numbers(day(path, utc=UTC - DAY, anchor=yesterday)) == [1]  # stepped back: no new day


def test_without_a_clock_the_day_that_goes_on_is_the_last_one_that_had_a_date(
    journal: Journal, path: Path, clock: SettableClock
) -> None:
    for utc, most in ((UTC - DAY, 80), (UTC, 10)):
        clock.reboot()
        journal.anchor = Anchor(clock.boot_id, clock.boottime(), utc, "gps", 50)
        for number in range(1, most + 1):
            journal.append(check_in(number))
    clock.reboot()
    assert day(path).next_number == 11
    journal.append(check_in(11))
    assert (day(path).next_number, day(path).check_ins) == (12, 11)


def test_without_any_date_the_past_looked_through_has_an_end(
    journal: Journal, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appliance.journal.day.LONGEST", 3)
    for number in range(1, 6):
        journal.append(check_in(number))
    assert (numbers(day(path)), day(path).next_number) == ([3, 4, 5], 6)


def test_a_day_is_cut_where_the_unit_is(journal: Journal, path: Path) -> None:
    journal.anchor = Anchor("boot-1", 60_000, 1_795_132_800_000, "gps", 50)  # midnight, UTC
    journal.append(check_in(1))
    later = 1_795_132_800_000 + 2 * 3_600_000
    with JournalReader.open(path) as reader:
        paris = read([reader], anchor=None, utc=later, zone="Europe/Paris")
        cayenne = read([reader], anchor=None, utc=later + 2 * 3_600_000, zone="America/Cayenne")
    assert (numbers(paris), numbers(cayenne)) == ([1], [])


def test_a_long_past_is_not_read(journal: Journal, path: Path, clock: SettableClock) -> None:
    journal.anchor = Anchor(clock.boot_id, clock.boottime(), UTC - 9 * DAY, "gps", 50)
    with journal.atomic():
        for number in range(20_000):
            journal.append(check_in(number % 500))
    clock.advance(9 * 86_400)
    journal.append(check_in(1))
    with JournalReader.open(path) as reader:
        steps = 0

        def count() -> int:
            nonlocal steps
            steps += 1
            return 0

        reader._connection.set_progress_handler(count, 100)
        assert numbers(read([reader], anchor=None, utc=UTC, zone=ZONE)) == [1]
    assert steps < 20
