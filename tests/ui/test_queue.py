"""The queue: called by number in the person's language, received or gone; checked in by staff."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance import runtime
from protocol.event import Key
from protocol.incidents import HelpRequested
from protocol.visits import CheckedIn, Described, Left, Received
from tests.ui.indoors import comes, goes_in, goes_to, told, touches_line
from tests.ui.kit import WORDS, Bench, kept
from tests.ui.test_refused import takes
from tests.ui.test_staff import shown
from ui.gallery.lint import written
from ui.sound import Twin
from ui.voice import Voice

CALL, RECEIVED, LEFT = WORDS["queue.call"], WORDS["call.received"], WORDS["call.left"]


@pytest.fixture
def twin() -> Twin:
    return Twin()


@pytest.fixture
def heard(tmp_path: Path, twin: Twin) -> Iterator[Bench]:
    """A screen with a loudspeaker."""
    voice = Voice(twin.load, unheard=True)
    voice.wake()
    with Bench(tmp_path, voice=voice) as bench:
        yield bench


def waiting(bench: Bench) -> list[int]:
    return [visit.number for visit in bench.desk.staff.queue.waiting()]


def says_everything(twin: Twin) -> list[str]:
    """Language and name of each recording, to the last."""
    before = len(twin.played)
    for _ in range(20):
        twin.ends()
    return [f"{path.parent.name} {path.stem}" for path in twin.played[max(0, before - 1) :]]


# Calling


def test_whoever_waits_stands_there_with_what_for_language_and_minutes(bench: Bench) -> None:
    comes(bench, "logement")
    bench.desk.house.clock.advance(240)
    comes(bench, "sante", language="ar")
    bench.desk.house.clock.advance(500)
    goes_to(goes_in(bench), "queue")
    words = shown(bench)
    assert f"{WORDS['door.logement']}\nfrançais · 12 minutes" in words
    assert f"{WORDS['door.sante']}\narabe · 8 minutes" in words


def test_a_number_is_called_large_and_spoken_in_the_persons_language(
    heard: Bench, twin: Twin
) -> None:
    comes(heard, "sante", language="ar")
    goes_to(goes_in(heard), "queue")
    heard.taps(CALL)
    assert (heard.at, heard.screen.number) == ("call", "1")
    assert heard.screen.title == "رقمك"
    assert says_everything(twin) == 2 * ["ar thanks.number", "ar number.1"]
    heard.taps(WORDS["call.again"])
    assert says_everything(twin) == 2 * ["ar thanks.number", "ar number.1"]


def test_the_voice_is_silent_once_somebody_came(heard: Bench) -> None:
    comes(heard, "sante")
    goes_to(goes_in(heard), "queue")
    heard.taps(CALL)
    assert heard.desk.house.voice.speaking
    heard.taps(RECEIVED)
    assert not heard.desk.house.voice.speaking


def test_whoever_has_a_language_without_a_voice_is_called_in_french(
    tmp_path: Path, twin: Twin
) -> None:
    """Unread voices are off, outside the demo."""
    voice = Voice(twin.load)
    voice.wake()
    with Bench(tmp_path, voice=voice) as bench:
        comes(bench, "sante", language="uk")
        goes_to(goes_in(bench), "queue")
        bench.taps(CALL)
        heard, is_heard = says_everything(twin), bench.screen.is_heard
    assert (heard, is_heard) == (2 * ["fr thanks.number", "fr number.1"], True)


def test_neither_the_page_nor_the_voice_tells_what_somebody_came_for(
    heard: Bench, twin: Twin
) -> None:
    comes(heard, "sante")
    goes_to(goes_in(heard), "queue")
    heard.taps(CALL)
    on_the_page = [label.text for label in written(heard.screen)]
    assert WORDS["door.sante"] not in on_the_page
    assert not any("door" in name for name in says_everything(twin))


def test_without_a_loudspeaker_the_page_says_to_call_oneself(bench: Bench) -> None:
    comes(bench, "sante")
    goes_to(goes_in(bench), "queue")
    bench.taps(CALL)
    assert WORDS["call.silent"] in shown(bench)


@pytest.mark.parametrize(("words", "event"), [(RECEIVED, Received), (LEFT, Left)])
def test_received_or_gone_is_kept_and_the_next_one_is_first(
    bench: Bench, words: str, event: type[Received | Left]
) -> None:
    comes(bench, "sante", "logement")
    goes_to(goes_in(bench), "queue")
    bench.taps(CALL)
    bench.taps(words)
    assert (bench.at, waiting(bench)) == ("queue", [2])
    assert told(bench, event) == [event(visit=Key(bench.desk.house.journal.epoch, 1))]


def test_a_card_that_takes_nothing_leaves_them_waiting_and_says_so(bench: Bench) -> None:
    comes(bench, "sante")
    goes_to(goes_in(bench), "queue")
    bench.taps(CALL)
    takes(bench, nothing=True)
    bench.taps(RECEIVED)
    assert (bench.at, waiting(bench)) == ("call", [1])
    assert WORDS["driver.refused"] in shown(bench)


def test_a_call_for_help_is_told_for_a_while(bench: Bench) -> None:
    bench.desk.house.keep(HelpRequested())
    bench.desk.house.clock.advance(180)
    goes_in(bench)
    assert WORDS["home.help"] in shown(bench)
    goes_to(bench, "queue")
    assert "Aide, il y a 3 minutes" in shown(bench)
    bench.desk.house.clock.advance(720)
    bench.passes(1)
    assert "Aide, il y a" not in shown(bench)


def test_a_call_for_help_hides_nobody_who_waits(bench: Bench) -> None:
    comes(bench, "sante")
    bench.desk.house.keep(HelpRequested())
    goes_in(bench)
    assert f"{WORDS['home.help']}\n{WORDS.plural('home.waiting', 1)}" in shown(bench)


def test_a_call_for_help_is_over_once_staff_have_read_it(bench: Bench) -> None:
    bench.desk.house.keep(HelpRequested())
    goes_in(bench)
    goes_to(bench, "queue", "back")
    assert WORDS["home.help"] not in shown(bench)
    bench.desk.house.clock.advance(60)
    bench.desk.house.keep(HelpRequested())
    bench.passes(1)
    assert WORDS["home.help"] in shown(bench)


@pytest.mark.parametrize(("leaves", "is_told"), [("back", False), ("", True)])
def test_a_call_for_help_is_over_once_whoever_called_goes_on(
    bench: Bench, leaves: str, is_told: bool
) -> None:
    """Whoever just went away may still need somebody."""
    goes_to(bench, "help", leaves)
    bench.passes(90)
    assert bench.at == "welcome"
    goes_in(bench)
    assert (WORDS["home.help"] in shown(bench)) is is_told


# Checked in by staff


def test_staff_check_somebody_in_with_two_touches(bench: Bench) -> None:
    goes_in(bench)
    touches = (WORDS["home.check_in"], WORDS["door.retraite"])
    for words in touches:
        bench.taps(words)
    (made,) = told(bench, CheckedIn)
    assert made == CheckedIn(number=1, door="retraite", theme="travail_formation", by_staff=True)
    assert bench.at == "queue"
    assert WORDS["queue.given"].format(number=1) in shown(bench)


def test_their_numbers_and_those_of_the_screen_are_one_series(bench: Bench) -> None:
    comes(bench, "sante")
    goes_to(goes_in(bench), "queue", "check_in")
    bench.taps(WORDS["door.famille"])
    goes_to(bench, "done")
    comes(bench, "droit")
    assert [event.number for event in told(bench, CheckedIn)] == [1, 2, 3]


def test_a_check_in_that_was_not_kept_is_not_shown(bench: Bench) -> None:
    goes_to(goes_in(bench), "check_in")
    takes(bench, nothing=True)
    bench.taps(WORDS["door.famille"])
    assert (bench.at, waiting(bench)) == ("check_in", [])
    assert WORDS["driver.refused"] in shown(bench)


# Where a language is kept, and how long


def test_a_language_is_in_no_event_and_no_file_on_the_card(bench: Bench) -> None:
    comes(bench, "sante", language="uk")
    assert bench.desk.staff.queue.language(bench.desk.staff.queue.waiting()[0]) == "uk"
    assert "uk" not in str(kept(bench.folder))
    card = b"".join(path.read_bytes() for path in (bench.folder / "data").rglob("*.*"))
    assert b'"uk"' not in card


def test_a_screen_begun_anew_still_calls_in_that_language_but_no_other_boot(
    tmp_path: Path,
) -> None:
    from ui.staff.moment import FILE, recalled

    with Bench(tmp_path) as bench:
        comes(bench, "sante", language="uk")
    with Bench(tmp_path) as bench:
        queue = bench.desk.staff.queue
        assert queue.language(queue.waiting()[0]) == "uk"
    file = tmp_path / "run" / f"{FILE}.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"boot_id":"', '"boot_id":"un'))
    assert recalled(tmp_path / "run").languages == {}


@pytest.mark.parametrize("touch", ["received", "left"])
def test_a_language_goes_when_the_person_waits_no_more(bench: Bench, touch: str) -> None:
    comes(bench, "sante", language="uk")
    goes_to(goes_in(bench), "queue")
    bench.taps(CALL)
    goes_to(bench, touch)
    assert languages(bench) == {}


def languages(bench: Bench) -> dict[str, str]:
    """By number, as the folder of the moment has them."""
    return runtime.read(bench.folder / "run", "staff")["languages"]


def test_every_language_goes_with_the_day(bench: Bench) -> None:
    comes(bench, "sante", "droit", language="uk")
    goes_to(goes_in(bench), "close", "yes")
    assert languages(bench) == {}


def test_the_queues_lines_are_gone_with_its_page(bench: Bench) -> None:
    comes(bench, "sante", language="uk")
    goes_to(goes_in(bench), "queue")
    page = bench.screen
    assert any("ukrainien" in str(getattr(each, "text", "")) for each in page.walk())
    goes_to(bench, "done")
    assert not any("ukrainien" in str(getattr(each, "text", "")) for each in page.walk())


# Struck out


def test_a_false_check_in_is_struck_out_with_its_reason(bench: Bench) -> None:
    comes(bench, "sante", "droit")
    goes_to(goes_in(bench), "queue")
    touches_line(bench, 1)
    bench.taps(WORDS["describe.strike"])
    bench.taps("Compté deux fois")
    assert (bench.at, waiting(bench)) == ("queue", [2])
    assert kept(bench.folder)[-1].reason == "duplicate"
    assert bench.desk.staff.day.today().counted[0].number == 2


def test_who_waits_in_which_language_is_for_the_screen_alone_to_read(tmp_path: Path) -> None:
    from ui.staff.moment import FILE, Moment

    Moment(languages={1: "ar"}).keep(tmp_path)
    assert (tmp_path / f"{FILE}.json").stat().st_mode & 0o777 == 0o600


def test_two_touches_strike_out_a_false_check_in(bench: Bench) -> None:
    comes(bench, "sante", "droit")
    goes_to(goes_in(bench), "queue")
    touches_line(bench, 1)
    bench.taps(WORDS["describe.strike"])
    assert kept(bench.folder)[-1].reason == "mistake"
    assert WORDS["strike.why"] in shown(bench)
    goes_to(bench, "back")
    assert (bench.at, waiting(bench)) == ("queue", [2])


def test_a_check_in_struck_out_by_mistake_counts_again_with_all_that_was_said(
    bench: Bench,
) -> None:
    comes(bench, "sante", "droit")
    first = bench.desk.staff.queue.waiting()[0]
    bench.desk.house.keep(Described(visit=first.key, source="visitor", people=3))
    goes_to(goes_in(bench), "queue")
    touches_line(bench, 1)
    bench.taps(WORDS["describe.strike"])
    bench.taps(WORDS["tally.undo"])
    assert (bench.at, waiting(bench)) == ("queue", [1, 2])
    again = bench.desk.staff.queue.waiting()[0]
    assert (again.event, again.people) == (first.event, 3)
    assert len(bench.desk.staff.day.today().counted) == 2


def test_a_card_that_takes_nothing_strikes_nobody_out(bench: Bench) -> None:
    comes(bench, "sante")
    goes_to(goes_in(bench), "queue")
    touches_line(bench, 1)
    takes(bench, nothing=True)
    bench.taps(WORDS["describe.strike"])
    assert (bench.at, waiting(bench)) == ("describe", [1])
    assert WORDS["driver.refused"] in shown(bench)
