"""The recordings that are shipped: one for each text in each language, none of them stale."""

from pathlib import Path

import pytest

from tools import build_voices
from tools.build_voices import Text
from ui import recordings, sound
from ui.models import speech
from ui.recordings import Book, Recording, digest
from ui.text import catalogue

LANGUAGES = catalogue.languages()
MEND = "run make voices"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_recording_is_missing_or_says_what_nobody_reads_any_more(language: str) -> None:
    said = {name: text.said for name, text in build_voices.texts(language).items()}
    recorded = recordings.load(language).recordings
    stale = {name for name in said if recorded[name].said != digest(said[name])} if recorded else {}
    assert (set(recorded) ^ set(said), stale) == (set(), set()), MEND


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_recording_is_the_file_it_was_made_as(language: str) -> None:
    folder, recorded = recordings.VOICES / language, recordings.load(language).recordings
    files = {path.stem: digest(path.read_bytes()) for path in folder.glob("*.ogg")}
    assert files == {name: recording.file for name, recording in recorded.items()}, MEND


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_a_visitor_may_read_can_be_said(language: str) -> None:
    recorded = recordings.load(language).recordings
    index = {speech.bare(recording.shown): name for name, recording in recorded.items()}
    unsaid = [
        form
        for key in build_voices.translated(language)
        for form in build_voices.forms(catalogue.load(language), key)
        for part in speech.fragments(form)
        if not speech.sayings(part, index)
    ]
    assert unsaid == []


@pytest.mark.slow
def test_every_recording_can_be_played_and_is_neither_a_click_nor_a_speech() -> None:
    lengths = {path: sound.load(path).length for path in recordings.VOICES.glob("*/*.ogg")}
    assert {path: length for path, length in lengths.items() if not 0.15 < length < 8} == {}


def test_all_of_them_are_small() -> None:
    size = sum(path.stat().st_size for path in recordings.VOICES.rglob("*"))
    assert size < 9_000_000


# Recorded by people


def recorded_by_somebody(folder: Path, said: str) -> Book:
    """One file, whose bytes are not those the machine had made."""
    (folder / "help.ask.ogg").write_bytes(b"a neighbour's voice")
    entry = Recording(shown="Aide", said=digest(said), file=digest(b"the machine's"))
    return Book(made_with="", recordings={"help.ask": entry})


def test_a_file_that_somebody_put_in_its_place_is_kept_and_marked(tmp_path: Path) -> None:
    old = recorded_by_somebody(tmp_path, "Aide")
    (kept,) = build_voices.kept(tmp_path, old, {"help.ask": Text("Aide", "Aide")}).values()
    assert (kept.by, kept.file) == ("human", digest(b"a neighbour's voice"))


def test_once_its_text_has_changed_it_must_be_recorded_again(tmp_path: Path) -> None:
    old = recorded_by_somebody(tmp_path, "Au secours")
    with pytest.raises(SystemExit, match="record it again, or delete it"):
        build_voices.kept(tmp_path, old, {"help.ask": Text("Aide", "Aide")})
