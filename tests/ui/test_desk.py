"""The desk without a window: a journal that fails it for a moment, and what it keeps of a touch."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from appliance.twins.clock import SettableClock
from protocol.duty import Started
from protocol.event import Event
from protocol.visits import CheckedIn
from protocol.workshops import SignedUp
from tests.ui.kit import Hand, kept, new_desk
from ui.desk import Desk
from ui.models.panel import Panel, changed
from ui.sound import Twin
from ui.voice import Voice

CHECKS_IN = (("begin", ""), ("chose", "sante"), ("yes", ""))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = new_desk(tmp_path, Hand(), SettableClock())
    yield desk
    desk.close()


def touches(desk: Desk, *touches: tuple[str, str] | str) -> None:
    for each in touches:
        desk.touch(*((each,) if isinstance(each, str) else each))


@contextmanager
def unreadable(desk: Desk) -> Iterator[None]:
    """Nobody finds the file of the screen's journal; whoever has it open goes on reading."""
    path = desk.house.data / "screen.db"
    away = path.rename(path.with_suffix(".away"))
    yield
    away.rename(path)


def check_ins(folder: Path) -> list[int]:
    return [event.number for event in kept(folder) if isinstance(event, CheckedIn)]


# A journal that cannot be read


def test_whoever_has_a_number_is_led_back_to_it_when_something_fails(
    desk: Desk, tmp_path: Path
) -> None:
    touches(desk, *CHECKS_IN, "workshops", "mine")
    with unreadable(desk):
        touches(desk, "numbered")
        assert (desk.panel.screen, desk.panel.number, desk.panel.refused) == ("thanks", 1, True)
    touches(desk, "again", "yes")
    assert check_ins(tmp_path) == [1]


@pytest.mark.parametrize("in_between", [(), ("help", "back")])
def test_whoever_comes_back_for_a_place_tries_again_there(
    desk: Desk, tmp_path: Path, in_between: tuple[str, ...]
) -> None:
    touches(desk, "begin", "workshops", "mine")
    with unreadable(desk):
        touches(desk, "numbered")
        assert desk.panel.screen == "sorry"
    touches(desk, *(in_between or ("again",)))
    assert desk.panel.screen == "my_number"
    touches(desk, "back", "back", ("chose", "sante"))
    with unreadable(desk):
        touches(desk, "yes")
        assert desk.panel.screen == "sorry"
    touches(desk, "again")
    assert (desk.panel.screen, desk.panel.door) == ("confirm", "sante")


@pytest.mark.parametrize("page", ["staff", "queue", "visits", "closing", "attendance", "roll"])
def test_staffs_pages_show_what_they_knew_and_the_log_says_so_once(
    desk: Desk, page: str, caplog: pytest.LogCaptureFixture
) -> None:
    touches(desk, ("language", "ar"), *CHECKS_IN, "done")
    assert len(desk.staff.day.today().visits) == 1
    desk.house.keep(Started())
    with unreadable(desk), caplog.at_level(logging.WARNING, "staff"):
        for _ in range(3):
            desk._show(Panel(screen=page))
            desk.now.seconds += 70
            desk.step()
            assert len(desk.staff.day.today().visits) == 1
            desk.attendance._look()
    assert len([line for line in caplog.messages if "the day cannot be read" in line]) == 1
    assert len([line for line in caplog.messages if "no sheet can be read" in line]) == 1


def test_a_sign_up_without_a_journal_is_refused_and_no_name_is_blamed(desk: Desk) -> None:
    with unreadable(desk):
        assert desk.capture.sign_up("cv", 1, 0, "", "").outcome == "refused"


# Trial mode


def test_a_rehearsal_is_marked_and_the_drivers_word_is_meant(desk: Desk, tmp_path: Path) -> None:
    desk.house.trial = True
    for said in (CheckedIn(number=1, door="sante", theme="sante"), Started()):
        desk.house.keep(said)
    marked = [type(event) for event in kept(tmp_path) if isinstance(event, Event) and event.trial]
    assert marked == [CheckedIn]


# What a touch leads on to


def test_the_number_of_a_sign_up_is_no_number_of_the_day(desk: Desk) -> None:
    desk.house.keep(SignedUp(workshop="cv", number=7))
    touches(desk, ("language", "ar"), *CHECKS_IN, "workshops", "mine")
    assert desk.staff._moment.languages == {1: "ar"}
    desk._show(changed(desk.panel, screen="my_code", number=7))
    assert desk.staff._moment.languages == {1: "ar"}


def test_what_is_known_of_the_queue_is_written_when_it_changes_alone(desk: Desk) -> None:
    touches(desk, ("language", "ar"), *CHECKS_IN)
    run = desk.house.run / "staff.json"
    run.unlink()
    touches(desk, "workshops", "mine", "back", "back")
    assert not run.exists()


@pytest.mark.parametrize("call", ["help", "still_there"])
def test_what_was_typed_is_there_after_a_call_for_help(desk: Desk, call: str) -> None:
    desk._show(Panel(screen="my_number"))
    desk.type("4")
    desk._show(changed(desk.panel, screen=call, before="my_number"))
    touches(desk, "back" if call == "help" else "stay")
    assert (desk.panel.screen, desk.my_place.typed) == ("my_number", "4")


def test_letters_that_were_typed_are_no_number(desk: Desk) -> None:
    desk._show(Panel(screen="my_code", number=4))
    desk.type("K")
    touches(desk, "back")
    assert (desk.panel.screen, desk.my_place.typed) == ("my_number", "")


def test_a_visitors_page_moves_nobody_up_by_itself(desk: Desk) -> None:
    """The seats do: they are looked at each minute, whatever page is up."""
    looks = desk.seats._looked
    desk.now.seconds += 61
    desk.my_place.step(desk.now(), desk.panel)
    assert desk.seats._looked == looks
    desk.step()
    assert desk.seats._looked == desk.now()


def test_the_battery_is_warned_of_as_soon_as_there_is_a_voice(tmp_path: Path) -> None:
    twin = Twin()
    voice = Voice(twin.load)
    desk = new_desk(tmp_path, Hand(), voice=voice)
    desk.house.vehicle = {"power": {"warning": "battery", "seconds_left": 61, "speak": True}}
    desk.announcer.step(desk.now(), desk.panel)
    assert (twin.said, desk.announcer.minutes_left) == ([], 2)
    voice.wake()
    for _ in range(2):
        desk.announcer.step(desk.now(), desk.panel)
    assert twin.said == ["power.spoken"]
    desk.close()
