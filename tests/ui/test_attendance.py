"""Staff look after workshops: who came, who has a seat, whom to call; names go with the page."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from protocol.documents import RosterLine
from protocol.event import Key
from protocol.workshops import Attended, Called, Cancelled, Changed, SignedUp
from tests.trusted import Trusted
from tests.ui.kit import WORDS, Bench, kept
from tests.ui.test_refused import takes
from tests.ui.test_staff import shown
from tests.ui.test_workshops import CV, UNIT, offers
from ui.models.attendance import Sheet
from ui.models.panel import Panel

PIN = "482193"
FOUR = msgspec.structs.replace(CV, seats=4)
SEEN, ABSENT = WORDS["attendance.seen"], WORDS["attendance.noshow"]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Staff are in; two people have signed up, one of them for two."""
    Trusted().identity_of(UNIT, tmp_path / "data")
    with Bench(tmp_path) as ready:
        offers(ready, FOUR)
        ready.desk.staff.sealer.test()
        ready.desk.staff.vault.choose(PIN)
        ready.desk.capture.sign_up("cv", 2, 0, "Aïcha", "0612345678")
        ready.desk.capture.sign_up("cv", 1, 0, "", "")
        ready.desk._show(Panel(screen="staff"))
        yield ready


def opens(bench: Bench, *touches: tuple[str, str]) -> None:
    for touch, value in (("attendance", ""), *touches):
        bench.screen.touch(touch, value)
        bench.pump()


def words(bench: Bench, *kinds: type) -> list[Any]:
    return [each for each in kept(bench.folder) if isinstance(each, kinds)]


def key(bench: Bench, number: int) -> Key:
    """Of the sign-up with that number."""
    bench.desk.seats.look()
    found = bench.desk.seats.standings.items()
    return next(each for each, stands in found if stands.event.number == number)


def test_one_touch_says_who_is_there_and_the_next_takes_it_back(bench: Bench) -> None:
    opens(bench, ("open", "cv"))
    assert "Aïcha" in shown(bench)
    bench.taps(SEEN)
    there = Attended(workshop="cv", status="seen", sign_up=key(bench, 1), people=2)
    assert words(bench, Attended) == [there]
    bench.taps(SEEN)
    assert words(bench, Attended)[-1].status == "unknown"
    bench.taps(ABSENT)
    assert words(bench, Attended)[-1].status == "noshow"


def test_whoever_comes_without_a_sign_up_is_one_touch_and_may_be_taken_back(bench: Bench) -> None:
    opens(bench, ("open", "cv"), ("walk_in", ""), ("walk_in", ""), ("walk_out", ""))
    first, second, back = words(bench, Attended)
    assert (first.sign_up, second.status, back.status) == (None, "seen", "unknown")
    assert back.corrects is not None
    assert bench.desk.attendance.sheet.came == 1
    assert f"{WORDS['attendance.walk_in']} : 1" in shown(bench)


def test_one_of_a_group_may_come(bench: Bench) -> None:
    opens(bench, ("open", "cv"), ("place", "0"))
    assert bench.at == "place"
    bench.taps("1")
    assert words(bench, Attended) == [
        Attended(workshop="cv", status="seen", sign_up=key(bench, 1), people=1)
    ]


def test_staff_change_a_sign_up_without_its_letters(bench: Bench) -> None:
    opens(bench, ("open", "cv"), ("place", "1"), ("people", "2"))
    assert words(bench, Changed) == [Changed(sign_up=key(bench, 2), seats=2, cause="asked")]
    bench.desk.touch("people", "4")
    assert words(bench, Changed)[-1] == Changed(
        sign_up=key(bench, 2), seats=4, waiting=2, cause="asked"
    )


def test_a_place_is_given_back_after_a_second_touch_and_others_move_up(bench: Bench) -> None:
    bench.desk.capture.sign_up("cv", 3, 3, "", "")
    opens(bench, ("open", "cv"), ("place", "0"))
    bench.taps(WORDS["place.give_back"])
    assert (bench.at, words(bench, Cancelled)) == ("hand_back", [])
    assert "Aïcha" in shown(bench)
    bench.taps(WORDS["place.sure"])
    assert bench.at == "roll"
    assert words(bench, Cancelled) == [Cancelled(sign_up=key(bench, 1))]
    assert words(bench, Changed) == [Changed(sign_up=key(bench, 3), seats=3, cause="moved_up")]
    assert bench.desk.attendance.calls[0].number == 3


