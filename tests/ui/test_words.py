"""The words people see: all there in every language, known, short, and none that hurts."""

import re
import string
import struct
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from protocol import codes
from tools import catalogues
from ui import doors, theme
from ui.gallery.languages import SIX
from ui.text import catalogue, shape

UI = Path(catalogue.__file__).parent.parent
WORDS = catalogue.load("fr")
VISITOR = catalogue.french("visitor")
FORBIDDEN = (
    "asseyez",
    "chauffeur",
    "hors service",
    "je suis arrivé",
    "bénéficiaire",
    "usager",
    "lapin",
    "vous êtes là",
)
"""Design of the words: who waits may stand, who comes is a person."""
MIDPOINT = re.compile(r"\w·\w")
SHORT = re.compile(r"\b(?:[^\W\d_]{1,5}\.(?=\s[a-zà-ÿ])|etc|tél|rdv|n°|h/j|cf)\b|\d\s?h\b", re.I)
"""Words cut short, and hours written as a machine does."""
SOURCES = "\n".join(
    path.read_text(encoding="utf-8") for path in [*UI.rglob("*.kv"), *UI.rglob("*.py")]
)
KEYS = set(re.findall(r"words(?:\[|\.plural\()['\"]([a-z_.]+[a-z_])['\"]", SOURCES))
RULES = [
    re.compile(re.sub(r"\\{[^}]*\\}", "[a-z0-9_]+", re.escape(rule)))
    for rule in (
        *re.findall(r'"([a-z_]+\.[a-z_]*\{[^" ]*|\{[^" ]*\}\.[^" ]*[a-z_]{3,})"', SOURCES),
        *(f"{start}{{}}" for start in re.findall(r"['\"]([a-z_]+\.[a-z_]*)['\"] \+", SOURCES)),
        *(f"{{}}{end}" for end in re.findall(r"\+ ['\"](\.[a-z_]{3,})['\"]", SOURCES)),
    )
]
"""Keys put together: `"driver.{place}"`, `'door.' + code`, `page + '.title'`."""
TRANSLATED = tuple(language for language in SIX if language != "fr")


def texts(keys: Iterable[str]) -> dict[str, str]:
    """Key → its French; of what goes by number, the form for many."""
    return {key: WORDS[key] for key in keys}


def sentences() -> list[str]:
    """What visitors read, sentence by sentence."""
    return [part for text in texts(VISITOR).values() for part in re.split(r"(?<=[.?!:]) ", text)]


def entries(language: str) -> list[Message]:
    """What translators wrote."""
    return [each for each in catalogues.updated(path_of(language)) if each.id]


def path_of(language: str) -> Path:
    return catalogue.LOCALES / language / "visitor.po"


def forms(entry: Message) -> tuple[str, ...]:
    return (entry.string,) if isinstance(entry.string, str) else tuple(entry.string)


def test_every_word_a_page_asks_for_is_there() -> None:
    assert KEYS - set(WORDS) == set()


def test_a_page_is_called_as_the_buttons_that_lead_to_it_and_none_seems_to_save() -> None:
    assert WORDS["unit.report"] == WORDS["report.title"]
    assert WORDS["settings.enrol"] == WORDS["first_start.enrol"]
    assert WORDS["settings.enrol"].startswith(WORDS["enrol.title"])
    assert [key for key in WORDS if "nregistr" in str(WORDS[key])] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_language_has_every_word_of_visitors(language: str) -> None:
    missing = [each.context for each in entries(language) if not all(forms(each)) or each.fuzzy]
    assert missing == []


