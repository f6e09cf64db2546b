"""The words people see: all there, known, short, and none that hurts."""

import re
from pathlib import Path

import pytest

from protocol import codes
from ui import doors, theme
from ui.text import catalogue

UI = Path(catalogue.__file__).parent.parent
WORDS = catalogue.load("fr")
FORBIDDEN = (
    "asseyez",
    "chauffeur",
    "hors service",
    "je suis arrivé",
    "bénéficiaire",
    "usager",
    "lapin",
    "vous êtes là",
    "·",
)
"""Design of the words: who waits may stand, who comes is a person."""
SOURCES = "\n".join(
    path.read_text(encoding="utf-8") for path in [*UI.rglob("*.kv"), *UI.rglob("*.py")]
)
KEYS = set(re.findall(r"words\[['\"]([a-z_.]+[a-z_])['\"]", SOURCES))


@pytest.mark.parametrize("language", catalogue.languages())
def test_every_language_has_every_key(language: str) -> None:
    words = catalogue.load(language)
    assert KEYS - set(words) == set()
    assert set(words) == set(WORDS)


def test_every_door_has_its_words_its_pictogram_in_two_tones_and_a_theme() -> None:
    for door in doors.DOORS:
        assert f"door.{door.code}" in WORDS
        assert theme.glyph(door.pictogram)
        assert theme.glyph(f"{door.pictogram}_line")
        assert codes.theme_of_door(door.code)
    assert [door.code for door in doors.DOORS if door.is_theme] == [
        *("sante", "famille", "retraite", "droit", "logement", "impots", "emploi", "numerique"),
    ]


def test_every_key_is_used_and_every_pictogram_exists() -> None:
    spelt_out = {f"door.{door.code}" for door in doors.DOORS}
    told = {key for key in WORDS if f'"{key.partition(".")[2]}"' in SOURCES or key in SOURCES}
    assert set(WORDS) - spelt_out - told == set()
    for name in re.findall(r"pictogram: '([a-z_]+)'|name: '([a-z_]+)'", SOURCES):
        assert theme.glyph("".join(name))


def test_a_tile_has_two_words_and_a_sentence_eight() -> None:
    for door in doors.DOORS:
        if door.is_theme:
            assert len(WORDS[f"door.{door.code}"].split()) <= 2
    sentences = [part for text in WORDS.values() for part in re.split(r"(?<=[.?!:]) ", text)]
    assert [text for text in sentences if len(text.split()) > 8] == []


def test_no_word_hurts_or_shouts() -> None:
    for key, text in WORDS.items():
        assert not any(word in text.lower() for word in FORBIDDEN), (key, text)
        assert not any(word.isupper() and len(word) > 3 for word in text.split()), (key, text)


def test_a_line_never_begins_with_a_question_mark() -> None:
    assert WORDS["reasons.title"] == "Pourquoi venez-vous\u00a0?"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(KeyError, match="no catalogue for 'xx'"):
        catalogue.load("xx")
