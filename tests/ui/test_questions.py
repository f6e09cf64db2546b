"""The questions after the number, as values: which are asked, what is kept of an answer."""

import pytest

from protocol import codes
from protocol.documents import PlannedStop, Tour, Tours
from protocol.event import Key
from protocol.visits import Described
from ui import theme
from ui.models import questions
from ui.models.questions import ALL, COMMUNES, ELSEWHERE, USUAL, Choice

VISIT = Key(7, 3)


def stop(commune: str, name: str) -> PlannedStop:
    return PlannedStop(
        id=f"s-{commune}", name="Place", lat=49, lon=6, commune=commune, commune_name=name,
        opens=0, closes=60,
    )  # fmt: skip


TOURS = Tours(
    tours=(
        Tour(day="2026-11-25", name="Mercredi", stops=(stop("57606", "Saint-Avold"),)),
        Tour(
            day="2026-11-26",
            name="Jeudi",
            stops=(stop("57230", "Folschviller"), stop("57690", ""), stop("57230", "")),
        ),
    )
)


def communes(tours: Tours, day: str) -> list[Choice]:
    (question,) = questions.asked(("commune",), tours, day)
    return list(question.choices)


def test_two_are_asked_unless_set_otherwise() -> None:
    assert [question.code for question in questions.asked(USUAL, Tours(), "")] == [
        "people",
        "first_visit",
    ]


def test_they_are_asked_in_the_order_that_is_wanted_and_unknown_ones_are_not() -> None:
    asked = questions.asked(("gender", "shoe_size", "people"), Tours(), "")
    assert [question.code for question in asked] == ["gender", "people"]


def test_the_communes_of_today_come_first_once_each_then_elsewhere() -> None:
    here, there = (
        Choice("57230", "location_on", "Folschviller"),
        Choice("57606", "location_on", "Saint-Avold"),
    )
    assert communes(TOURS, "2026-11-26") == [here, there, ELSEWHERE]
    assert communes(TOURS, "2026-11-25") == [there, here, ELSEWHERE]


def test_no_more_communes_are_offered_than_a_page_holds() -> None:
    stops = tuple(stop(str(57000 + number), f"Commune {number}") for number in range(20))
    tours = Tours(tours=(Tour(day="2026-11-26", name="Longue", stops=stops),))
    assert len(communes(tours, "2026-11-26")) == COMMUNES + 1


def test_without_a_tour_nobody_is_asked_where_they_live() -> None:
    assert questions.asked(("commune",), Tours(), "2026-11-26") == ()


@pytest.mark.parametrize("code", ALL)
def test_every_choice_fits_a_page_is_in_its_list_and_has_its_pictogram(code: str) -> None:
    (question,) = questions.asked((code,), TOURS, "")
    assert 2 <= len(question.choices) <= 8
    for choice in question.choices:
        if code not in ("people", "commune"):
            assert codes.known(code, choice.code)
        if choice.pictogram and code != "people":
            assert theme.glyph(f"{choice.pictogram}_line")


@pytest.mark.parametrize("code", ALL)
def test_each_answer_fills_its_own_field_and_says_who_told_it(code: str) -> None:
    (question,) = questions.asked((code,), TOURS, "")
    for choice in question.choices:
        kept = questions.described(VISIT, code, choice.code)
        answer = int(choice.code) if code == "people" else choice.code
        assert kept == Described(visit=VISIT, source="visitor", **{code: answer})


def test_preferring_not_to_say_is_an_answer_but_no_number() -> None:
    assert questions.described(VISIT, "gender", "") == Described(
        visit=VISIT, source="visitor", gender="non_communique"
    )
    assert questions.described(VISIT, "people", "") is None


@pytest.mark.parametrize(
    ("code", "lying", "standing"),
    [
        ("gender", [2], [1, 1]),
        ("first_visit", [3], [1, 1, 1]),
        ("people", [6], [2, 2, 2]),
        ("age_band", [4, 3], [2, 2, 2, 1]),
        ("known_via", [4, 4], [2, 2, 2, 2]),
    ],
)
def test_choices_stand_in_even_rows(code: str, lying: list[int], standing: list[int]) -> None:
    (question,) = questions.asked((code,), Tours(), "")
    assert questions.rows(question, wide=True) == lying
    assert questions.rows(question, wide=False) == standing
