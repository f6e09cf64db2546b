"""How a sign-up stands: made, changed, moved up, given back; rehearsals apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.event import Event, Key
from protocol.standing import after, begun, fold
from protocol.workshops import Attended, Called, Cancelled, Changed, SignedUp

KEY = Key(7, 1)


def signed_up(seats: int = 3, waiting: int = 1, *, trial: bool = False) -> SignedUp:
    return SignedUp(workshop="cv", number=12, seats=seats, waiting=waiting, trial=trial)


def changed(seats: int, waiting: int, *, trial: bool = False) -> Changed:
    return Changed(sign_up=KEY, seats=seats, waiting=waiting, cause="asked", trial=trial)


def stands(*words: Event, event: SignedUp | None = None) -> tuple[int, int]:
    standing = fold([(KEY, event or signed_up()), *((Key(7, 9), word) for word in words)])[KEY]
    return standing.seats, standing.waiting


@pytest.mark.parametrize(
    ("words", "seats_and_waiting"),
    [
        ([], (3, 1)),
        ([changed(2, 0)], (2, 0)),
        ([changed(2, 0), changed(5, 2)], (5, 2)),
        ([Cancelled(sign_up=KEY)], (0, 0)),
        ([Cancelled(sign_up=KEY, seats=1)], (2, 0)),
        ([Cancelled(sign_up=KEY, seats=2)], (1, 0)),
        ([Cancelled(sign_up=KEY, seats=9)], (0, 0)),
        ([changed(4, 4), Cancelled(sign_up=KEY, seats=1)], (3, 3)),
        ([Cancelled(sign_up=KEY), changed(2, 1)], (2, 1)),
        ([changed(2, 5)], (2, 2)),
        ([Called(sign_up=KEY), Attended(workshop="cv", status="seen", sign_up=KEY)], (3, 1)),
        ([Cancelled(sign_up=Key(8, 1)), Cancelled(sign_up=Key(7, 2))], (3, 1)),
    ],
)
def test_a_sign_up_stands_as_the_last_word_about_it_says(
    words: list[Event], seats_and_waiting: tuple[int, int]
) -> None:
    assert stands(*words) == seats_and_waiting


def test_a_rehearsal_takes_no_seat_back_from_anybody() -> None:
    assert stands(Cancelled(sign_up=KEY, trial=True), changed(1, 0, trial=True)) == (3, 1)
    assert stands(changed(1, 0, trial=True), event=signed_up(trial=True)) == (1, 0)


def test_whoever_adds_people_that_wait_goes_to_the_end_of_the_list() -> None:
    first, second = Key(7, 1), Key(7, 2)
    told = [(first, signed_up(2, 2)), (second, signed_up(1, 1))]
    more = Changed(sign_up=first, seats=3, waiting=3, cause="asked")
    fewer = Changed(sign_up=first, seats=1, waiting=1, cause="asked")
    for word, comes_first in ((fewer, first), (more, second)):
        standings = fold([*told, (Key(7, 3), word)])
        assert min(standings, key=lambda key: standings[key].since) == comes_first


@given(
    st.integers(0, 9),
    st.integers(0, 9),
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)) | st.none() | st.integers(0, 9)),
)
def test_never_do_more_people_wait_than_come(
    seats: int, waiting: int, words: list[tuple[int, int] | int | None]
) -> None:
    standing = begun(signed_up(seats, waiting))
    for word in words:
        event = changed(*word) if isinstance(word, tuple) else Cancelled(sign_up=KEY, seats=word)
        standing = after(standing, event)
        assert 0 <= standing.waiting <= standing.seats
        assert standing.held == standing.seats - standing.waiting