@pytest.mark.parametrize("panel", ["officiel-7", "touch-2"])
def test_two_touches_of_the_same_spot_give_nothing_back(tmp_path: Path, panel: str) -> None:
    with Bench(tmp_path, panel) as bench:
        offers(bench, FOUR)
        bench.desk.staff.vault.choose(PIN)
        bench.desk.capture.sign_up("cv", 1, 0, "", "")
        bench.desk._show(Panel(screen="staff"))
        opens(bench, ("open", "cv"), ("place", "0"))
        spot = bench.centre(bench.find(WORDS["place.give_back"]))
        for _ in range(3):
            bench.hand.seconds += 1
            bench.touches(*spot)
        assert words(bench, Cancelled) == []


def test_nobody_gives_back_the_place_of_whoever_is_there(bench: Bench) -> None:
    opens(bench, ("open", "cv"), ("place", "0"), ("seen", ""))
    bench.taps(WORDS["place.give_back"])
    assert bench.at == "place"
    for touch in ("give_back", "yes"):
        bench.desk.touch(touch)
    assert words(bench, Cancelled) == []


def test_who_keeps_the_place_after_all_is_back_at_it(bench: Bench) -> None:
    opens(bench, ("open", "cv"), ("place", "0"))
    for said in (WORDS["place.give_back"], WORDS["place.keep"]):
        bench.taps(said)
    assert (bench.at, words(bench, Cancelled)) == ("place", [])
    assert "Aïcha" in shown(bench)


def test_a_group_that_agrees_gets_the_seats_there_are(bench: Bench) -> None:
    bench.desk.capture.sign_up("cv", 3, 3, "", "")
    opens(bench, ("open", "cv"), ("place", "2"), ("seat", ""))
    assert words(bench, Changed) == [
        Changed(sign_up=key(bench, 3), seats=3, waiting=2, cause="asked")
    ]


def test_seats_that_went_while_the_page_was_up_are_given_to_nobody_else(bench: Bench) -> None:
    opens(bench, ("open", "cv"), ("place", "1"))
    bench.desk.capture.sign_up("cv", 1, 0, "", "")
    bench.screen.touch("people", "2")
    assert words(bench, Changed) == [
        Changed(sign_up=key(bench, 2), seats=2, waiting=1, cause="asked")
    ]


def test_whoever_moved_up_is_called_and_then_off_the_list(bench: Bench) -> None:
    bench.desk.capture.sign_up("cv", 3, 3, "", "")
    opens(bench, ("open", "cv"), ("place", "0"), ("give_back", ""), ("yes", ""), ("back", ""))
    assert "1 à prévenir" in shown(bench)
    opens(bench, ("to_call", ""))
    bench.taps(WORDS["to_call.missed"])
    bench.taps(WORDS["to_call.told"])
    assert words(bench, Called) == [
        Called(sign_up=key(bench, 3), reached=False),
        Called(sign_up=key(bench, 3)),
    ]
    assert WORDS["to_call.nobody"] in shown(bench)


def test_who_gave_no_telephone_is_not_looked_for_at_the_federation(bench: Bench) -> None:
    bench.desk.capture.sign_up("cv", 3, 3, "", "")
    bench.desk.seats.look()
    bench.desk.seats.keep(Cancelled(sign_up=key(bench, 1)))
    opens(bench, ("to_call", ""))
    assert WORDS["to_call.no_phone"] in shown(bench)


def test_whoever_closes_the_day_is_told_whom_nobody_told(bench: Bench) -> None:
    bench.desk.capture.sign_up("cv", 3, 3, "", "")
    bench.desk.seats.look()
    bench.desk.seats.keep(Cancelled(sign_up=key(bench, 1)))
    bench.screen.touch("close")
    bench.pump()
    left = WORDS.plural("left.untold", 1)
    assert left in shown(bench)
    bench.taps(left)
    assert bench.at == "to_call"


def test_people_of_another_vehicle_are_marked_and_their_seats_left_alone(bench: Bench) -> None:
    there = RosterLine(
        workshop="cv", number=7, first_name="Ana", unit="van-marius", sign_up=Key(5, 9)
    )
    bench.desk.staff.vault.add(there)
    opens(bench, ("open", "cv"), ("place", "2"), ("seen", ""))
    assert words(bench, Attended) == [
        Attended(workshop="cv", status="seen", sign_up=Key(5, 9), unit="van-marius")
    ]
    for touch, value in (("people", "3"), ("give_back", ""), ("yes", "")):
        bench.desk.touch(touch, value)
    assert words(bench, Changed, Cancelled) == []


def test_staff_sign_somebody_up_and_are_back_at_their_sheet(bench: Bench) -> None:
    opens(bench, ("open", "cv"), ("sign_up", ""))
    for said in ("1", WORDS["first_name.without"], WORDS["phone.without"]):
        bench.taps(said)
    assert bench.at == "signed_up"
    assert words(bench, SignedUp)[-1] == SignedUp(workshop="cv", number=3, by_staff=True)
    bench.taps(WORDS["sign_up.done"])
    assert (bench.at, bench.desk.panel) == ("roll", Panel(screen="roll"))
    assert [line.number for line in bench.desk.attendance.sheet.lines] == [1, 2, 3]
    assert "Aïcha" in shown(bench)


