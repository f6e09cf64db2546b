"""The code and the date that somebody takes home: no word, no name, read by any telephone."""

from collections import Counter

from protocol.event import Key
from ui.models.ticket import LENGTH, LETTERS, calendar, code

SECRET = bytes(32)


def test_a_code_is_three_different_letters_that_make_no_word() -> None:
    codes = [code(SECRET, Key(7, seq)) for seq in range(1, 400)]
    assert all(len(set(each)) == LENGTH and set(each) <= set(LETTERS) for each in codes)
    assert not set(LETTERS) & set("AEIOUYDFNST0123456789")


def test_each_sign_up_and_each_board_has_its_own_code() -> None:
    codes = Counter(code(SECRET, Key(7, seq)) for seq in range(1, 2000))
    assert max(codes.values()) <= 8
    assert code(SECRET, Key(7, 1)) == code(SECRET, Key(7, 1))
    assert code(SECRET, Key(7, 1)) != code(SECRET, Key(8, 1))
    assert code(SECRET, Key(7, 1)) != code(b"\x01" * 32, Key(7, 1))


def test_the_date_holds_what_a_telephone_needs_and_escapes_what_it_would_misread() -> None:
    text = calendar(
        "CV, lettre; suite", "Salle\\1", 1_795_680_000_000, 90, "Numéro 12, code BCG", "12BCG"
    )
    lines = text.split("\n")
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert "DTSTART:20261126T080000Z" in lines
    assert "DTEND:20261126T093000Z" in lines
    assert "UID:12BCG" in lines
    assert "SUMMARY:CV\\, lettre\\; suite" in lines
    assert "LOCATION:Salle\\\\1" in lines
    assert "DESCRIPTION:Numéro 12\\, code BCG" in lines
    assert not any(
        line.startswith("LOCATION") for line in calendar("CV", "", 0, 1, "1", "1").split("\n")
    )
