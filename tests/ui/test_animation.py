"""Street animations counted by hand, and the end of the day with what is left to do."""

from pathlib import Path

import pytest

from protocol.day import Closed
from protocol.event import Key
from protocol.stops import Arrived
from protocol.visits import CheckedIn, Received, Tally
from tests.ui.indoors import comes, goes_in, goes_to, told
from tests.ui.kit import WORDS, Bench, kept
from tests.ui.test_refused import takes
from tests.ui.test_staff import shown
from ui.staff import moment

GIRLS, MEN = "moins_de_douze:feminin", "soixante_dix_plus:masculin"


def counts(bench: Bench, *cells: str) -> None:
    """A finger on each of these keys, one after the other."""
    from ui.screens.staff.tally import TallyKey

    for cell in cells:
        (key,) = [key for key in bench.widgets(TallyKey) if key.value == cell]
        bench.hand.seconds += 1
        bench.touches(*bench.centre(key))


def is_in_the_street(bench: Bench) -> None:
    """*Animation*, about the first door."""
    goes_in(bench)
    bench.taps(WORDS["animation.title"])
    bench.taps(WORDS["door.sante"])
    assert bench.at == "tally"


def test_a_touch_a_person_by_age_band_and_gender(bench: Bench) -> None:
    is_in_the_street(bench)
    counts(bench, GIRLS, GIRLS, GIRLS, MEN)
    assert WORDS.plural("tally.people", 4) in shown(bench)
    bench.taps(WORDS["tally.over"])
    bench.taps("1 h 30")
    assert bench.at == "staff"
    assert told(bench, Tally) == [
        Tally(
            theme="social_sante",
            counts={"moins_de_douze": {"feminin": 3}, "soixante_dix_plus": {"masculin": 1}},
            duration_minutes=90,
        )
    ]
    assert bench.desk.staff.animation.counts == {}


def test_one_counted_too_many_is_taken_back(bench: Bench) -> None:
    is_in_the_street(bench)
    counts(bench, GIRLS, MEN)
    bench.taps(WORDS["tally.undo"])
    assert bench.desk.staff.animation.counts == {"moins_de_douze": {"feminin": 1}}
    assert not bench.find(WORDS["tally.undo"]).alive


def test_what_was_counted_waits_while_the_screen_is_the_visitors(bench: Bench) -> None:
    is_in_the_street(bench)
    counts(bench, GIRLS, GIRLS)
    bench.passes(120)
    assert bench.at == "welcome"
    comes(bench, "sante")
    goes_in(bench)
    assert WORDS.plural("home.counted", 2) in shown(bench)
    bench.taps(WORDS["animation.title"])
    counts(bench, GIRLS)
    assert bench.desk.staff.animation.counts == {"moins_de_douze": {"feminin": 3}}
    assert moment.recalled(bench.folder / "run").tally == {"moins_de_douze": {"feminin": 3}}


def test_a_tally_that_was_not_kept_can_be_noted_again(bench: Bench) -> None:
    is_in_the_street(bench)
    counts(bench, GIRLS)
    bench.taps(WORDS["tally.over"])
    takes(bench, nothing=True)
    bench.taps(WORDS["lasted.unsaid"])
    assert bench.at == "lasted"
    assert WORDS["driver.refused"] in shown(bench)
    takes(bench, nothing=False)
    bench.taps(WORDS["lasted.unsaid"])
    assert [tally.duration_minutes for tally in told(bench, Tally)] == [None]


@pytest.mark.parametrize("is_first", [True, False])
def test_a_tally_is_not_noted_twice_when_the_screen_ends_before_it_forgot_it(
    tmp_path: Path, is_first: bool
) -> None:
    """The folder of the moment is as it was just before the event was on the card."""
    file = tmp_path / "run" / f"{moment.FILE}.json"
    with Bench(tmp_path) as bench:
        if not is_first:
            is_in_the_street(bench)
            counts(bench, MEN)
            goes_to(bench, "over", "note", "done")
        is_in_the_street(bench)
        counts(bench, GIRLS)
        before = file.read_bytes()
        goes_to(bench, "over", "note")
    with Bench(tmp_path) as bench:
        assert bench.desk.staff.animation.counts == {}
        goes_in(bench)
        goes_to(bench, "animation", "chose")
        counts(bench, GIRLS)
    with Bench(tmp_path) as bench:
        assert bench.desk.staff.animation.counts == {"moins_de_douze": {"feminin": 1}}
    file.write_bytes(before)
    with Bench(tmp_path) as bench:
        assert bench.desk.staff.animation.counts == {}


def test_a_tally_asks_for_initials_first(bench: Bench) -> None:
    goes_to(goes_in(bench, is_asked=False), "animation", "chose")
    counts(bench, GIRLS)
    bench.taps(WORDS["tally.over"])
    assert bench.at == "author"
    bench.desk.touch("is", "JD")
    goes_to(bench, "note")
    assert [tally.author for tally in told(bench, Tally)] == ["JD"]