def test_staff_who_change_their_mind_are_back_at_their_sheet(bench: Bench) -> None:
    opens(bench, ("open", "cv"), ("sign_up", ""), ("back", ""))
    assert bench.at == "roll"
    assert "Aïcha" in shown(bench)


def test_staff_are_back_at_their_sheet_when_the_workshop_is_gone_or_the_card_is_full(
    bench: Bench,
) -> None:
    opens(bench, ("open", "cv"), ("sign_up", ""))
    takes(bench, nothing=True)
    for touch, value in (("people", "1"), ("nameless", ""), ("phoneless", "")):
        bench.desk.touch(touch, value)
    assert bench.desk.panel.screen == "sorry"
    takes(bench, nothing=False)
    bench.desk.touch("done")
    assert bench.desk.panel.screen == "roll"
    bench.desk.touch("sign_up")
    offers(bench, msgspec.structs.replace(FOUR, id="other"), revision=2)
    bench.desk.touch("people", "1")
    assert bench.desk.panel.screen == "roll"


def test_initials_are_still_known_after_a_sign_up(bench: Bench) -> None:
    bench.desk.staff.signing.initials = "MB"
    opens(bench, ("open", "cv"), ("sign_up", ""), ("back", ""), ("walk_in", ""))
    assert words(bench, Attended)[-1].author == "MB"


def test_no_name_lies_behind_the_pages_of_a_sign_up_and_whoever_goes_away_locks_up(
    bench: Bench,
) -> None:
    opens(bench, ("open", "cv"), ("sign_up", ""))
    assert bench.desk.attendance.sheet == Sheet()
    assert "Aïcha" not in everything_on_pages(bench)
    bench.passes(36)
    bench.passes(10)
    assert bench.desk.panel == Panel()
    assert not bench.desk.staff.vault.is_open


def test_no_name_stays_once_the_page_is_left_or_nobody_is_there(bench: Bench) -> None:
    opens(bench, ("open", "cv"), ("place", "0"))
    assert "Aïcha" in shown(bench)
    bench.passes(61)
    assert bench.at == "welcome"
    assert bench.desk.attendance.sheet == Sheet()
    assert "Aïcha" not in everything_on_pages(bench)


def test_initials_are_stamped_on_what_is_noted(bench: Bench) -> None:
    bench.desk.staff.signing.initials = "MB"
    opens(bench, ("open", "cv"), ("seen", "0"), ("walk_in", ""))
    assert [each.author for each in words(bench, Attended)] == ["MB", "MB"]


def test_a_card_that_takes_nothing_marks_nobody(bench: Bench) -> None:
    opens(bench, ("open", "cv"))
    takes(bench, nothing=True)
    bench.taps(SEEN)
    assert words(bench, Attended) == []
    assert bench.desk.attendance.sheet.lines[0].status == "unknown"
    assert (bench.at, bench.desk.panel.refused) == ("roll", True)
    assert WORDS["driver.refused"] in shown(bench)


def test_today_misses_the_lines_that_nobody_filled_in(bench: Bench) -> None:
    from tests.ui.test_my_place import DAY, knows_the_time

    assert bench.desk.attendance.missing == 0
    knows_the_time(bench, CV.starts + DAY // 24)
    bench.passes(10)
    assert WORDS.plural("home.missing", 2) in shown(bench)
    opens(bench, ("open", "cv"), ("seen", "0"), ("back", ""), ("back", ""))
    assert bench.at == "staff"
    assert WORDS.plural("home.missing", 1) in shown(bench)
    bench.screen.touch("close")
    assert WORDS.plural("left.missing", 1) in shown(bench)


@pytest.mark.parametrize("page", ["staff", "closing"])
def test_a_page_that_counts_opens_todays_list_once_in_ten_seconds(bench: Bench, page: str) -> None:
    attendance, opened = bench.desk.attendance, []
    read = attendance._roster
    attendance._roster = lambda: (opened.append(page), read())[1]
    bench.desk._show(Panel(screen="queue"))
    bench.desk._show(Panel(screen=page))
    for _ in range(9):
        bench.passes(1)
    assert len(opened) == 1
    bench.passes(1)
    assert len(opened) == 2
    assert attendance.sheet.lines == attendance.calls == ()


def everything_on_pages(bench: Bench) -> str:
    from kivy.uix.label import Label

    pages = bench.app.root.ids.manager.screens
    return "\n".join(each.text for page in pages for each in page.walk() if isinstance(each, Label))
