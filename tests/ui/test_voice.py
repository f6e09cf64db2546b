"""The voice: what is said when, in which language; and that the loudspeaker really gets it."""

import array
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.kit import WORDS, Bench
from ui import recordings
from ui.models.panel import Panel
from ui.screens.visitor import SCREENS
from ui.sound import Twin
from ui.text import catalogue
from ui.voice import Voice

HOUSING = WORDS["door.logement"]
BEGIN, YES = WORDS["welcome.begin"], WORDS["confirm.yes"]


@pytest.fixture
def twin() -> Twin:
    return Twin()


@pytest.fixture
def voice(twin: Twin) -> Voice:
    """All voices, those that no speaker has listened to as well."""
    voice = Voice(twin.load, unheard=True)
    voice.wake()
    return voice


@pytest.fixture
def heard(tmp_path: Path, voice: Voice) -> Iterator[Bench]:
    """A screen with a loudspeaker."""
    with Bench(tmp_path, voice=voice) as bench:
        bench.app.root.hear()
        yield bench


def listens(bench: Bench) -> None:
    bench.hand.seconds += 1
    bench.pump()
    bench.touches(*bench.centre(bench.app.root.ids.listen))


def lit(bench: Bench) -> list[str]:
    """The words of the buttons that shine."""
    from ui.widgets.surfaces import Press

    return [button.text for button in bench.widgets(Press) if button.heard]


# Page by page


def test_a_page_is_read_question_first_and_each_choice_shines_while_it_is_said(
    heard: Bench, twin: Twin
) -> None:
    heard.taps(BEGIN)
    listens(heard)
    assert (twin.said[-1], lit(heard)) == ("reasons.title", [])
    read = []
    while heard.app.root.reader.reading:
        twin.ends()
        read.append((twin.said[-1], *lit(heard)))
    doors = ("sante", "famille", "retraite", "droit", "logement", "impots", "emploi", "numerique")
    assert read[:8] == [(f"door.{door}", WORDS[f"door.{door}"]) for door in doors]
    assert read[-2:-1] == [("help.ask", WORDS["help.ask"])]
    assert lit(heard) == []


def test_a_second_touch_stops_it(heard: Bench, twin: Twin) -> None:
    heard.taps(BEGIN)
    listens(heard)
    twin.ends()
    listens(heard)
    assert (heard.voice.speaking, lit(heard)) == (False, [])


def test_going_on_stops_it(heard: Bench, twin: Twin) -> None:
    heard.taps(BEGIN)
    listens(heard)
    heard.taps(HOUSING)
    assert (heard.at, heard.voice.speaking) == ("confirm", False)


def test_the_chosen_theme_is_never_said(heard: Bench, twin: Twin) -> None:
    heard.taps(BEGIN)
    heard.taps(HOUSING)
    listens(heard)
    while heard.app.root.reader.reading:
        twin.ends()
    assert twin.said[:3] == ["confirm.title", "confirm.yes", "confirm.change"]
    assert not [name for name in twin.said if name.startswith("door.")]


def test_every_page_of_a_visitor_has_the_loudspeaker_and_no_page_of_the_team(heard: Bench) -> None:
    button, page = heard.app.root.ids.listen, heard.app.root
    for screen in SCREENS:
        heard.desk._show(Panel(screen=screen, door="logement", number=3))
        assert button.right < page.right, screen
    heard.desk._show(Panel(screen="driver"))
    assert button.x >= page.right


def test_nothing_of_the_page_or_its_language_is_kept_after_it_was_left(
    heard: Bench, twin: Twin
) -> None:
    heard.desk._show(Panel(screen="reasons", language="ar"))
    listens(heard)
    heard.desk._show(Panel())
    reader = heard.app.root.reader
    assert (reader._language, reader._buttons, reader._listening.lines) == ("", [], ())


# Quiet


def test_quiet_begins_when_the_voice_has_finished(heard: Bench, twin: Twin) -> None:
    heard.taps(BEGIN)
    listens(heard)
    for _ in range(50):
        heard.passes(1)
    assert heard.at == "reasons"
    listens(heard)
    for _ in range(34):
        heard.passes(1)
    assert heard.at == "reasons"
    heard.passes(1.5)
    assert heard.at == "still_there"


def test_a_loudspeaker_that_never_tells_its_end_keeps_nobodys_page(heard: Bench) -> None:
    heard.taps(BEGIN)
    listens(heard)
    for _ in range(60 + 45):
        heard.passes(1)
    assert heard.desk.panel == Panel()


