"""The last stops of the service, and one of them corrected: nothing is noted before *Corriger*."""

import pytest

from protocol.event import Key
from protocol.stops import Corrected
from tests.ui.kit import WORDS, Bench
from tests.ui.on_tour import knows_time, told
from tests.ui.test_driver import STOPS, driving, said
from tests.ui.test_refused import takes

KEEP, EARLIER, LATER = (WORDS[f"correction.{key}"] for key in ("keep", "earlier", "later"))


def correcting(bench: Bench) -> None:
    """The last of two stops, both over."""
    knows_time(bench.desk)
    stops = [
        told(bench.desk, 5, 20, 10, name="Ecole"),
        told(bench.desk, 3, 60, 35, name="Halles"),
    ]
    driving(bench, stops=stops)
    bench.taps(STOPS)
    bench.taps("Ecole")
    assert (bench.at, bench.screen.title) == ("correction", "Ecole")


def test_a_stop_that_was_none_is_said_so_in_two_touches(bench: Bench) -> None:
    correcting(bench)
    bench.taps(WORDS["correction.cancelled"])
    assert said(bench) == []
    bench.taps(KEEP)
    assert said(bench) == [Corrected(stop=Key(7, 5), cancelled=True)]
    assert (bench.at, bench.screen.line) == ("driver", WORDS["driver.noted"])


@pytest.mark.parametrize(
    ("kind", "word"),
    [("merged", {"merged_into": Key(7, 3)}), ("still_there", {"still_there": True})],
)
def test_a_stop_may_be_the_one_before_or_go_on(bench: Bench, kind: str, word: dict) -> None:
    correcting(bench)
    bench.taps(WORDS[f"correction.{kind}"])
    bench.taps(KEEP)
    assert said(bench) == [Corrected(stop=Key(7, 5), **word)]


def test_times_move_by_five_minutes_and_are_shown_as_they_will_be(bench: Bench) -> None:
    correcting(bench)
    assert (bench.screen.arrived, bench.screen.departed) == ("11 h 40", "11 h 50")
    bench.taps(EARLIER)
    bench.taps(EARLIER)
    assert bench.screen.arrived == "11 h 30"
    bench.taps(KEEP)
    (word,) = said(bench)
    assert word == Corrected(stop=Key(7, 5), arrived_ago=30 * 60_000)


def test_a_stop_the_gps_doubts_is_pointed_out(bench: Bench) -> None:
    knows_time(bench.desk)
    doubted = told(bench.desk, 5, 4, name="Ecole", uncertain=True)
    driving(bench, stop=[7, 5], stops=[doubted], provisional={"name": "Ecole"})
    assert bench.screen.what == WORDS["driver.doubtful"]
    bench.taps(STOPS)
    (note,) = [row.note for row in bench.screen.ids.rows.children if hasattr(row, "note")]
    assert note.endswith(WORDS["last_stops.doubtful"])


def test_leaving_the_page_notes_nothing_and_forgets_the_draft(bench: Bench) -> None:
    correcting(bench)
    bench.taps(WORDS["correction.cancelled"])
    bench.taps(WORDS["correction.cancel"])
    assert (bench.at, said(bench), bench.desk.driver.draft) == ("last_stops", [], None)
    bench.taps("Ecole")
    bench.taps(KEEP)
    assert said(bench) == []


def test_a_full_card_leaves_the_draft_to_be_tried_again(bench: Bench) -> None:
    correcting(bench)
    bench.taps(WORDS["correction.cancelled"])
    takes(bench, nothing=True)
    bench.taps(KEEP)
    assert (bench.at, bench.screen.state.refused) == ("correction", True)
    takes(bench, nothing=False)
    bench.taps(KEEP)
    assert said(bench) == [Corrected(stop=Key(7, 5), cancelled=True)]


def test_the_list_has_pages_and_says_why_it_is_empty(bench: Bench) -> None:
    driving(bench, stops=[told(bench.desk, 20 - i, 90 - i, name=f"Lieu {i}") for i in range(5)])
    bench.taps(STOPS)
    bench.taps(WORDS["where.more"])
    bench.taps("Lieu 4")
    assert bench.at == "correction"
    driving(bench, stops=[])
    bench.taps(STOPS)
    assert bench.screen.why_empty == WORDS["last_stops.none"]
    bench.the_vehicle_says(duty="off")
    bench.passes(1)
    assert bench.screen.why_empty == WORDS["last_stops.off"]
