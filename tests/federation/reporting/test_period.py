"""Periods as people type them."""

import pytest

from federation.errors import OperatorError
from federation.reporting.period import parse


@pytest.mark.parametrize(
    ("typed", "first", "last", "label"),
    [
        ("2026", "2026-01-01", "2026-12-31", "année 2026"),
        ("2026-T1", "2026-01-01", "2026-03-31", "1er trimestre 2026"),
        ("2026-T4", "2026-10-01", "2026-12-31", "4e trimestre 2026"),
        ("2024-02", "2024-02-01", "2024-02-29", "février 2024"),
        (
            "2026-03-01..2026-03-31",
            "2026-03-01",
            "2026-03-31",
            "du 1er mars 2026 au 31 mars 2026",
        ),
    ],
)
def test_a_period_is_read_as_it_is_written(typed: str, first: str, last: str, label: str) -> None:
    period = parse(typed)
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)
    assert period.label == label


@pytest.mark.parametrize(
    "typed", ["", "26", "2026-13", "2026-T5", "2026-02-30..2026-03-01", "2026-03-02..2026-03-01",
     "0000", "1999", "9999-12", "2026-01-01..2200-01-01"]
)  # fmt: skip
def test_what_is_no_period_is_refused_in_one_sentence(typed: str) -> None:
    with pytest.raises(OperatorError, match="write 2026, 2026-T1, 2026-03 or"):
        parse(typed)


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("2026", ["2026"]),
        ("2026-T2", ["2026-04", "2026-05", "2026-06"]),
        ("2026-01-30..2026-03-02", ["2026-01-30", "2026-01-31", "2026-02", "2026-03-01",
                                    "2026-03-02"]),
    ],
)  # fmt: skip
def test_sums_are_read_by_the_largest_periods_that_fit(typed: str, keys: list[str]) -> None:
    assert list(parse(typed).keys()) == keys
