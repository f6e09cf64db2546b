"""Somebody comes back with a number and three letters: changes, gives back; others move up."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from appliance.clock import Anchor
from appliance.journal import Journal
from appliance.vehicle.store import VehicleStore
from protocol.documents import Workshop
from protocol.event import Key
from protocol.workshops import Cancelled, Changed
from tests.ui.kit import WORDS, Bench, kept
from tests.ui.test_journey import BEGIN, YES
from tests.ui.test_refused import takes
from tests.ui.test_staff import shown
from tests.ui.test_workshops import YOGA, goes_to, offers, types
from ui.models.panel import Panel, changed
from ui.models.ticket import LETTERS

DAY = 86_400_000
FOUR = msgspec.structs.replace(YOGA, seats=4)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with Bench(tmp_path) as ready:
        offers(ready, FOUR)
        yield ready


def signs_up(bench: Bench, people: int = 1, waiting: int = 0) -> tuple[int, str]:
    """Number and letters that somebody takes home."""
    said = bench.desk.capture.sign_up(FOUR.id, people, waiting, "", "")
    assert said.key is not None
    return said.number, bench.desk.my_place.code(said.key)


def comes_back(bench: Bench, number: int, letters: str) -> None:
    for words in (BEGIN, WORDS["door.ateliers"], WORDS["workshops.mine"]):
        bench.taps(words)
    types(bench, str(number))
    bench.taps(WORDS["my_number.next"])
    if bench.at == "my_code":
        types(bench, letters)
        bench.taps(WORDS["my_number.next"])


def told(bench: Bench) -> list[Cancelled | Changed]:
    return [each for each in kept(bench.folder) if isinstance(each, Cancelled | Changed)]


def key(bench: Bench, seq: int) -> Key:
    return Key(bench.desk.house.journal.epoch, seq)


def wrong(letters: str) -> str:
    return "".join(each for each in LETTERS if each not in letters)[:3]


def test_number_and_letters_stand_beside_what_was_signed_up_for(bench: Bench) -> None:
    goes_to(bench, FOUR.title, people=2)
    letters = bench.desk.my_place.code(key(bench, 1))
    assert bench.screen.code == letters
    assert f"Place numéro 1\\, lettres {letters}." in bench.screen.calendar
    assert {"Numéro de votre place", "2 personnes"} <= set(shown(bench).split("\n"))
    assert "SUMMARY:Yoga" in bench.screen.calendar
    bench.taps(WORDS["sign_up.done"])
    comes_back(bench, 1, letters)
    assert (bench.at, bench.screen.people) == ("my_place", "2 personnes")


def test_a_number_of_a_place_is_never_called_as_that_of_a_visit_is(bench: Bench) -> None:
    visit = WORDS["thanks.number"]
    comes_back(bench, *signs_up(bench))
    bench.taps(WORDS["my_place.letters"])
    assert bench.at == "signed_up"
    assert visit not in shown(bench)


def test_who_waits_is_told_for_how_many_and_how_many_of_them_wait(bench: Bench) -> None:
    comes_back(bench, *signs_up(bench, people=4, waiting=1))
    bench.taps(WORDS["my_place.letters"])
    assert "4 personnes · 1 en attente." in shown(bench)


def test_a_place_is_given_back_after_one_question(bench: Bench) -> None:
    comes_back(bench, *signs_up(bench))
    bench.taps(WORDS["my_place.give_back"])
    assert told(bench) == []
    bench.taps(WORDS["give_back.yes"])
    assert (bench.at, told(bench)) == ("given_back", [Cancelled(sign_up=key(bench, 1))])
    bench.passes(13)
    assert bench.desk.panel == Panel()


def test_who_keeps_the_place_after_all_loses_nothing(bench: Bench) -> None:
    comes_back(bench, *signs_up(bench))
    bench.taps(WORDS["my_place.give_back"])
    bench.taps(WORDS["give_back.keep"])
    assert (bench.at, told(bench)) == ("my_place", [])


def test_a_seat_given_back_goes_to_whoever_waits_in_the_same_breath(bench: Bench) -> None:
    first = signs_up(bench, people=3)
    signs_up(bench, people=1)
    signs_up(bench, people=3, waiting=3)
    signs_up(bench, people=1, waiting=1)
    comes_back(bench, *first)
    for words in (WORDS["my_place.give_back"], WORDS["give_back.yes"]):
        bench.taps(words)
    assert told(bench) == [
        Cancelled(sign_up=key(bench, 1)),
        Changed(sign_up=key(bench, 3), seats=3, cause="moved_up"),
    ]
    assert bench.desk.seats.to_call() == (key(bench, 3),)


def test_nothing_is_given_back_when_whom_it_lets_move_up_cannot_be_kept(bench: Bench) -> None:
    signs_up(bench, people=4)
    signs_up(bench, waiting=1)
    bench.desk.seats.look()
    bench.desk.house.journal.database.conn.execute(
        "CREATE TEMP TRIGGER fault BEFORE INSERT ON event WHEN NEW.type = 'workshop.changed'"
        " BEGIN SELECT raise(ABORT, 'no'); END"
    )
    with pytest.raises(sqlite3.IntegrityError):
        bench.desk.seats.keep(Cancelled(sign_up=key(bench, 1)))
    assert (told(bench), bench.desk.seats.to_call()) == ([], ())


def test_fewer_people_is_a_touch_and_their_seats_go_on(bench: Bench) -> None:
    first = signs_up(bench, people=4)
    signs_up(bench, people=2, waiting=2)
    comes_back(bench, *first)
    for words in (WORDS["my_place.change"], "2"):
        bench.taps(words)
    assert bench.at == "signed_up"
    assert told(bench) == [
        Changed(sign_up=key(bench, 1), seats=2, cause="asked"),
        Changed(sign_up=key(bench, 2), seats=2, cause="moved_up"),
    ]


def test_a_date_that_is_read_again_after_a_change_is_the_same_date(bench: Bench) -> None:
    number, letters = signs_up(bench, people=2)
    comes_back(bench, number, letters)
    uids = []
    for words in ((WORDS["my_place.letters"],), (WORDS["my_place.change"], "1")):
        bench.desk._show(changed(bench.desk.panel, screen="my_place"))
        bench.pump()
        for each in words:
            bench.taps(each)
        assert bench.at == "signed_up"
        uids += [line for line in bench.screen.calendar.split("\n") if line.startswith("UID")]
    assert uids == [f"UID:{number}{letters}@escale"] * 2


def test_whoever_brings_more_people_keeps_the_seats_they_have(bench: Bench) -> None:
    first = signs_up(bench, people=2)
    signs_up(bench, people=1)
    comes_back(bench, *first)
    for words in (WORDS["my_place.change"], "4"):
        bench.taps(words)
    assert (bench.at, told(bench)) == ("group", [])
    bench.taps(WORDS["group.some_wait"].format(seats=3, waiting=1))
    assert told(bench) == [Changed(sign_up=key(bench, 1), seats=4, waiting=1, cause="asked")]


def test_going_back_from_another_number_leaves_everything_as_it_was(bench: Bench) -> None:
    comes_back(bench, *signs_up(bench, people=2))
    bench.taps(WORDS["my_place.change"])
    bench.desk.touch("back")
    bench.pump()
    assert (bench.at, bench.screen.people, told(bench)) == ("my_place", "2 personnes", [])


@pytest.mark.parametrize("number", [2, 9999])
def test_a_number_of_another_vehicle_is_not_from_here(bench: Bench, number: int) -> None:
    signs_up(bench)
    comes_back(bench, number, "")
    assert (bench.at, bench.screen.note, bench.screen.typed) == (
        "my_number",
        "my_number.unknown",
        "",
    )


def test_a_number_of_a_workshop_that_is_over_is_not_from_here(bench: Bench) -> None:
    number, letters = signs_up(bench)
    offers(bench, msgspec.structs.replace(FOUR, id="other"), revision=2)
    comes_back(bench, number, letters)
    assert bench.screen.note == "my_number.unknown"


def test_a_place_that_was_given_back_is_told_so(bench: Bench) -> None:
    number, letters = signs_up(bench)
    bench.desk.house.keep(Cancelled(sign_up=key(bench, 1)))
    comes_back(bench, number, letters)
    assert bench.screen.note == "my_number.given_back"


def test_whoever_does_not_know_the_letters_sees_nothing_and_waits_after_five_tries(
    bench: Bench,
) -> None:
    number, letters = signs_up(bench)
    comes_back(bench, number, wrong(letters))
    for _ in range(4):
        assert (bench.at, bench.screen.note) == ("my_code", "my_code.wrong")
        types(bench, wrong(letters))
        bench.taps(WORDS["my_number.next"])
    types(bench, letters)
    bench.taps(WORDS["my_number.next"])
    assert (bench.at, bench.screen.note) == ("my_code", "my_code.wait")
    bench.desk.house.clock.advance(31)
    types(bench, letters)
    bench.taps(WORDS["my_number.next"])
    assert bench.at == "my_place"


def test_wrong_letters_for_one_number_bar_no_other(bench: Bench) -> None:
    one, other = signs_up(bench), signs_up(bench)
    codes, seats = bench.desk.my_place._codes, bench.desk.seats
    for _ in range(5):
        assert codes.check(one[0], key(bench, 1), wrong(one[1])) == "wrong"
    assert codes.check(one[0], key(bench, 1), one[1]) == "wait"
    assert codes.check(other[0], key(bench, 2), other[1]) == "right"
    assert seats.numbered(one[0]) is None  # nobody looked yet


def guessed(bench: Bench, signed: list[tuple[int, str]], hours: int, *, plug: bool) -> int:
    """How many codes somebody tries who wastes no second, on whichever number lets them."""
    codes, clock = bench.desk.my_place._codes, bench.desk.house.clock
    tried, spent = 0, 0
    while spent <= hours * 3600:
        outcomes = [
            codes.check(number, key(bench, number), wrong(letters)) for number, letters in signed
        ]
        tried += outcomes.count("wrong")
        if plug and "wrong" in outcomes:
            clock.reboot(boottime=0)
        if set(outcomes) == {"wait"}:
            clock.advance(30)
            spent += 30
    return tried


@pytest.mark.parametrize("plug", [False, True])
def test_of_ten_codes_one_is_guessed_in_a_day_with_odds_of_two_in_a_hundred(
    bench: Bench, plug: bool
) -> None:
    offers(bench, msgspec.structs.replace(FOUR, seats=10), revision=2)
    signed = [signs_up(bench) for _ in range(10)]
    assert 35 < guessed(bench, signed, 24, plug=plug) <= 44


def test_a_code_that_one_knows_gives_no_more_tries_at_the_others(bench: Bench) -> None:
    own, *others = [signs_up(bench) for _ in range(4)]
    codes = bench.desk.my_place._codes
    for number, letters in others:
        for _ in range(5):
            assert codes.check(own[0], key(bench, own[0]), own[1]) == "right"
            assert codes.check(number, key(bench, number), wrong(letters)) == "wrong"
    assert codes.check(own[0], key(bench, own[0]), own[1]) == "wait"
    bench.desk.house.clock.advance(30)
    assert codes.check(own[0], key(bench, own[0]), own[1]) == "right"


def test_tries_of_another_day_bar_nobody_for_long(bench: Bench) -> None:
    number, letters = signs_up(bench)
    assert guessed(bench, [(number, letters)], 8, plug=False) > 10
    bench.desk.house.clock.reboot(boottime=0)
    bench.desk.house.clock.advance(8 * 3600)
    check = bench.desk.my_place._codes.check
    assert check(number, key(bench, number), wrong(letters)) == "wrong"
    bench.desk.house.clock.advance(30)
    assert check(number, key(bench, number), letters) == "right"


def test_a_card_that_takes_nothing_gives_no_place_back(bench: Bench) -> None:
    comes_back(bench, *signs_up(bench))
    bench.taps(WORDS["my_place.give_back"])
    takes(bench, nothing=True)
    bench.taps(WORDS["give_back.yes"])
    assert (bench.at, told(bench)) == ("sorry", [])
    takes(bench, nothing=False)
    bench.taps(WORDS["sorry.again"])
    assert bench.at == "my_place"


def test_a_new_sign_up_after_looking_at_ones_place_is_a_new_one(bench: Bench) -> None:
    comes_back(bench, *signs_up(bench))
    bench.taps(WORDS["sign_up.done"])
    goes_to(bench, FOUR.title)
    assert (bench.at, bench.desk.panel.number, told(bench)) == ("signed_up", 2, [])


def test_nothing_of_it_stays_on_the_panel_or_its_pages(bench: Bench) -> None:
    number, letters = signs_up(bench)
    comes_back(bench, number, letters)
    bench.taps(WORDS["my_place.letters"])
    assert (bench.at, bench.screen.code) == ("signed_up", letters)
    bench.passes(61)
    assert bench.desk.panel == Panel()
    for screen in bench.app.root.ids.manager.screens:
        for name in ("typed", "code", "calendar"):
            assert not getattr(screen, name, "")
    assert bench.desk.my_place.typed == ""


def test_seats_that_the_federation_adds_let_people_move_up_within_a_minute(bench: Bench) -> None:
    signs_up(bench, people=4)
    signs_up(bench, people=2, waiting=2)
    bench.desk.house.clock.advance(1)
    more = msgspec.structs.replace(FOUR, seats=6)
    offers(bench, more, revision=2)
    bench.passes(61)
    assert told(bench) == []  # nobody knows yet whether it is over
    knows_the_time(bench)
    bench.passes(61)
    bench.passes(61)
    assert told(bench) == [Changed(sign_up=key(bench, 2), seats=2, cause="moved_up")]
    assert bench.desk.seats.to_call() == (key(bench, 2),)


def knows_the_time(bench: Bench, utc: int = FOUR.starts - DAY) -> None:
    """The GPS has told the time."""
    house = bench.desk.house
    vehicle = Journal.open(house.data / "vehicle.db", name="vehicle", clock=house.clock)
    with vehicle.atomic():
        now = (house.clock.boot_id, house.clock.boottime(), utc, "gps", 50)
        VehicleStore(vehicle).keep_anchor(Anchor(*now))
    vehicle.close()
    house.learn_time()


def test_a_rehearsal_finds_and_changes_rehearsals_alone(bench: Bench) -> None:
    real = signs_up(bench, people=4)
    signs_up(bench, waiting=1)
    bench.desk.house.trial = True
    comes_back(bench, *real)
    assert bench.screen.note == "my_number.unknown"
    bench.screen.touch("back")
    bench.screen.touch("back")
    bench.screen.touch("back")
    bench.pump()
    comes_back(bench, *signs_up(bench, people=2))
    for words in (WORDS["my_place.give_back"], WORDS["give_back.yes"]):
        bench.taps(words)
    assert told(bench) == [Cancelled(sign_up=key(bench, 3), trial=True)]
    offers(bench, msgspec.structs.replace(FOUR, seats=6), revision=2)
    knows_the_time(bench)
    bench.desk.seats.move_up()
    assert len(told(bench)) == 1
    bench.desk.house.trial = False
    bench.desk.seats.move_up()
    assert [each.trial for each in told(bench)] == [True, False]


def test_whoever_checks_in_meanwhile_is_in_nobodys_way(bench: Bench) -> None:
    comes_back(bench, *signs_up(bench))
    bench.taps(WORDS["sign_up.done"])
    for words in (BEGIN, WORDS["door.logement"], YES):
        bench.taps(words)
    assert bench.at == "thanks"


def test_a_workshop_may_be_short_of_everything(bench: Bench) -> None:
    offers(
        bench, Workshop(id="bare", title="Nu", starts=FOUR.starts, minutes=0, theme="x", seats=1)
    )
    goes_to(bench, "Nu")
    assert bench.at == "signed_up"
