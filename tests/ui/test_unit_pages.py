"""The unit's pages, touched: what is shown, what is kept, what is asked of others, and no more."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from appliance import runtime
from appliance.carrying import errands
from appliance.identity import typed_code
from appliance.journal import JournalReader
from protocol.unit import Reported
from protocol.visits import CheckedIn
from tests.support import eventually, unit_config_file
from tests.ui.kit import WORDS, Bench, Hand, kept, new_desk
from tests.ui.test_refused import takes
from tests.ui.test_staff import is_in, shown
from ui.backlight import Backlight
from ui.gallery.languages import SIX
from ui.models.errand import WHYS
from ui.models.panel import Panel
from ui.screens.unit.unit import when
from ui.staff.errands import reported
from ui.text import catalogue

CODE = "7K3M9QXW2PZT4HJD"


def is_at(bench: Bench, *touches: str) -> Bench:
    """Staff are in, and on the page that these touches lead to."""
    is_in(bench)
    for touch in touches:
        bench.desk.touch(touch)
    bench.pump()
    return bench


def says(bench: Bench, process: str, **word: Any) -> None:
    runtime.publish(bench.folder / "run", process, word)
    bench.passes(1)


def does(bench: Bench, name: errands.Name, **answer: Any) -> errands.Wish:
    """The one-shot of the system comes, and answers."""
    run = bench.folder / "run"
    wish = errands.take(run, name)
    assert wish is not None, "nobody asked"
    if answer:
        errands.answer(run, name, wish, **answer)
        bench.passes(1)
    return wish


# What waits


def test_what_waits_is_told_and_why(bench: Bench) -> None:
    bench.desk.house.keep(CheckedIn(number=1, door="sante", theme="sante"))
    is_at(bench, "unit")
    assert WORDS["unit.stopped"] in shown(bench)
    assert WORDS.plural("unit.kept", 2) in shown(bench)  # the check-in, and that somebody is in
    says(bench, "uplink", link="down", enrolment="enrolled", cause="no_route")
    assert WORDS["unit.no_route"] in shown(bench)
    assert WORDS["unit.never_sent"] in shown(bench)
    says(bench, "uplink", link="up", enrolment="enrolled")
    assert WORDS["unit.sending"] in shown(bench)


def test_what_should_be_looked_at_is_hinted_at_though_all_is_sent(bench: Bench) -> None:
    is_at(bench, "unit")
    says(bench, "uplink", link="up", enrolment="enrolled", faults=["nobody listens"])
    assert WORDS["unit.faults"] in shown(bench)
    says(bench, "update", waiting="0.9.0")
    assert WORDS["unit.update"] in shown(bench)


def test_a_new_system_is_told_while_it_comes_and_when_it_is_there(bench: Bench) -> None:
    is_at(bench, "unit")
    says(bench, "update", waiting="0.9.0", state="installing", share=0.4)
    assert WORDS["unit.update_written"].format(percent=40) in shown(bench)
    says(bench, "update", waiting="0.9.0", state="restarting", share=0.0)
    assert WORDS["unit.update_restarts"] in shown(bench)
    says(bench, "update", waiting="0.9.0", state="refused")
    assert WORDS["unit.update_refused"].format(version="0.9.0") in shown(bench)
    says(bench, "update", waiting="", state="idle")
    says(bench, "health", state="checking", trial=True, outcome="", version="")
    assert WORDS["unit.update_tried"] in shown(bench)
    for outcome, key in (("applied", "update_done"), ("rolled_back", "update_undone")):
        says(bench, "health", state="good", trial=False, outcome=outcome, version="0.9.0")
        assert WORDS[f"unit.{key}"].format(version="0.9.0") in shown(bench)


def test_frames_and_the_time_since_a_touch_are_told_to_whoever_updates(bench: Bench) -> None:
    bench.desk.drawn = 3
    bench.desk.touch("staff")
    told = runtime.read(bench.folder / "run", "screen")
    assert told is not None
    assert (told["drawn"], told["quiet"]) == (3, 0.0)


def test_a_moment_is_told_as_people_say_it() -> None:
    now = datetime(2026, 11, 26, 18, 0, tzinfo=UTC)

    def told(day: int, hour: int, minute: int = 0) -> str:
        moment = datetime(2026, 11, day, hour, minute, tzinfo=UTC)
        said = when(int(moment.timestamp() * 1000), "UTC", WORDS, now)
        return said.replace("\u00a0", " ")

    assert told(26, 9) == "aujourd’hui, 9 heures"
    assert told(25, 18, 5) == "hier, 18 heures 05"
    assert told(24, 14) == "mardi 24 novembre, 14 heures"


def test_nobody_sees_these_pages_without_the_pin(bench: Bench) -> None:
    for touch in ("unit", "copy", "settings", "enrol", "diagnostics"):
        bench.desk.touch(touch)
        assert bench.desk.panel.screen == "welcome"


def test_each_page_leads_back_to_where_it_was_come_from(bench: Bench) -> None:
    is_at(bench, "unit")
    for way in (("copy",), ("report",), ("diagnostics",), ("settings", "languages")):
        for touch in way:
            bench.desk.touch(touch)
        for _ in way:
            bench.desk.touch("back")
        assert bench.desk.panel.screen == "unit"
    bench.desk.touch("back")
    assert bench.desk.panel.screen == "staff"


# The copy


def test_a_copy_is_asked_for_with_the_day_in_words_and_told_when_it_is_there(bench: Bench) -> None:
    bench.desk.house.keep(CheckedIn(number=1, door="sante", theme="sante"))
    is_at(bench, "unit", "copy")
    bench.taps(WORDS["copy.go"])
    assert WORDS["copy.working_more"] in shown(bench)
    wish = does(bench, "copy", state="copying")
    assert wish.text.splitlines()[0] == "Camion Germaine"
    assert f"{WORDS['sheet.visits']} : {WORDS['copy.few']}" in wish.text
    assert WORDS["door.sante"] in wish.text.splitlines()
    errands.answer(bench.folder / "run", "copy", wish, state="done", file="ESCALE/x.escale")
    bench.passes(1)
    assert WORDS["copy.done_more"] in shown(bench)
    bench.taps(WORDS["unit.back"])
    assert bench.at == "unit"


@pytest.mark.parametrize("why", WHYS)
def test_why_there_is_no_copy_is_one_sentence_and_what_to_do_another(
    bench: Bench, why: str
) -> None:
    is_at(bench, "unit", "copy")
    bench.taps(WORDS["copy.go"])
    does(bench, "copy", state="failed", why=why)
    assert WORDS[f"copy.{why}"] in shown(bench)
    assert WORDS[f"copy.{why}_more"] in shown(bench)
    bench.taps(WORDS["unit.again"])
    assert WORDS["copy.working"] in shown(bench)


def test_a_copy_that_lacks_a_journal_is_no_good_news_and_is_kept(bench: Bench) -> None:
    is_at(bench, "unit", "copy")
    bench.taps(WORDS["copy.go"])
    does(bench, "copy", state="done", why="partly", file="ESCALE/x.escale")
    assert WORDS["copy.partly_more"] in shown(bench)
    assert WORDS["copy.done"] not in shown(bench)
    assert bench.screen.failed
    bench.taps(WORDS["unit.back"])
    assert bench.at == "unit"


def test_a_machine_where_nobody_copies_says_so_after_a_while(bench: Bench) -> None:
    is_at(bench, "unit", "copy")
    bench.taps(WORDS["copy.go"])
    bench.passes(19)
    assert WORDS["copy.working"] in shown(bench)
    bench.passes(2)
    assert WORDS["copy.silent"] in shown(bench)


def test_the_answer_to_an_older_wish_is_not_taken_for_this_one_s(bench: Bench) -> None:
    is_at(bench, "unit", "copy")
    bench.taps(WORDS["copy.go"])
    old = does(bench, "copy")
    bench.desk.touch("back")
    bench.desk.touch("copy")
    bench.pump()
    bench.taps(WORDS["copy.go"])
    errands.answer(bench.folder / "run", "copy", old, state="done")
    bench.passes(1)
    assert WORDS["copy.working"] in shown(bench)


def test_a_run_folder_that_takes_nothing_is_told(bench: Bench) -> None:
    is_at(bench, "unit", "copy")
    run = bench.folder / "run"
    aside = run.rename(run.with_name("aside"))
    run.write_text("in the way")
    bench.taps(WORDS["copy.go"])
    assert WORDS["copy.refused"] in shown(bench)
    run.unlink()
    aside.rename(run)


# The report


def test_the_state_becomes_an_event_that_travels(bench: Bench) -> None:
    is_at(bench, "unit")
    says(bench, "vehicle", faults=["no cable"])
    bench.desk.touch("report")
    bench.pump()
    bench.taps(WORDS["report.go"])
    does(bench, "report", state="done", lines=["screen 12: hello"])
    assert WORDS["report.done_more"] in shown(bench)
    (event,) = [event for event in kept(bench.folder) if isinstance(event, Reported)]
    assert (event.faults, event.lines) == (("no cable",), ("screen 12: hello",))
    bench.passes(5)
    assert len(kept(bench.folder)) == 2  # kept once


def test_a_report_is_kept_although_staff_have_left_the_page(bench: Bench) -> None:
    is_at(bench, "unit", "report")
    bench.taps(WORDS["report.go"])
    wish = does(bench, "report")
    bench.desk.touch("done")
    errands.answer(bench.folder / "run", "report", wish, state="done", lines=["a: b"])
    bench.passes(1)
    assert isinstance(kept(bench.folder)[-1], Reported)


def test_an_answer_is_read_when_there_is_one_and_waited_for_an_hour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand, reads, answered = Hand(), list[str](), errands.answered

    def counted(run: Path, name: errands.Name, wish: str) -> dict[str, Any] | None:
        reads.append(wish)
        return answered(run, name, wish)

    monkeypatch.setattr(errands, "answered", counted)
    desk = new_desk(tmp_path, hand)
    (run := desk.house.run).mkdir(exist_ok=True)
    desk.staff.errands.touched(Panel(screen="report"), "go", "")
    wish = errands.take(run, "report")
    assert wish is not None
    for _ in range(100):
        hand.seconds += 1
        desk.staff.errands.step(hand.seconds, Panel())
    assert reads == []
    hand.seconds += errands.REMEMBERED
    errands.answer(run, "report", wish, state="done", lines=["too late"])
    desk.staff.errands.step(hand.seconds, Panel())
    assert reads == []
    assert not any(isinstance(event, Reported) for event in kept(tmp_path))
    desk.close()


def test_a_full_card_takes_no_report_and_says_so(bench: Bench) -> None:
    is_at(bench, "unit", "report")
    bench.taps(WORDS["report.go"])
    takes(bench, nothing=True)
    does(bench, "report", state="done", lines=["a: b"])
    assert WORDS["report.refused"] in shown(bench)
    takes(bench, nothing=False)


def test_a_report_holds_as_much_as_an_event_may() -> None:
    event = reported(["f" * 500] * 20, ["é" * 500] * 200)
    assert 10 < len(event.lines) <= 40
    assert {len(line) for line in (*event.lines, *event.faults)} == {160}
    assert reported([], []).lines == ()


# Settings


def test_a_touch_on_louder_is_kept_at_once(bench: Bench) -> None:
    is_at(bench, "unit", "settings")
    for _ in range(5):
        bench.desk.touch("volume", "1")
    assert bench.desk.house.settings.volume == 10
    for _ in range(12):
        bench.desk.touch("volume", "-1")
    bench.passes(1)
    assert bench.desk.house.settings.volume == 0
    assert WORDS["settings.silent"] in shown(bench)
    assert bench.desk.house.voice.volume == 0
    bench.taps(WORDS["settings.azerty"])
    assert bench.desk.house.settings.keyboard == "azerty"


def test_visitors_find_the_letters_where_staff_have_put_them(bench: Bench) -> None:
    from ui.widgets.keypad import Key

    for keyboard, first in (("abc", "ABC"), ("azerty", "AZE")):
        bench.desk.house.set(keyboard=keyboard)
        bench.desk._show(Panel(screen="first_name", workshop="cv", people=1))
        bench.pump()
        keys = sorted(bench.widgets(Key), key=lambda key: (-round(key.y), key.x))
        assert "".join(key.text for key in keys if key.text)[:3] == first
        bench.desk._show(Panel())


def test_the_light_of_the_panel_follows_where_it_can_be_set(bench: Bench, tmp_path: Path) -> None:
    light = tmp_path / "light" / "10-0045"
    light.mkdir(parents=True)
    (light / "max_brightness").write_text("255\n")
    bench.desk.house.backlight = Backlight(light.parent)
    is_at(bench, "unit", "settings")
    for _ in range(9):
        bench.desk.touch("brightness", "-1")
    assert (light / "brightness").read_text() == "26"
    bench.desk.touch("brightness", "-1")
    assert bench.desk.house.settings.brightness == 1


def test_a_panel_without_a_light_to_set_is_no_fault(tmp_path: Path) -> None:
    for folder in (tmp_path / "nowhere", tmp_path):
        backlight = Backlight(folder)
        backlight.show(0.5)
        assert not backlight.available


def test_questions_are_touched_in_their_order_and_there_may_be_none(bench: Bench) -> None:
    is_at(bench, "unit", "settings", "questions")
    assert places(bench) == {WORDS["question.people"]: 1, WORDS["question.first_visit"]: 2}
    bench.taps(WORDS["question.people"])
    bench.taps(WORDS["question.commune"])
    assert bench.desk.house.settings.questions == ("first_visit", "commune")
    bench.taps(WORDS["question.first_visit"])
    bench.taps(WORDS["question.commune"])
    assert (bench.desk.house.settings.questions, places(bench)) == ((), {})


def places(bench: Bench) -> dict[str, int]:
    """What is chosen on the page, and its place."""
    from ui.widgets.facts import Pick

    return {pick.text: int(pick.place) for pick in bench.widgets(Pick) if pick.lit}


@pytest.fixture
def many_languages(bench: Bench) -> Bench:
    """Staff are at the languages of a vehicle that shows six by its own file."""
    house = bench.desk.house
    screen = msgspec.structs.replace(house.config.screen, unread_languages=True)
    house.config = msgspec.structs.replace(house.config, screen=screen)
    return is_at(bench, "unit", "settings", "languages")


def test_a_touch_takes_one_language_away_and_leaves_the_others(many_languages: Bench) -> None:
    bench = many_languages
    names = [catalogue.load(language)["language.name"] for language in SIX]
    assert places(bench) == {name: place for place, name in enumerate(names, 1)}
    bench.taps(names[2])
    kept_ones = SIX[:2] + SIX[3:]
    assert bench.desk.house.settings.languages == kept_ones
    assert places(bench) == {name: n for n, name in enumerate(names[:2] + names[3:], 1)}
    bench.desk.touch("done")
    assert bench.desk.languages.offered == kept_ones


def test_french_never_goes_and_so_no_touch_takes_the_last_language(many_languages: Bench) -> None:
    bench = many_languages
    for language in SIX:
        bench.desk.touch("choose", language)
    bench.desk.touch("choose", "fr")
    assert bench.desk.house.settings.languages == ("fr",)
    bench.passes(1)
    assert places(bench) == {"Français": 1}


def test_a_seventh_language_waits_until_there_is_room(many_languages: Bench) -> None:
    bench, creole = many_languages, catalogue.load("gcr")["language.name"]
    bench.taps(creole)
    assert bench.desk.house.settings.languages == ()
    assert bench.screen.note == WORDS["order.languages_full"]
    bench.taps(catalogue.load(SIX[-1])["language.name"])
    bench.taps(creole)
    assert bench.desk.house.settings.languages == (*SIX[:-1], "gcr")


def test_a_full_card_keeps_the_settings_and_says_so(bench: Bench) -> None:
    is_at(bench, "unit", "settings")
    takes(bench, nothing=True)
    bench.desk.touch("keyboard", "azerty")
    bench.pump()
    assert WORDS["driver.refused"] in shown(bench)
    takes(bench, nothing=False)
    assert bench.desk.house.settings.keyboard == "abc"
    bench.desk.touch("keyboard", "azerty")
    assert not bench.desk.panel.refused


# Enrolment


def test_a_code_is_typed_given_and_leaves_nothing_on_the_screen(bench: Bench) -> None:
    says(bench, "uplink", link="down", enrolment="refused")
    is_at(bench, "unit", "settings", "enrol")
    assert WORDS["enrol.type"] in shown(bench)
    for key in CODE:
        bench.taps(key)
    assert "7K3M  9QXW  2PZT  4HJD" in shown(bench)
    bench.taps(WORDS["enrol.go"])
    assert typed_code.take(bench.folder / "run", bench.folder / "data")
    assert bench.desk.staff.board.code == ""
    assert "7K3M" not in shown(bench)
    assert WORDS["enrol.refused"] in shown(bench)
    says(bench, "uplink", link="down", enrolment="asking")
    assert WORDS["enrol.asking"] in shown(bench)
    says(bench, "uplink", link="up", enrolment="enrolled")
    assert WORDS["enrol.enrolled"] in shown(bench)


def test_half_a_code_is_forgotten_with_its_page(bench: Bench) -> None:
    says(bench, "uplink", link="down", enrolment="refused")
    is_at(bench, "unit", "settings", "enrol")
    bench.taps("7")
    bench.desk.touch("back")
    assert bench.desk.staff.board.code == ""


# Checks, and the first start


def test_the_checks_show_what_each_process_says(bench: Bench) -> None:
    is_at(bench, "unit", "diagnostics")
    says(bench, "vehicle", gps={"state": "fix", "satellites": 9}, sky=[41, 36, "torn", 0])
    assert WORDS.plural("check.gps_fix", 9) in shown(bench)
    assert bench.screen.sky == [41, 36, 0]
    assert WORDS["check.names_not_yet"] in shown(bench)


def test_a_first_start_goes_from_the_pin_to_the_last_step(bench: Bench) -> None:
    assert bench.desk.staff.board.is_new
    bench.desk.begin()
    bench.pump()
    assert bench.at == "new_unit"
    bench.taps(WORDS["first_start.begin"])
    for key in "482193" * 2:
        bench.taps(key)
    assert bench.at == "first_start"
    for step in ("languages", "settings", "diagnostics"):
        bench.desk.touch(step)
        bench.desk.touch("back")
        assert bench.desk.panel.screen == "first_start"
    bench.taps(WORDS["first_start.finish_so"])
    assert bench.at == "staff"
    assert not bench.desk.staff.board.is_new


def test_a_step_is_ticked_when_it_is_well_and_not_because_it_was_looked_at(bench: Bench) -> None:
    from ui.screens.unit.first_start import StartStep

    def marks() -> list[str]:
        return [step.mark for step in reversed(bench.screen.ids.steps.children)]

    is_at(bench, "unit", "first_start")
    for step in ("languages", "settings", "enrol", "diagnostics"):
        bench.desk.touch(step)
        bench.desk.touch("back")
    bench.pump()
    assert marks() == ["well", "well", "look", "look"]
    assert {step.pictogram for step in bench.widgets(StartStep)} == {"check_circle", "warning"}
    assert bench.find(WORDS["first_start.finish_so"])
    says(bench, "vehicle", gps={"state": "fix", "satellites": 9})
    assert marks()[3] == "look"  # the network is not there
    says(bench, "uplink", link="up", enrolment="enrolled")
    assert marks() == ["well"] * 4
    assert bench.find(WORDS["first_start.finish"])


def test_a_first_start_may_wait_and_the_unit_s_page_reminds_of_it(bench: Bench) -> None:
    bench.desk.begin()
    bench.pump()
    bench.taps(WORDS["first_start.later"])
    assert bench.at == "welcome"
    is_at(bench, "unit")
    bench.taps(WORDS["unit.first_start"])
    assert bench.at == "first_start"


def test_a_unit_that_has_a_pin_or_a_federation_is_not_new(bench: Bench) -> None:
    trust = bench.folder / "data" / "trust"
    trust.mkdir()
    assert bench.desk.staff.board.is_new  # the folder alone is the system's
    (trust / "root.pem").touch()
    bench.desk.begin()
    assert bench.desk.panel.screen == "welcome"


def test_a_card_that_its_bundle_made_a_unit_is_new_until_somebody_sets_it_up(bench: Bench) -> None:
    trust = bench.folder / "data" / "trust"
    trust.mkdir()
    (trust / "root.pem").touch()
    says(bench, "first-boot", data="good", unit="van-germaine", by_hand=False)
    assert bench.desk.staff.board.is_new
    says(bench, "first-boot", data="good", unit="van-germaine", by_hand=True)
    assert not bench.desk.staff.board.is_new


def test_a_file_that_is_not_this_card_s_is_named_wherever_it_matters(bench: Bench) -> None:
    says(bench, "first-boot", wrong="another_unit", about=["escale-van-lucie.bundle"])
    sentence = WORDS["first_boot.another_unit"].format(file="van-lucie")
    bench.desk.begin()
    bench.pump()
    assert (bench.at, bench.screen.more) == ("new_unit", sentence)
    bench.taps(WORDS["first_start.later"])
    is_at(bench, "unit")
    assert sentence in shown(bench)
    bench.desk.touch("first_start")
    bench.pump()
    assert sentence in shown(bench)


def test_a_word_that_no_first_boot_says_is_not_shown(bench: Bench) -> None:
    says(bench, "first-boot", wrong="odd", about=["x"])
    assert bench.desk.staff.board.card is None
    says(bench, "first-boot", wrong="damaged", about=None)
    assert bench.desk.staff.board.card is not None


@pytest.mark.parametrize(("kind", "asks"), [("spare", "spare"), ("nameless", "nameless")])
def test_a_card_that_is_no_unit_yet_says_what_it_needs(bench: Bench, kind: str, asks: str) -> None:
    house = bench.desk.house
    unit = msgspec.structs.replace(house.config.unit, id="spare-abcd")
    house.config = msgspec.structs.replace(house.config, unit=unit)
    if kind == "spare":
        (house.data / "trust").mkdir()
        (house.data / "trust" / "root.pem").touch()
    says(bench, "first-boot", data="good", unit="spare-abcd")
    bench.desk.begin()
    bench.pump()
    assert bench.screen.says == WORDS[f"first_start.{asks}"]
    bench.taps(WORDS["first_start.later"])
    says(bench, "uplink", link="down", enrolment="refused")
    is_at(bench, "unit", "settings", "enrol")
    assert WORDS["enrol.type_spare"] in shown(bench)


def test_what_is_set_lies_in_its_table_and_no_name_with_it(bench: Bench) -> None:
    is_at(bench, "unit", "settings")
    bench.desk.touch("volume", "1")
    with JournalReader.open(bench.folder / "data" / "screen.db") as reader:
        rows = list(reader._select("SELECT name, value FROM setting"))
    assert [(name, json.loads(value)) for name, value in rows] == [("volume", 8)]


@pytest.mark.slow
def test_a_unit_that_is_switched_on_for_the_first_time_says_so(tmp_path: Path) -> None:
    config = unit_config_file(tmp_path, twin={"pins": "real"}, screen={"fullscreen": False})
    command = [sys.executable, "-m", "ui.cli", "--config", str(config)]
    with subprocess.Popen(command, env={**os.environ, "SDL_VIDEODRIVER": "offscreen"}) as screen:
        try:
            told = eventually(lambda: runtime.read(tmp_path / "run", "screen"), 30)
            assert told["at"] == "new_unit"
        finally:
            screen.terminate()
    assert screen.returncode == 0
