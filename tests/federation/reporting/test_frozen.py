"""What a funder reads: closed periods, of one moment, and never a difference of a few people."""

from collections.abc import Callable
from datetime import date

import pytest

from federation.config import FederationConfig, Store
from federation.reporting import changes, closed, frozen, period
from federation.reporting.frozen import WEEK, Frozen
from federation.reporting.plans import Book
from tests.federation.projections.ground import NOON, tell, van_at
from tests.federation.van import UNIT

from .registered import register
from .test_snapshots import told, visit

MAY = period.parse("2026-05")
LATER = NOON + 60 * 24 * 3_600_000
Read = Callable[[int], Frozen]


@pytest.fixture
def settings(store: Store) -> FederationConfig:
    """Two territories."""
    register(
        store,
        (UNIT, "nord", "Germaine", "Europe/Paris"),
        ("van-maroni", "guyane", "Pirogue", "America/Cayenne"),
    )
    return FederationConfig(store=store)


@pytest.fixture
def read(settings: FederationConfig) -> Read:
    """As a funder does so many milliseconds after the period closed."""
    return lambda after: frozen.read(settings, MAY, LATER + after, Book())


def passages(held: Frozen, territory: str | None = None) -> set[str]:
    """Those of the first table."""
    _, rows = held.of(territory).report.exports[0]
    return {str(cell) for row in rows for cell in row if isinstance(cell, int)}


@pytest.mark.parametrize(
    ("name", "day", "whether"),
    [
        ("2026-05", date(2026, 6, 6), False),
        ("2026-05", date(2026, 7, 7), False),
        ("2026-T2", date(2026, 7, 6), False),
        ("2026-T2", date(2026, 7, 7), True),
        ("2026", date(2026, 12, 31), False),
        ("2026", date(2027, 1, 7), False),
        ("2026-05-01..2026-05-31", date(2027, 1, 7), False),
    ],
)
def test_a_period_closes_a_week_after_its_last_day(name: str, day: date, whether: bool) -> None:
    assert closed.is_closed(period.parse(name), day) is whether


def test_the_quarter_that_closed_last_is_found_over_a_new_year() -> None:
    assert closed.newest(date(2027, 1, 6)).name == "2026-T3"
    assert closed.newest(date(2027, 1, 7)).name == "2026-T4"


def test_what_a_funder_read_stands_for_a_week(settings: FederationConfig, read: Read) -> None:
    van = van_at()
    tell(van, *visit(40))
    told(settings, van)
    first = read(0)
    assert "40" in passages(first)
    tell(van, *visit(2))
    told(settings, van)
    assert read(WEEK - 1) == first
    assert "40" in passages(read(WEEK - 1), "nord"), "every territory is of that moment"


def test_it_is_made_again_when_facts_were_missing_and_came(
    settings: FederationConfig, read: Read
) -> None:
    van = van_at()
    tell(van, *visit(40))
    told(settings, van)
    first = read(0)
    assert read(WEEK) == first, "nothing came"
    tell(van, *visit(30))
    told(settings, van)
    late = van_at(NOON, "van-maroni")
    late.boot_id = "boot-2"
    tell(late, *visit(12))
    told(settings, late)
    again = read(WEEK)
    assert "82" in passages(again)
    assert [row[2:] for row in again.of("nord").changed if "passages" in row] == [
        ["passages", "40", "70"],
    ] * len([row for row in again.of("nord").changed if "passages" in row])
    assert again.of("nord").report.facts.previous == first.of("nord").report.facts.number


def test_a_change_that_tells_of_few_is_hidden_with_all_that_would_tell_it() -> None:
    before = {"e1": {"tous": {"a": "100", "b": "9"}, "un": {"a": "60"}, "deux": {"a": "40"}}}
    after = {"e1": {"tous": {"a": "112", "b": "19"}, "un": {"a": "70"}, "deux": {"a": "42"}}}
    found = {(row[1], row[2]): tuple(row[3:]) for row in changes.between(before, after, 5)}
    assert found == {
        ("deux", "a"): ("s", "s"),
        ("tous", "a"): ("s", "s"),
        ("tous", "b"): ("9", "19"),
        ("un", "a"): ("s", "s"),
    }
    whole = {(row[1], row[2]): tuple(row[3:]) for row in changes.between(before, after, 2)}
    assert whole["deux", "a"] == ("40", "42")


def test_a_line_that_is_new_was_none_before() -> None:
    (row,) = changes.between({"e1": {}}, {"e1": {"un": {"a": "3"}}}, 5)
    assert tuple(row[3:]) == ("s", "s")
