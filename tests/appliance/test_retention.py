"""What is forgotten, and what no clock can make the unit forget."""

from pathlib import Path

from appliance.retention import DAY, Aged, Moment, Tally, believe, certain, days, due, passed
from protocol.retention import RULES

HERE = Path(__file__).parent
PROOFS = {
    "unit.sealed": (
        "journal/test_erasing.py",
        "test_an_envelope_leaves_a_day_after_the_receipt_and_its_row_stays",
    ),
    "unit.roster": (
        "vault/test_roster.py",
        "test_day_closing_erases_todays_names_and_their_key_from_the_card",
    ),
    "unit.language": ("../ui/test_queue.py", "test_every_language_goes_with_the_day"),
    "unit.track": (
        "vehicle/test_track.py",
        "test_after_sixty_days_a_fix_is_gone_and_so_is_an_undated_one_before_it",
    ),
    "unit.off_duty": (
        "vehicle/test_process.py",
        "test_off_duty_nothing_of_the_vehicle_is_recorded",
    ),
}
"""Rule of the unit → the test that shows it carried out with the clock moved."""
UTC = 1_795_000_000_000
NOW = Moment("now", 10 * DAY, UTC)


def row(id: int, type_name: str = "visit.checked_in", **when: object) -> Aged:
    values = {"boot_id": "then", "boottime": 0, "utc": None, **when}
    return Aged(id, type_name, **values)  # type: ignore[arg-type]


def test_each_subject_stays_as_long_as_it_is_of_use() -> None:
    assert [
        days(name) for name in ("visit.checked_in", "visits.tallied", "workshop.signed_up")
    ] == [
        3,
        3,
        60,
    ]
    assert (days("unit.booted"), days("loan.opened")) == (1, 3)


def test_a_row_is_due_when_its_days_are_over_and_not_before() -> None:
    rows = [row(1, utc=UTC - 3 * DAY - 1), row(2, utc=UTC - 3 * DAY)]
    assert due(rows, NOW) == {1}


def test_within_a_boot_the_counter_tells_whatever_the_clock_says() -> None:
    then = Moment("now", 10 * DAY, None)
    rows = [
        row(1, boot_id="now", boottime=6 * DAY, utc=UTC + 900 * DAY),
        row(2, boot_id="now", boottime=8 * DAY, utc=UTC - 900 * DAY),
    ]
    assert due(rows, then) == {1} == due(rows, NOW)


def test_what_has_no_date_is_kept_until_something_after_it_is_old() -> None:
    assert due([row(1), row(2)], NOW) == set()
    assert due([row(1), row(2, "unit.booted", utc=UTC - 4 * DAY), row(3)], NOW) == {1, 2}


def test_a_short_lived_row_goes_while_its_neighbours_stay() -> None:
    rows = [
        row(1, "workshop.signed_up", utc=UTC - 9 * DAY),
        row(2, "unit.booted", utc=UTC - 9 * DAY),
        row(3, utc=UTC - 9 * DAY),
        row(4, utc=UTC - DAY),
    ]
    assert due(rows, NOW) == {2, 3}


def test_what_is_needed_is_never_due() -> None:
    assert due([row(1, "duty.started", utc=UTC - 90 * DAY)], NOW, needed={1}) == set()


def test_a_row_dated_absurdly_says_nothing_of_its_age() -> None:
    assert due([row(1, utc=UTC - 401 * DAY), row(2, utc=UTC + 1)], NOW) == set()


def test_a_clock_stepped_ten_years_ahead_makes_nothing_due() -> None:
    believed = believe(UTC, UTC + 3653 * DAY)
    assert believed == UTC + DAY
    rows = [row(1, utc=UTC - DAY)]
    assert due(rows, NOW._replace(utc=believed)) == set()


def test_a_clock_stepped_ten_years_back_makes_nothing_due() -> None:
    back = UTC - 3653 * DAY
    assert believe(UTC, back) == back
    assert due([row(1, utc=UTC - 2 * DAY)], NOW._replace(utc=back)) == set()


def test_after_a_month_in_the_garage_the_clock_is_believed_day_by_day() -> None:
    believed, turns = UTC, 0
    while believed < UTC + 30 * DAY:
        believed = believe(believed, UTC + 30 * DAY) or 0
        turns += 1
    assert turns == 30


def test_an_unknown_time_is_no_time() -> None:
    assert (believe(UTC, None), believe(None, UTC), believe(None, None)) == (None, UTC, None)


def test_a_time_behind_what_was_believed_or_days_ahead_of_it_is_not_certain() -> None:
    times = [UTC - 1, UTC, UTC + DAY, UTC + DAY + 1, None]
    assert [certain(UTC, utc) for utc in times] == [None, UTC, UTC + DAY, None, None]
    assert certain(None, UTC) == UTC


def test_the_tally_adds_up_what_passed_within_boots() -> None:
    tally = passed(None, Moment("one", 5000, None))
    for boot, boottime in (("one", 9000), ("two", 300), ("two", 700), ("three", 50)):
        tally = passed(tally, Moment(boot, boottime, None))
    assert tally == Tally(4000 + 300 + 400 + 50, "three", 50)


def test_what_passed_between_two_boots_counts_when_both_are_dated() -> None:
    tally = passed(None, Moment("one", 5000, UTC))
    tally = passed(tally, Moment("two", 300, None))
    assert tally.total == 300
    assert passed(tally, Moment("two", 900, UTC + DAY)).total == DAY


def test_the_tally_never_goes_back() -> None:
    tally = passed(None, Moment("one", 5000, UTC))
    assert passed(tally, Moment("one", 4000, UTC - DAY)).total == 0


def test_every_rule_of_the_unit_is_carried_out_and_shown_to_be() -> None:
    assert set(PROOFS) == {name for name, rule in RULES.items() if rule.where == "unit"}
    for file, test in PROOFS.values():
        assert f"def {test}(" in (HERE / file).read_text(encoding="utf-8"), test
