"""What is made of a visit: the last word counts, absence is a value, rehearsals are nothing."""

import pytest

from federation.projections.visits import VisitRow, tallies, visits
from federation.projections.words import Placed
from protocol.event import Event, Key
from protocol.visits import Cancelled, CheckedIn, Described, Left, Received, Tally

from .ground import NOON
from .told import CAYENNE, MINUTE, PARIS, nowhere, words

VISIT = Key(7, 1)
IN = CheckedIn(number=4, door="lien_social", theme="lien_social", people=2)


def made(*events: Event, local: object = PARIS, start: int | None = NOON) -> VisitRow:
    (row,) = visits(words(*events, start=start), local, nowhere)  # type: ignore[arg-type]
    return row


def test_a_check_in_alone_says_what_was_touched_and_that_the_rest_was_not_told() -> None:
    row = made(IN)
    assert (row.number, row.door, row.theme, row.people) == (4, "lien_social", "lien_social", 2)
    assert {row.gender, row.age_band, row.mode, row.territory_class} == {"non_communique"}
    assert (row.received_at, row.left_at, row.cancelled, row.duration_minutes) == (None,) * 4
    assert (row.described, row.themes) == (0, "")


def test_a_later_description_replaces_what_it_repeats_and_nothing_else() -> None:
    row = made(
        IN,
        Described(visit=VISIT, source="staff", themes=("droits", "sante"), gender="feminin"),
        Described(visit=VISIT, source="visitor", gender="masculin", people=3),
    )
    assert (row.theme, row.themes, row.gender, row.people) == (
        "droits", "droits sante", "masculin", 3,
    )  # fmt: skip
    assert row.described == 1
    assert made(IN, Described(visit=VISIT, source="visitor", gender="feminin")).described == 0


def test_the_first_reception_the_leaving_and_the_last_reason_are_kept() -> None:
    row = made(
        IN, Received(visit=VISIT), Received(visit=VISIT), Left(visit=VISIT),
        Cancelled(visit=VISIT, reason="mistake"), Cancelled(visit=VISIT, reason="duplicate"),
    )  # fmt: skip
    assert (row.received_at, row.left_at) == (NOON + 2 * MINUTE, NOON + 4 * MINUTE)
    assert row.cancelled == "duplicate"


def test_a_rehearsal_is_no_visit_and_a_rehearsed_word_changes_none() -> None:
    assert (
        list(visits(words(CheckedIn(number=1, door="a", theme="a", trial=True)), PARIS, nowhere))
        == []
    )
    assert made(IN, Cancelled(visit=VISIT, reason="mistake", trial=True)).cancelled is None


def test_words_about_a_check_in_that_has_not_come_make_nothing() -> None:
    assert list(visits(words(Received(visit=VISIT)), PARIS, nowhere)) == []


def test_one_that_no_clock_dated_is_of_the_day_it_arrived() -> None:
    row = made(IN, start=None)
    assert (row.dated, row.utc, row.day) == (0, NOON + 24 * 60 * MINUTE, "2026-05-05")


@pytest.mark.parametrize(
    ("local", "day", "hour"), [(PARIS, "2026-05-05", "01"), (CAYENNE, "2026-05-04", "20")]
)
def test_the_day_and_the_hour_are_those_of_the_vehicle(local: object, day: str, hour: str) -> None:
    row = made(IN, local=local, start=NOON + 14 * 60 * MINUTE)
    assert (row.day, row.hour) == (day, hour)


def test_after_a_fork_two_visits_had_one_key_and_each_has_the_words_of_its_own_history() -> None:
    ours = words(IN, Left(visit=VISIT))
    theirs = words(CheckedIn(number=9, door="b", theme="b"), Received(visit=VISIT), epoch=8)
    found = list(visits([*ours, *theirs], PARIS, nowhere))
    assert sorted((row.number, row.left_at is None, row.received_at is None) for row in found) == [
        (4, False, True), (9, True, False),
    ]  # fmt: skip


def test_it_has_the_commune_and_class_of_its_stop() -> None:
    def there(cited: Key | None, moment: int | None) -> Placed:
        assert (cited, moment) == (None, NOON + MINUTE)
        return Placed(9, 2, "59350", "qpv", 2024)

    (row,) = visits(words(IN), PARIS, there)
    assert row[12:17] == (9, 2, "59350", "qpv", 2024)


def test_a_tally_is_a_row_a_cell_and_a_rehearsed_one_none() -> None:
    counts = {"18_24": {"feminin": 3, "masculin": 1}, "mineur": {"feminin": 5}}
    told = words(Tally(theme="sante", counts=counts), Tally(theme="x", counts=counts, trial=True))
    cells = [(row.age_band, row.gender, row.people) for row in tallies(told, PARIS, nowhere)]
    assert cells == [("18_24", "feminin", 3), ("18_24", "masculin", 1), ("mineur", "feminin", 5)]
