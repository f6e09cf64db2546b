"""Stops as rows, and which moments a changed stop touches."""

from federation.projections.stops import FOREVER, StopRow, changed, stops, touched
from protocol.event import Key
from protocol.stop_fold import Stop
from protocol.stops import Arrived, Corrected, Departed

from .ground import NOON
from .told import MINUTE, PARIS, words


def located(stop: Stop) -> tuple[str, str | None]:
    return stop.name or "Place", stop.commune or "59350"


def row(seq: int, arrived: int | None, departed: int | None = None, **more: object) -> StopRow:
    found = StopRow(
        "van", 9, seq, "2026-05-04", "gps", arrived, departed, int(departed is None), None, None,
        "", None, "59350", "non_communique", None,
    )  # fmt: skip
    return found._replace(**more)  # type: ignore[arg-type]


def test_a_stop_is_named_and_placed_and_its_other_keys_lead_to_it() -> None:
    told = words(
        Arrived(source="driver", planned="p1"),
        Arrived(source="both", cites=Key(7, 1), lat=50.6, lon=3.0, zoning_year=2024),
        Departed(source="gps", stop=Key(7, 2)),
    )
    (found,), names = stops(told, PARIS, located)
    assert (found.key, found.name, found.commune, found.planned) == (
        Key(7, 2), "Place", "59350", "p1",
    )  # fmt: skip
    assert (found.arrived, found.departed, found.open) == (NOON + 2 * MINUTE, NOON + 3 * MINUTE, 0)
    assert names == {Key(7, 1): Key(7, 2)}


def test_one_that_no_clock_dated_has_a_day_and_no_time() -> None:
    (found,), _ = stops(words(Arrived(source="gps"), start=None), PARIS, located)
    assert (found.arrived, found.departed, found.open, found.day) == (None, None, 1, "2026-05-05")


def test_a_cancelled_one_is_none_and_no_key_leads_there() -> None:
    told = words(
        Arrived(source="driver"),
        Arrived(source="both", cites=Key(7, 1)),
        Corrected(stop=Key(7, 2), cancelled=True),
    )
    assert stops(told, PARIS, located) == ([], {})


def test_a_copy_of_an_arrival_is_one_more_key_of_its_stop() -> None:
    first, copy, end = words(
        Arrived(source="gps"), Arrived(source="gps"), Departed(source="gps", stop=Key(8, 2))
    )
    copy = copy._replace(key=Key(8, 2), origin=Key(7, 1), copied=True)
    (found,), names = stops([first, copy, end], PARIS, located)
    assert (found.key, found.open, names) == (Key(7, 1), 0, {Key(8, 2): Key(7, 1)})


def test_a_year_that_no_table_can_hold_is_left_out() -> None:
    (found,), _ = stops(words(Arrived(source="gps", zoning_year=10**30)), PARIS, located)
    assert found.zoning_year is None


def test_a_stop_touches_all_until_the_next_arrival() -> None:
    before = [row(1, 100, 200), row(2, 300)]
    assert touched(before, before) == []
    assert touched(before, [row(1, 100, 250), row(2, 300)]) == [(100, 300), (100, 300)]
    assert touched(before, before[:1]) == [(300, FOREVER)]
    assert changed(before, before[:1]) == {Key(9, 2)}


def test_another_name_or_source_touches_nobody() -> None:
    assert touched([row(1, 100)], [row(1, 100, name="École", source="both")]) == []
    assert touched([row(1, 100)], [row(1, 100, commune="59009")]) != []
