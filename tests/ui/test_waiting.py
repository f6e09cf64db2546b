"""Free seats go to whoever waits, in order and never by halves; staff know whom to call."""

from hypothesis import given
from hypothesis import strategies as st

from protocol.event import Event, Key
from protocol.standing import Standing, fold
from protocol.workshops import Called, Cancelled, Changed, SignedUp
from ui.models.waiting import moved_up, taken, to_call


def waits(people: int, waiting: int | None = None, *, trial: bool = False) -> SignedUp:
    waiting = people if waiting is None else waiting
    return SignedUp(workshop="cv", number=1, seats=people, waiting=waiting, trial=trial)


def queue(*events: Event) -> dict[Key, Standing]:
    return fold((Key(7, seq), event) for seq, event in enumerate(events, start=1))


def moves(seats: int, *events: Event) -> list[int]:
    """Seqs of the sign-ups that move up."""
    return [change.sign_up.seq for change in moved_up(queue(*events), {"cv": seats})]


def test_who_waits_or_gave_back_or_only_tried_takes_no_seat() -> None:
    standings = queue(
        waits(3, 1),
        waits(2, 0),
        Cancelled(sign_up=Key(7, 2)),
        waits(4, 0),
        Cancelled(sign_up=Key(7, 4), seats=1),
        waits(5, 0, trial=True),
    )
    assert taken(standings.values()) == {"cv": 2 + 0 + 3}


def test_whoever_waits_longest_gets_the_seat_that_came_free() -> None:
    assert moves(3, waits(2, 0), waits(1), waits(1)) == [2]
    assert moves(4, waits(2, 0), waits(1), waits(1)) == [2, 3]


def test_a_group_is_not_split_and_keeps_no_seat_empty() -> None:
    assert moves(3, waits(2, 0), waits(2), waits(1)) == [3]
    assert moves(4, waits(2, 0), waits(2), waits(1)) == [2]


def test_those_of_a_split_group_who_wait_move_up_together() -> None:
    (change,) = moved_up(queue(waits(4, 2)), {"cv": 4})
    assert (change.seats, change.waiting, change.cause) == (4, 0, "moved_up")
    assert moves(3, waits(4, 2)) == []


def test_nobody_moves_up_in_a_workshop_that_is_over_or_withdrawn() -> None:
    assert moved_up(queue(waits(1)), {}) == []


def test_fewer_seats_than_are_taken_let_nobody_in() -> None:
    assert moves(1, waits(2, 0), waits(1)) == []


def test_a_rehearsal_neither_waits_nor_takes_a_seat() -> None:
    assert moves(1, waits(1, 0, trial=True), waits(1, trial=True), waits(1)) == [3]


SIGN_UPS = st.lists(
    st.tuples(st.integers(1, 6), st.integers(0, 6)).map(lambda told: waits(told[0], min(told)))
)


@given(SIGN_UPS, st.integers(0, 20))
def test_no_seat_is_given_twice_and_none_stays_empty_for_who_fits(
    events: list[SignedUp], seats: int
) -> None:
    standings = queue(*events)
    changes = moved_up(standings, {"cv": seats})
    end = Key(8, 1)
    settled = fold(
        [
            *((key, each.event) for key, each in standings.items()),
            *((end, each) for each in changes),
        ]
    )
    held = taken(settled.values()).get("cv", 0)
    if changes:
        assert held <= seats
    assert all(each.waiting > seats - held for each in settled.values() if each.waiting)
    assert moved_up(settled, {"cv": seats}) == []


FIRST, SECOND = Key(7, 1), Key(7, 2)


def up(key: Key) -> Changed:
    return Changed(sign_up=key, seats=1, cause="moved_up")


def called(*events: Event) -> tuple[Key, ...]:
    return to_call((Key(9, 1), event) for event in events)


def test_whoever_moved_up_is_called_until_they_know() -> None:
    assert called(up(FIRST), up(SECOND)) == (FIRST, SECOND)
    assert called(up(FIRST), up(SECOND), Called(sign_up=FIRST)) == (SECOND,)
    assert called(up(FIRST), Cancelled(sign_up=FIRST)) == ()
    assert called(up(FIRST), Changed(sign_up=FIRST, seats=2, cause="asked")) == ()


def test_whoever_was_not_reached_is_called_again_after_the_others() -> None:
    tried = Called(sign_up=FIRST, reached=False)
    assert called(up(FIRST), up(SECOND), tried) == (SECOND, FIRST)
    assert called(tried) == ()


def test_a_rehearsed_call_reaches_nobody() -> None:
    assert called(up(FIRST), Called(sign_up=FIRST, trial=True)) == (FIRST,)
