"""What is said for a text, and in which order a page is read."""

from ui.models import listening, speech
from ui.models.listening import SILENT, Line

RECORDED = {
    "pourquoi venez-vous": "reasons.title",
    "places": "workshops.seats.0",
    "il reste": "group.title.0",
    "mardi": "weekday.1",
    "1er": "when.first",
    "décembre": "month.12",
    "heures": "when.hour.0",
}
PAGE = (Line(("Vous venez pour :",)), Line(("Santé",)), Line(("Oui",), 0), Line(("Changer",), 1))


def says(text: str) -> tuple[str, ...]:
    return speech.sayings(text, RECORDED)


def test_a_text_is_said_by_its_own_recording_whatever_stands_around_its_words() -> None:
    assert says("Pourquoi venez-vous\u00a0?") == ("reasons.title",)


def test_a_text_with_numbers_is_put_together() -> None:
    assert says("3 places") == ("number.3", "workshops.seats.0")
    assert says("Il reste 12 places.") == ("group.title.0", "number.12", "workshops.seats.0")


def test_a_date_is_said_word_by_word() -> None:
    said = ("weekday.1", "when.first", "month.12", "number.14", "when.hour.0", "number.30")
    assert says("mardi 1er décembre, 14 heures 30") == said


def test_an_hour_is_said_as_it_is_written_in_most_languages() -> None:
    assert says("mardi, 14:30") == ("weekday.1", "number.14", "number.30")
    assert says("10.00") == ("number.10",)


def test_a_text_of_which_a_part_is_not_recorded_is_not_said_by_halves() -> None:
    assert says("mardi 3 places à Folschviller") == ()


def test_a_number_above_99_is_read_digit_by_digit_and_so_is_one_that_begins_with_a_zero() -> None:
    assert speech.number("99") == ("number.99",)
    assert speech.number("128") == ("number.1", "number.2", "number.8")
    assert speech.number("07") == ("number.0", "number.7")


def test_what_is_said_around_the_places_left_free() -> None:
    assert speech.fragments("{seats} avec place, {waiting} en attente") == (
        "avec place",
        "en attente",
    )


def test_the_question_comes_first_then_each_choice_shines_while_it_is_said() -> None:
    now = listening.touched(SILENT, PAGE, doors=["Santé"])
    heard = []
    while now.line:
        heard.append((now.line.texts[0], now.lit))
        now = listening.said(now)
    assert heard == [("Vous venez pour :", None), ("Oui", 0), ("Changer", 1)]
    assert now == SILENT


def test_a_second_touch_stops() -> None:
    reading = listening.said(listening.touched(SILENT, PAGE, doors=[]))
    assert listening.touched(reading, PAGE, doors=[]) == SILENT


def test_the_chosen_door_is_never_said_but_doors_to_choose_from_are() -> None:
    offered = (Line(("Santé",), 0), Line(("Famille",), 1))
    assert listening.touched(SILENT, offered, doors=["Santé", "Famille"]).lines == offered
    assert listening.touched(SILENT, PAGE[:2], doors=["Santé"]).lines == PAGE[:1]


def test_a_page_with_nothing_to_say_is_silence() -> None:
    assert listening.touched(SILENT, (), doors=[]) == SILENT
