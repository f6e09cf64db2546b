"""Dates and numbers in words, right in each language."""

from datetime import UTC, datetime

import pytest

from ui.text import catalogue, dates

AFTERNOON = datetime(2026, 12, 2, 14, 30, tzinfo=UTC)
MORNING = datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "afternoon", "morning"),
    [
        ("fr", "mercredi 2 décembre, 14 heures 30", "mardi 1er décembre, 9 heures"),
        ("ar", "الأربعاء 2 ديسمبر، الساعة 14:30", "الثلاثاء 1 ديسمبر، الساعة 9:00"),
        ("en", "Wednesday 2 December, 14:30", "Tuesday 1 December, 9:00"),
        ("uk", "середа, 2 грудня, 14:30", "вівторок, 1 грудня, 9:00"),
        ("tr", "2 Aralık Çarşamba, saat 14.30", "1 Aralık Salı, saat 9.00"),
        ("pt", "quarta-feira, 2 de dezembro, 14 horas e 30", "terça-feira, 1 de dezembro, 9 horas"),
        # Babel has no tables of it: French, as its texts are where nobody has translated them.
        ("gcr", "mercredi 2 décembre, 14 heures 30", "mardi 1er décembre, 9 heures"),
    ],
)
def test_a_date_is_told_as_the_language_tells_it(
    language: str, afternoon: str, morning: str
) -> None:
    words = catalogue.load(language)
    told = [dates.in_words(moment, words) for moment in (AFTERNOON, MORNING)]
    assert [text.replace("\u00a0", " ") for text in told] == [afternoon, morning]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("fr", {0: "0 place", 1: "1 place", 2: "2 places", 21: "21 places"}),
        ("en", {0: "0 places", 1: "1 place", 2: "2 places", 21: "21 places"}),
        ("uk", {1: "1 місце", 2: "2 місця", 5: "5 місць", 11: "11 місць", 21: "21 місце"}),
        ("tr", {1: "1 yer", 2: "2 yer"}),
        ("pt", {1: "1 lugar", 2: "2 lugares"}),
        ("ar", {1: "مكان واحد", 2: "مكانان", 3: "3 أماكن", 11: "11 مكاناً", 100: "100 مكان"}),
    ],
)
def test_what_goes_by_number_agrees_with_it(language: str, told: dict[int, str]) -> None:
    words = catalogue.load(language)
    assert {n: words.plural("workshops.seats", n).replace("\u00a0", " ") for n in told} == told


def test_a_sentence_without_a_number_takes_one_all_the_same() -> None:
    assert catalogue.load("fr").plural("confirm.yes", 3) == "Oui"
    assert catalogue.load("en").plural("confirm.yes", 3) == "Yes"


def test_staff_read_the_name_of_a_language_in_french() -> None:
    assert dates.in_french("uk") == "ukrainien"
    assert dates.in_french("gcr") == "gcr"
