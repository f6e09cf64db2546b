"""Seats, dates in words, groups and spelling, as pure functions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance import retention
from protocol import codes
from protocol.documents import Programme, Workshop
from tests.ui.kit import WORDS
from ui import doors
from ui.models import sign_up, typed, workshops
from ui.models.panel import Panel
from ui.models.workshops import Offer

NOON = 1_764_000_000_000  # Monday 24 November 2025, 16:00 UTC
OFFER = Offer("cv", "CV", NOON, "logement", left=2)


def planned(name: str, starts: int, seats: int = 3) -> Workshop:
    return Workshop(id=name, title=name, starts=starts, minutes=60, theme="sante", seats=seats)


def test_what_has_begun_is_not_on_offer_and_the_next_one_is_first() -> None:
    programme = Programme(
        workshops=(planned("later", NOON + 2), planned("over", NOON), planned("next", NOON + 1))
    )
    assert [offer.id for offer in workshops.offers(programme, {}, NOON)] == ["next", "later"]


def test_what_is_so_far_away_that_its_sign_ups_would_be_purged_before_is_not_on_offer() -> None:
    days = retention.DAYS["workshop"]
    programme = Programme(
        workshops=tuple(planned(str(ahead), NOON + ahead * retention.DAY) for ahead in (50, days))
    )
    assert [offer.id for offer in workshops.offers(programme, {}, NOON)] == ["50"]


def test_while_the_time_is_not_known_everything_is_on_offer() -> None:
    programme = Programme(workshops=(planned("over", 0), planned("next", NOON)))
    assert len(workshops.offers(programme, {}, None)) == 2


def test_seats_are_those_allotted_less_those_taken_and_never_fewer_than_none() -> None:
    programme = Programme(workshops=(planned("a", 2), planned("b", 3)))
    left = [offer.left for offer in workshops.offers(programme, {"a": 1, "b": 7}, 1)]
    assert left == [2, 0]


def told(starts: int, zone: str) -> str:
    """The date, whatever its spaces are made of."""
    return workshops.when(starts, zone, WORDS).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Europe/Paris", "lundi 24 novembre, 17 heures"),
        ("America/Cayenne", "lundi 24 novembre, 13 heures"),
        ("Asia/Kolkata", "lundi 24 novembre, 21 heures 30"),
        ("Pacific/Noumea", "mardi 25 novembre, 3 heures"),
    ],
)
def test_a_date_is_told_in_words_of_the_vehicle_s_zone(zone: str, words: str) -> None:
    assert told(NOON, zone) == words


def test_the_first_of_a_month_is_the_first() -> None:
    assert told(NOON + 7 * 86_400_000, "UTC").startswith("lundi 1er décembre")


@given(st.integers(1, 6), st.integers(0, 9), st.booleans(), st.sampled_from(["all", "some"]))
def test_no_answer_ever_takes_more_seats_than_there_are(
    people: int, left: int, seals: bool, answer: str
) -> None:
    offer = OFFER._replace(left=left, asks_name=False)
    at = Panel(screen="people", workshop="cv")
    panel, due = sign_up.touched(at, "people", str(people), offer, seals=seals)
    if panel.screen == "group":
        assert 0 < left < people
        panel, due = sign_up.touched(panel, f"{answer}_wait", "", offer, seals=seals)
    assert due
    assert panel.people == people
    assert panel.people - panel.waiting <= left


def test_a_capital_comes_by_itself_and_accents_replace() -> None:
    name = ""
    for key in ["-", *"ZOEË", "-", "-", "E", "É", typed.BACK, "L", "Ç", "!"]:
        name = typed.spelt(name, key)
    assert name == "Zoë-L"
    assert typed.accents("Zoé") == typed.accents("Zoe") == "ÉÈÊË"
    assert typed.accents("") == typed.accents("Zz") == ""


def test_a_name_has_an_end() -> None:
    name = ""
    for _ in range(40):
        name = typed.spelt(name, "A")
    assert len(name) == typed.LONGEST_NAME


def test_a_number_is_read_by_twos_and_a_plus_comes_first() -> None:
    phone = ""
    for key in "+06+1234":
        phone = typed.dialled(phone, key)
    assert phone == "+061234"
    assert typed.in_pairs("0612345678") == "06 12 34 56 78"


def test_every_theme_has_a_look() -> None:
    for theme in codes.CODES["theme"]:
        assert doors.of_theme(theme).pictogram
    assert doors.of_theme("sante").code == "sante"
    assert doors.of_theme("bureautique").code == "numerique"
