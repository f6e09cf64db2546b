"""Who is written to and about what: seldom, at wanted hours, each news once, no end forgotten."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation import alert_digest, alert_words
from federation.alert_digest import Known, Rhythm
from federation.alert_words import Digest, Line
from federation.alerting import HOUR, MINUTE

NOON = 1_780_480_800_000
"""2026-06-03, 12:00 in Paris, 07:00 in Cayenne."""


def line(number: int) -> Line:
    return Line(f"Camion {number}", "GPS", "", NOON)


@pytest.mark.parametrize(
    ("rhythm", "ago", "is_due"),
    [
        (Rhythm(60), 59, False),
        (Rhythm(60), 60, True),
        (Rhythm(60, {12}), 60, True),
        (Rhythm(60, {8, 14}), 600, False),
        (Rhythm(60, {7}, "America/Cayenne"), 60, True),
    ],
)
def test_when_a_message_may_go(rhythm: Rhythm, ago: int, is_due: bool) -> None:
    assert alert_digest.due(rhythm, NOON - ago * MINUTE, NOON) == is_due


@pytest.mark.parametrize(
    ("text", "hours"),
    [("8 14", {8, 14}), ("8h, 14h", {8, 14}), ("", set()), ("24", None), ("midi", None)],
)
def test_hours_as_people_write_them(text: str, hours: set[int] | None) -> None:
    assert alert_digest.hours(text) == hours


KNOWN = st.lists(
    st.builds(
        Known, st.integers(1, 9), st.integers(1, 9).map(line), st.booleans(), st.booleans(),
        st.booleans(), st.booleans(),
    ),
    unique_by=lambda each: each.id,
)  # fmt: skip


@given(st.lists(KNOWN, max_size=6))
def test_nothing_is_news_twice_and_only_what_was_told_is_over(moments: list[list[Known]]) -> None:
    told: frozenset[int] = frozenset()
    for known in moments:
        before = told
        digest, told = alert_digest.select(known, told)
        again, same = alert_digest.select(known, told)
        assert (again.new, same) == ([], told)
        assert told <= {each.id for each in known if each.is_open}
        assert len(digest.over) <= len(before)
        assert len(digest.new) == len(told - before)
        hidden = [each for each in known if each.is_open and each.is_hidden and not each.is_folded]
        assert digest.hidden == len(hidden)


@given(st.integers(10, 600), st.lists(st.integers(1, 30), max_size=300))
def test_letters_are_few_however_much_happens(minutes: int, pauses: list[int]) -> None:
    now, sent, letters = NOON, 0, 0
    for pause in pauses:
        now += pause * MINUTE
        if alert_digest.due(Rhythm(minutes), sent, now):
            sent, letters = now, letters + 1
    assert letters <= (now - NOON) // (minutes * MINUTE) + 1


def test_a_letter_is_french_and_whole() -> None:
    digest = Digest([line(1)], [line(2)._replace(closed=NOON + HOUR)], [line(3)], 1)
    text = alert_words.text(digest, "Europe/Paris", "https://x.test/alertes/")
    assert alert_words.subject(digest) == "Escale : 1 nouvelle alerte, 1 terminée"
    assert "Nouveau :\n- Camion 1 — GPS (depuis le 03/06 à 12 h 00)" in text
    assert (
        "Terminé :\n- Camion 2 — GPS (depuis le 03/06 à 12 h 00, terminé le 03/06 à 13 h 00)"
        in text
    )
    assert "Toujours là :\n- Camion 3" in text
    assert "1 autre alerte, déjà prise en charge ou en sourdine." in text


def test_a_trouble_that_goes_already_is_no_news() -> None:
    going = Known(1, line(1), is_open=True, is_ending=True)
    digest, told = alert_digest.select([going], frozenset())
    assert (digest.is_news, told) == (False, frozenset())
    assert alert_digest.select([going], frozenset({1}))[0].remains == [line(1)]