@pytest.mark.parametrize("language", catalogue.languages()[1:])
def test_no_translation_loses_or_makes_up_a_place_to_fill(language: str) -> None:
    for entry in entries(language):
        source = VISITOR[entry.context]
        asked = places(source if isinstance(source, str) else source["other"])
        for form in filter(None, forms(entry)):
            # A form for exactly one or two says the number in a word.
            may_lack = {"count"} if entry.pluralizable else set()
            assert places(form) <= asked <= places(form) | may_lack, (language, entry.context)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_group_s_two_numbers_are_counts_that_nothing_agrees_with(language: str) -> None:
    # "2 чекає" would need a form for each of the two: each stands behind a colon instead.
    told = catalogue.load(language)["group.some_wait"].replace("\u00a0", " ")
    assert re.findall(r": \{(\w+)\}(?=\.|$)", told) == ["seats", "waiting"]


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_arabic_is_said_as_it_is_read_but_for_the_vowels() -> None:
    said, words = catalogues.spoken("ar"), catalogue.load("ar")
    assert [key for key in said if consonants(said[key]) != consonants(words[key])] == []
    assert said["help.ask"] != words["help.ask"]


def consonants(text: str) -> str:
    """Without vowels and signs."""
    return re.sub(r"[\u064b-\u0652]|[^\w{} ]", "", text)


@pytest.mark.parametrize("language", catalogue.languages())
def test_every_letter_of_a_language_is_in_its_font(language: str) -> None:
    words = catalogue.load(language)
    for key in VISITOR:
        script = shape.script(words[key])
        drawn = shape.joined(words[key]) if script == "arabic" else words[key]
        for weight in (400, 600, 700):
            assert set(drawn) - letters(theme.font(weight, script)) - {"\n"} == set(), key


@cache
def letters(path: str) -> set[str]:
    """All that a font can draw: its table `cmap`, of format 4."""
    font = Path(path).read_bytes()
    tables = (struct.unpack_from(">4sIII", font, 12 + 16 * n) for n in range(font[5]))
    cmap = next(offset for tag, _, offset, _ in tables if tag == b"cmap")
    count = struct.unpack_from(">H", font, cmap + 2)[0]
    starts = (struct.unpack_from(">HHI", font, cmap + 4 + 8 * n)[2] for n in range(count))
    start = next(s for s in starts if struct.unpack_from(">H", font, cmap + s)[0] == 4)
    twice = struct.unpack_from(">H", font, cmap + start + 6)[0]
    ends, firsts = (
        struct.unpack_from(f">{twice // 2}H", font, cmap + start + 14 + skip)
        for skip in (0, twice + 2)
    )
    return {chr(code) for a, b in zip(firsts, ends, strict=True) for code in range(a, b + 1)}


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
    assert [key for key in WORDS if not is_told(key)] == []
    for name in re.findall(r"pictogram: '([a-z_]+)'|name: '([a-z_]+)'", SOURCES):
        assert theme.glyph("".join(name))


def is_told(key: str) -> bool:
    """Whether the sources name it whole, by its end, by a rule, or it is a code of a list."""
    section, _, name = key.partition(".")
    return (
        key in SOURCES
        or f'"{name}"' in SOURCES
        or any(rule.fullmatch(key) for rule in RULES)
        or codes.known(section, name)
    )


def test_a_tile_has_two_words_and_a_visitor_s_sentence_eight() -> None:
    for door in doors.DOORS:
        if door.is_theme:
            assert len(WORDS[f"door.{door.code}"].split()) <= 2
    assert [text for text in sentences() if len(text.split()) > 8] == []


def test_no_word_hurts() -> None:
    for key, text in texts(WORDS).items():
        assert not any(word in text.lower() for word in FORBIDDEN), (key, text)
        assert not MIDPOINT.search(text), (key, text)


def test_nobody_shouts_at_visitors() -> None:
    words = re.findall(r"\w+", " ".join(sentences()))
    assert [word for word in words if word.isupper() and len(word) > 3] == []


def test_visitors_read_no_abbreviation() -> None:
    assert [text for text in sentences() if SHORT.search(text)] == []
    assert SHORT.search("Le mar. 24 à 14 h")


def test_a_line_never_begins_with_a_question_mark() -> None:
    assert WORDS["reasons.title"] == "Pourquoi venez-vous\u00a0?"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(KeyError, match="no catalogue for 'xx'"):
        catalogue.load("xx")