# The end of the day


def test_the_end_of_the_day_tells_what_is_left_and_leads_there(bench: Bench) -> None:
    bench.desk.house.trial = True
    comes(bench, "sante", "droit")
    first = bench.desk.staff.queue.waiting()[0]
    bench.desk.house.keep(Received(visit=first.key))
    is_in_the_street(bench)
    counts(bench, GIRLS)
    goes_to(bench, "back", "close")
    words = shown(bench)
    for what, count in (("waiting", 1), ("to_note", 1), ("counted", 1), ("trial", 1)):
        assert WORDS.plural(f"left.{what}", count) in words
    bench.taps(WORDS["left.trial"])
    assert not bench.desk.house.trial
    assert WORDS["left.trial"] not in shown(bench)
    key = bench.desk.house.keep(CheckedIn(number=9, door="sante", theme="social_sante"))
    bench.desk.house.keep(Received(visit=key))
    for touch, page in (("queue", "queue"), ("describe", "describe"), ("animation", "tally")):
        bench.desk.touch(touch)
        assert bench.desk.panel.screen == page
        bench.desk._show(bench.desk.panel.__class__(screen="closing"))


def test_a_day_with_nothing_left_says_so(bench: Bench) -> None:
    goes_to(goes_in(bench), "close")
    assert WORDS["closing.all_done"] in shown(bench)


def test_the_day_closes_whatever_is_left_and_numbers_begin_again(bench: Bench) -> None:
    comes(bench, "sante", "droit")
    goes_to(goes_in(bench), "author")
    bench.desk.touch("is", "JD")
    goes_to(bench, "close")
    bench.taps(WORDS["closing.yes"])
    assert bench.at == "day_over"
    assert WORDS["day_over.title"] in shown(bench)
    bench.passes(12)
    assert bench.at == "welcome"
    assert kept(bench.folder)[-1] == Closed(check_ins=2, author="JD")
    assert bench.desk.staff.day.today().visits == ()


def test_the_day_stands_on_one_sheet(bench: Bench) -> None:
    comes(bench, "sante", "sante", "droit")
    is_in_the_street(bench)
    counts(bench, GIRLS, MEN)
    goes_to(bench, "over", "note", "close")
    bench.taps(WORDS["closing.summary"])
    assert "Camion Germaine" in shown(bench)
    lines = [(line.text, line.count) for line in lines_of(bench) if line.count]
    assert lines == [
        (WORDS["sheet.visits"], "3"),
        (WORDS["door.sante"], "2"),
        (WORDS["door.droit"], "1"),
        (WORDS["sheet.people"], "3"),
        (WORDS["sheet.noted"], "0"),
        (WORDS["sheet.tallies"], "2"),
    ]


def lines_of(bench: Bench) -> list:
    """From the first to the last."""
    from ui.screens.staff.summary import SheetLine

    return list(bench.widgets(SheetLine))


# The first page


def test_the_home_counts_by_door_by_workshop_and_by_stop(bench: Bench) -> None:
    from ui.screens.staff.home import CountKey, DayLine

    stop = stands_at(bench, "Folschviller")
    comes(bench, "sante", "sante", "droit")
    bench.desk.capture.sign_up("cv", 2, 0, "", "")
    goes_in(bench)
    views = []
    for key in list(bench.widgets(CountKey)):
        bench.hand.seconds += 1
        bench.touches(*bench.centre(key))
        views.append([(line.text, line.count) for line in bench.widgets(DayLine)])
    assert views == [
        [(WORDS["door.sante"], 2), (WORDS["door.droit"], 1)],
        [("cv", 2)],
        [("Folschviller", 3)],
    ]
    assert {visit.event.stop for visit in bench.desk.staff.day.today().visits} == {stop}


def stands_at(bench: Bench, name: str) -> Key:
    """The vehicle's journal says so."""
    from appliance.journal import Journal

    path = bench.folder / "data" / "vehicle.db"
    vehicle = Journal.open(path, name="vehicle", clock=bench.desk.house.clock)
    vehicle.append(Arrived(source="gps", name=name))
    vehicle.close()
    return Key(vehicle.epoch, 1)


@pytest.mark.parametrize("touch", ["queue", "visits", "check_in", "animation", "close"])
def test_every_page_leads_back_and_out(bench: Bench, touch: str) -> None:
    goes_to(goes_in(bench), touch)
    page = bench.at
    goes_to(bench, "done")
    assert (bench.at, bench.desk.staff.vault.is_open) == ("welcome", False)
    goes_to(goes_in(bench), touch)
    assert bench.at == page
    for _ in range(2):
        if bench.at != "staff":
            goes_to(bench, "back")
    assert bench.at == "staff"
