"""A week that repeats, its exceptions, and what fits into one message."""

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.planning import documents, tours
from federation.planning.tours import Planned, Repeat
from protocol.documents import PlannedStop, Programme, Tour, Tours, Workshop
from protocol.messages import MAX_DOCUMENT

MONDAY = date(2026, 6, 1)
GERMAINE, SIMONE = 1, 2


def stop(code: str, opens: int = 540, closes: int = 720) -> PlannedStop:
    return PlannedStop(
        id=code, name=f"Place {code}", lat=48.1, lon=-1.6, commune="35238", opens=opens,
        closes=closes,
    )  # fmt: skip


def weekly(id: int, vehicle: int, *weekdays: int, weeks: int = 1, **stops: int) -> Planned:
    repeat = Repeat(frozenset(weekdays), MONDAY, MONDAY + timedelta(60), weeks)
    halts = tuple(stop(code, opens) for code, opens in (stops or {"marche": 540}).items())
    return Planned(id, vehicle, f"Tournée {id}", repeat, halts)


def test_a_tour_holds_on_its_weekdays_from_its_first_day_to_its_last() -> None:
    repeat = Repeat(frozenset({1, 4}), MONDAY + timedelta(2), MONDAY + timedelta(8))
    held = [MONDAY + timedelta(n) for n in range(15) if repeat.holds(MONDAY + timedelta(n))]
    assert held == [MONDAY + timedelta(3), MONDAY + timedelta(7)]


def test_every_other_week_is_counted_from_the_week_of_the_first_day() -> None:
    repeat = Repeat(frozenset({2}), MONDAY + timedelta(3), weeks=2)
    held = [n for n in range(29) if repeat.holds(MONDAY + timedelta(n))]
    assert held == [15]


def test_a_tour_that_another_vehicle_drives_is_not_with_the_first_one() -> None:
    plan = [weekly(1, GERMAINE, 1), weekly(2, SIMONE, 1, ecole=840)]
    changes = tours.moved(plan, {}, MONDAY, GERMAINE, SIMONE)
    assert tours.of_day(plan, changes, GERMAINE, MONDAY) is None
    both = tours.of_day(plan, changes, SIMONE, MONDAY)
    assert both is not None
    assert both.name == "Tournée 1 + Tournée 2"
    assert [each.id for each in both.stops] == ["marche", "ecole"]
    assert tours.of_day(plan, changes, GERMAINE, MONDAY + timedelta(7)) is not None


def test_a_tour_can_be_moved_on_and_back_and_called_off() -> None:
    plan = [weekly(1, GERMAINE, 1)]
    changes: dict[tuple[int, date], int | None] = {}
    for origin, target in ((GERMAINE, SIMONE), (SIMONE, GERMAINE), (GERMAINE, None)):
        changes |= tours.moved(plan, changes, MONDAY, origin, target)
        drives = [v for v in (GERMAINE, SIMONE) if tours.of_day(plan, changes, v, MONDAY)]
        assert drives == ([] if target is None else [target])
    assert tours.moved(plan, changes, MONDAY, GERMAINE, SIMONE) == {}


def test_a_place_where_it_stands_twice_a_day_is_two_stops() -> None:
    plan = [weekly(1, GERMAINE, 1, marche=540), weekly(2, GERMAINE, 1, marche=840)]
    found = tours.of_day(plan, {}, GERMAINE, MONDAY)
    assert found is not None
    assert [each.id for each in found.stops] == ["marche", "marche-2"]


def test_the_days_ahead_begin_yesterday_for_a_van_that_has_not_closed_its_day() -> None:
    plan = [weekly(1, GERMAINE, 1, 2)]
    days = [each.day for each in tours.coming(plan, {}, GERMAINE, MONDAY + timedelta(1), days=3)]
    assert days == ["2026-06-01", "2026-06-02"]


def workshop(number: int, starts: int, title: str = "Mon CV") -> Workshop:
    return Workshop(id=f"a{number}", title=title, starts=starts, minutes=90, theme="email")


@given(st.lists(st.integers(0, 10**13), max_size=30), st.integers(0, 10**13))
def test_a_programme_holds_what_is_near_and_to_come_in_order(starts: list[int], now: int) -> None:
    shops = [workshop(n, at) for n, at in enumerate(starts)]
    body = documents.programme(shops, now).body
    assert isinstance(body, Programme)
    told = [each.starts for each in body.workshops]
    assert told == sorted(at for at in starts if at > now - documents.KEPT_AFTER)
    assert documents.programme(list(reversed(shops)), now).body == body


def test_what_does_not_fit_is_left_for_later_and_said_in_a_sentence() -> None:
    shops = [workshop(n, n, "é" * 80) for n in range(1000)]
    draft = documents.programme(shops, 0)
    assert isinstance(draft.body, Programme)
    kept = draft.body.workshops
    assert kept == tuple(shops[: len(kept)])
    assert 0 < len(kept) < 1000
    assert draft.left_out.startswith(f"{1000 - len(kept)} ateliers sur 1000 n'entrent pas")
    encoded = documents.encoded(draft.body)
    one_more = Programme(workshops=tuple(shops[: len(kept) + 1]))
    assert len(encoded) <= documents.ROOM < len(documents.encoded(one_more))
    assert len(encoded) + 400 < MAX_DOCUMENT


@pytest.mark.parametrize("days", [0, 14])
def test_tours_and_notices_say_when_nothing_is_left_out(days: int) -> None:
    tour = [
        Tour(day=f"2026-06-{n + 1:02}", name="Tournée", stops=(stop("m"),)) for n in range(days)
    ]
    draft = documents.tours(tour, stop("depot"))
    assert (draft.body, draft.left_out) == (Tours(tours=tuple(tour), depot=stop("depot")), "")
    told = documents.notices({"fr": " Bonjour ", "ar": ""})
    assert msgspec.to_builtins(told.body) == {"texts": {"fr": "Bonjour"}}