def test_encore_la_is_asked_aloud_in_the_language_of_the_visitor(heard: Bench, twin: Twin) -> None:
    heard.desk._show(Panel(screen="reasons", language="uk"))
    for _ in range(36):
        heard.passes(1)
    assert heard.at == "still_there"
    assert twin.played[-1].parts[-2:] == ("uk", "still_there.question.ogg")


# Said without being asked for


def test_a_language_that_is_touched_says_its_name_and_the_next_page_does_not_cut_it_off(
    heard: Bench, twin: Twin
) -> None:
    listens(heard)
    heard.desk.touch("language", "fr")
    assert (heard.at, heard.voice.speaking) == ("reasons", True)
    assert twin.played[-1].parts[-2:] == ("fr", "language.name.ogg")


def test_a_number_is_called_twice_in_the_language_of_the_person(voice: Voice, twin: Twin) -> None:
    voice.call(12, "ar")
    while voice.speaking:
        twin.ends()
    assert twin.said == 2 * ["thanks.number", "number.12"]
    assert {path.parent.name for path in twin.played} == {"ar"}


def test_whose_language_has_no_voice_is_called_in_french(voice: Voice, twin: Twin) -> None:
    assert voice.call(12, "und")
    assert twin.played[-1].parts[-2:] == ("fr", "thanks.number.ogg")


def test_the_battery_is_warned_of_once_in_french_and_seen_below_the_page(
    heard: Bench, twin: Twin
) -> None:
    heard.desk._show(Panel(screen="reasons", language="tr"))
    power = {"warning": "battery", "seconds_left": 541, "speak": True}
    for _ in range(3):
        heard.the_vehicle_says(power=power)
        heard.passes(1)
    assert [path.parts[-2:] for path in twin.played] == [("fr", "power.spoken.ogg")]
    strip = heard.app.root.ids.strip
    assert strip.text == catalogue.load("tr").plural("power.left", 10)
    heard.desk._show(Panel())
    assert strip.text == WORDS.plural("power.left", 10)
    heard.the_vehicle_says(power={"warning": None, "seconds_left": None, "speak": False})
    heard.passes(1)
    assert strip.height == 0


# What cannot be said


def test_without_a_loudspeaker_the_button_says_so_and_nothing_pretends(tmp_path: Path) -> None:
    with Bench(tmp_path) as bench:
        bench.voice = bench.desk.house.voice
        bench.voice.wake()
        bench.app.root.hear()
        button = bench.app.root.ids.listen
        assert (button.pictogram, button.alive) == ("volume_off", False)
        listens(bench)
        assert (bench.app.root.reader.reading, bench.voice.call(12)) == (False, False)


def test_at_volume_nought_the_loudspeaker_is_shown_as_off(heard: Bench) -> None:
    heard.desk.house.set(volume=0)
    heard.app.root.hear()
    assert heard.app.root.ids.listen.pictogram == "volume_off"


def test_a_foreign_voice_nobody_has_listened_to_is_off_until_the_unit_says_otherwise(
    twin: Twin,
) -> None:
    voice = Voice(twin.load)
    voice.wake()
    unheard = [code for code in recordings.languages() if not recordings.load(code).heard]
    assert unheard, "every voice was listened to: choose another way to test this"
    assert [code for code in unheard if voice.speaks(code)] == ["fr"]


def test_a_recording_that_the_card_has_lost_ends_at_once(voice: Voice, twin: Twin) -> None:
    voice._load = lambda _: None
    ended = []
    assert not voice.say(["help.ask"], then=lambda: ended.append(True))
    assert ended == [True]


# The loudspeaker


@pytest.mark.parametrize("how", ["listens", "does_not"])
def test_the_loudspeaker_gets_loud_samples_of_whoever_listens_and_none_else(
    tmp_path: Path, how: str
) -> None:
    raw = tmp_path / "loudspeaker.raw"
    disk = {"SDL_VIDEODRIVER": "offscreen", "SDL_AUDIODRIVER": "disk", "SDL_DISKAUDIOFILE": raw}
    command = [sys.executable, "-m", "tests.ui.speaking_screen", str(tmp_path / "unit"), how]
    environment = {**os.environ, **{name: str(value) for name, value in disk.items()}}
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=90)
    samples = array.array("h", raw.read_bytes())
    loudest = max(map(abs, samples), default=0)
    assert loudest > 3000 if how == "listens" else loudest == 0
