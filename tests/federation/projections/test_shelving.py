"""Where a unit's words about stops may be cut: what lies on the shelf changes nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federation.ledger import Ledger
from federation.projections import shelving
from federation.projections.shelving import shelf
from protocol.event import Event, Key
from protocol.stops import Arrived, Corrected, Departed

from .ground import HOUR, MARKET, NOON, follow, project, read, store, tell, van_at
from .story import Story
from .test_any_order import same_whatever_the_order
from .told import words

ARRIVED = Arrived(source="gps", lat=MARKET.lat, lon=MARKET.lon)
BARE = Departed(source="driver")


def left(seq: int) -> Event:
    return Departed(source="gps", stop=Key(7, seq))


@pytest.mark.parametrize(
    ("told", "count"),
    [
        ((ARRIVED, left(1), ARRIVED, left(3), ARRIVED), 4),
        ((ARRIVED, ARRIVED, left(2), left(1), ARRIVED), 4),
        ((ARRIVED, left(1), ARRIVED, ARRIVED, left(4), ARRIVED), 2),  # it stands open
        ((ARRIVED, ARRIVED, left(2), ARRIVED, BARE), 0),  # one may be meant by whoever leaves
        ((ARRIVED, left(1), Corrected(stop=Key(7, 90)), ARRIVED, left(4)), 2),  # has not arrived
        ((ARRIVED, left(1), ARRIVED, left(3), Corrected(stop=Key(7, 1))), 0),
    ],
)
def test_nothing_before_the_cut_is_open_or_spoken_of_after(
    told: tuple[Event, ...], count: int
) -> None:
    assert shelf(words(*told), kept=1) == count


def test_what_came_last_stays_at_hand() -> None:
    told = words(*[event for seq in range(1, 20, 2) for event in (ARRIVED, left(seq))])
    assert shelf(told, kept=7) == 12


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A shelf that is used after a few stops."""
    monkeypatch.setattr(shelving, "MOST", 3)
    monkeypatch.setattr(shelving, "KEPT", 1)


def shelved(ledger: Ledger) -> int:
    query = "SELECT count(*) FROM about WHERE kind = 0 AND seq = 1"
    return int(ledger.database.execute(query).fetchone()[0])


@pytest.mark.usefixtures("small")
def test_a_word_that_reaches_back_takes_all_from_the_shelf(ledger: Ledger) -> None:
    van = van_at(epoch=9, journal="vehicle")
    for _ in range(6):
        ((_, seq),) = tell(van, ARRIVED)
        tell(van, Departed(source="gps", stop=Key(9, seq)))
    store(ledger, van)
    projector = project(ledger.database)
    assert shelved(ledger) == 10
    (before,) = [row for row in read(ledger.database, "stop") if row["seq"] == 1]
    tell(van, Corrected(stop=Key(9, 1), lat=MARKET.lat, lon=3.0601))
    store(ledger, van)
    follow(projector)
    (after,) = [row for row in read(ledger.database, "stop") if row["seq"] == 1]
    assert after == before | {"lon": 3.0601}
    tell(van, Corrected(stop=Key(9, 1), cancelled=True))
    store(ledger, van)
    follow(projector)
    assert sorted(row["seq"] for row in read(ledger.database, "stop")) == [3, 5, 7, 9, 11]
    late = van_at(NOON - HOUR, epoch=8, journal="vehicle")
    late.boot_id = "boot-0"
    tell(late, ARRIVED)
    store(ledger, late)
    follow(projector)
    assert len(read(ledger.database, "stop")) == 6


pairs = st.tuples(st.sampled_from(["pair", "bare", "any"]), st.integers(0, 11), st.integers(0, 11))


def acts(plan: list[tuple[str, int, int]]) -> list[tuple[int, int, int]]:
    """Days on which most stops end."""
    found: list[tuple[int, int, int]] = []
    for what, first, second in plan:
        if what == "pair":
            found += [(10, first, second), (12, first, second)]
        elif what == "bare":
            found += [(16, first, 0), (17, first, 0)]
        else:
            found.append(([0, 1, 2, 3, 4, 11, 13, 14, 15, 18, 17, 10][second], first, second))
    return found


@settings(max_examples=40, deadline=None)
@given(st.lists(pairs, min_size=3, max_size=25), st.randoms(use_true_random=False))
def test_with_a_shelf_any_order_of_arrival_ends_in_the_same_tables(
    plan: list[tuple[str, int, int]], dice: object
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shelving, "MOST", 3)
        patch.setattr(shelving, "KEPT", 1)
        same_whatever_the_order(Story(acts(plan)), dice, 2)
