"""How sign-ups and lines of attendance stand after all that was told."""

from federation.projections.workshops import attendance, sign_ups
from protocol.event import Event, Key
from protocol.workshops import Attended, Called, Cancelled, Changed, SignedUp

from .ground import NOON
from .told import MINUTE, PARIS, words

SIGN_UP = Key(7, 1)
MADE = SignedUp(workshop="cv", number=12, seats=3, waiting=1)


def stands(*events: Event) -> tuple[int, int, int]:
    (row,) = sign_ups(words(MADE, *events), PARIS)
    return row.seats, row.waiting, row.since_event


def line(*events: Event) -> tuple[object, ...]:
    (row,) = attendance(words(*events), PARIS, lambda key: key)
    return row.seq, row.status, row.people, row.sign_up_unit, row.sign_up_epoch, row.sign_up_seq


def test_seats_and_waiting_are_those_of_the_last_word() -> None:
    assert stands() == (3, 1, 1)
    assert stands(Cancelled(sign_up=SIGN_UP, seats=1)) == (2, 0, 1)
    assert stands(Cancelled(sign_up=SIGN_UP)) == (0, 0, 1)
    assert stands(Changed(sign_up=SIGN_UP, seats=5, waiting=3, cause="asked")) == (5, 3, 2)
    assert stands(Changed(sign_up=SIGN_UP, seats=3, waiting=0, cause="moved_up")) == (3, 0, 1)


def test_the_last_call_and_whether_somebody_answered_are_kept() -> None:
    (row,) = sign_ups(
        words(MADE, Called(sign_up=SIGN_UP, reached=False), Called(sign_up=SIGN_UP)), PARIS
    )
    assert (row.called_at, row.reached) == (NOON + 3 * MINUTE, 1)


def test_a_rehearsed_sign_up_is_none() -> None:
    assert list(sign_ups(words(SignedUp(workshop="cv", number=1, trial=True)), PARIS)) == []


def test_of_the_lines_about_a_sign_up_the_last_stands_under_the_key_of_the_first() -> None:
    seen = Attended(workshop="cv", status="seen", sign_up=SIGN_UP, people=2)
    absent = Attended(workshop="cv", status="noshow", sign_up=SIGN_UP)
    assert line(seen, absent) == (1, "noshow", 1, "van-germaine", 7, 1)


def test_a_walk_in_has_no_sign_up_and_is_taken_back_by_its_own_line() -> None:
    walk_in = Attended(workshop="cv", status="seen")
    back = Attended(workshop="cv", status="non_communique", corrects=Key(7, 1))
    assert line(walk_in, back) == (1, "non_communique", 1, None, None, None)


def test_who_signed_up_on_another_van_is_told_with_that_van() -> None:
    assert line(Attended(workshop="cv", status="seen", sign_up=Key(3, 4), unit="van-simone")) == (
        1, "seen", 1, "van-simone", 3, 4,
    )  # fmt: skip
