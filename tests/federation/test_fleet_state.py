"""Whether a vehicle's silence was to be expected: every case of a year on the road."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from federation.days_off import easter_sunday, holidays, is_day_off
from federation.fleet_state import Coverage, Facts, Planned, in_tour, standing

PARIS = "Europe/Paris"
CAYENNE = "America/Cayenne"
THURSDAY = "2026-05-28"


def at(clock: str, day: str = THURSDAY, zone: str = PARIS) -> int:
    moment = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZoneInfo(zone))
    return int(moment.timestamp() * 1000)


def stop(
    opens: str, closes: str, coverage: Coverage = "covered", name: str = "Valmont",
    day: str = THURSDAY, zone: str = PARIS,
) -> Planned:  # fmt: skip
    return Planned(at(opens, day, zone), at(closes, day, zone), name, coverage)


MORNING = stop("09:00", "12:00")
VALLEY = stop("09:00", "12:00", "white", "La Vallée")
SCHOOL = stop("14:00", "17:00", "covered", "École")
UNSURE = stop("09:00", "12:00", "unknown")
DAY = (MORNING, SCHOOL)
YESTERDAY = stop("09:00", "12:00", day="2026-05-27")

CASES = {
    "it speaks": (Facts("online", since=at("08:00"), heard=at("09:59")), "10:00", "online heard"),
    "it speaks of a fault": (
        Facts("online", since=at("08:00"), heard=at("09:59"), troubles=("gps",)),
        "10:00", "trouble trouble",
    ),
    "it should be in Valmont and said nothing for two hours": (
        Facts("offline", heard=at("08:50"), duty="on", plan=DAY), "10:50", "missing should_be_at",
    ),
    "the same, and it never said that its day began": (
        Facts("offline", heard=at("18:00", "2026-05-27"), plan=DAY), "09:20",
        "missing should_be_at",
    ),
    "the same with a broker and a unit that died at once": (
        Facts("silent", heard=at("09:10"), duty="on", plan=DAY), "09:30", "missing should_be_at",
    ),
    "its stop has only just begun": (
        Facts("offline", heard=at("08:50"), duty="on", plan=DAY), "09:10", "quiet short",
    ),
    "a cell that is overloaded for ten minutes": (
        Facts("offline", heard=at("10:00"), duty="on", plan=DAY), "10:10", "quiet short",
    ),
    "a place nobody knows the network of is given longer": (
        Facts("offline", heard=at("09:00"), duty="on", plan=(UNSURE,)), "09:44", "quiet short",
    ),
    "but not for ever": (
        Facts("offline", heard=at("09:00"), duty="on", plan=(UNSURE,)), "09:45",
        "missing should_be_at",
    ),
    "the white zone in the valley": (
        Facts("offline", heard=at("08:20"), duty="on", plan=(VALLEY,)), "11:30",
        "quiet white_zone",
    ),
    "on its way into the valley": (
        Facts("offline", heard=at("07:00"), duty="on", plan=(VALLEY,)), "08:30",
        "quiet on_the_way",
    ),
    "on its way out of the valley": (
        Facts("offline", heard=at("08:20"), duty="on", plan=(VALLEY,)), "12:50",
        "quiet on_the_way",
    ),
    "it should have come out of the valley": (
        Facts("offline", heard=at("08:20"), duty="on", plan=(VALLEY,)), "13:00",
        "missing out_of_white_zone",
    ),
    "nobody waits for it at night": (
        Facts("offline", heard=at("08:20"), duty="on", plan=(VALLEY,)), "22:00", "quiet night",
    ),
    "but in the morning somebody does": (
        Facts("offline", heard=at("08:20", "2026-05-27"), duty="on",
              plan=(stop("09:00", "12:00", "white", day="2026-05-27"),)),
        "07:30", "missing out_of_white_zone",
    ),
    "lost in the middle of its last stop": (
        Facts("offline", heard=at("15:00"), duty="on", plan=DAY), "17:30", "missing on_duty",
    ),
    "and it stays lost at night": (
        Facts("offline", heard=at("15:00"), duty="on", plan=DAY), "23:00", "missing on_duty",
    ),
    "and the day after": (
        Facts("offline", heard=at("09:20", "2026-05-27"), duty="on", plan=(YESTERDAY,)), "08:00",
        "missing not_back",
    ),
    "lunch between two stops": (
        Facts("offline", heard=at("12:05"), duty="on", plan=DAY), "13:30", "quiet on_the_way",
    ),
    "lunch does not excuse what was missing before": (
        Facts("offline", heard=at("09:20"), duty="on", plan=DAY), "13:00", "missing on_duty",
    ),
    "a break is duty too": (
        Facts("offline", heard=at("09:20"), duty="paused", plan=DAY), "13:00", "missing on_duty",
    ),
    "service forgotten in the garage, after its last stop": (
        Facts("offline", heard=at("17:05"), duty="on", plan=DAY), "21:00", "quiet after_tour",
    ),
    "off duty at night": (
        Facts("offline", heard=at("17:45"), plan=DAY), "23:30", "quiet off_duty",
    ),
    "off duty in the evening": (
        Facts("offline", heard=at("17:45"), plan=DAY), "18:30", "quiet off_duty",
    ),
    "its day ended before the stop closed": (
        Facts("offline", heard=at("11:00"), plan=(MORNING,)), "13:00", "quiet off_duty",
    ),
    "a whole stop was missed": (
        Facts("offline", heard=at("18:00", "2026-05-27"), plan=(MORNING,)), "13:00",
        "missing was_due_at",
    ),
    "a missed stop in the valley is nothing yet": (
        Facts("offline", heard=at("18:00", "2026-05-27"), plan=(VALLEY,)), "13:30",
        "quiet off_duty",
    ),
    "no tour today": (
        Facts("offline", heard=at("17:45", "2026-05-27"), plan=(YESTERDAY,)), "10:00",
        "quiet no_tour",
    ),
    "no tour was ever published": (
        Facts("offline", heard=at("17:45", "2026-05-27")), "10:00", "quiet off_duty",
    ),
    "on duty without any tour": (
        Facts("offline", heard=at("10:00"), duty="on"), "10:46", "missing on_duty",
    ),
    "on duty without any tour, a moment ago": (
        Facts("offline", heard=at("10:00"), duty="on"), "10:44", "quiet short",
    ),
    "on duty late, without any tour": (
        Facts("offline", heard=at("20:30"), duty="on"), "23:00", "quiet night",
    ),
    "on duty in the evening, without any tour: nobody missed it before night": (
        Facts("offline", heard=at("19:50"), duty="on"), "23:00", "quiet night",
    ),
    "an evening tour is waited for at night too": (
        Facts("offline", heard=at("19:50"), duty="on", plan=(stop("20:00", "22:30"),)), "21:00",
        "missing should_be_at",
    ),
    "forgotten for three weeks": (
        Facts("offline", heard=at("10:00", "2026-05-07")), "10:00", "missing forgotten",
    ),
    "nothing ever came of it": (Facts(None), "10:00", "quiet never_heard"),
    "nothing ever came of it and it should work": (
        Facts(None, plan=DAY), "10:00", "missing never_heard",
    ),
    "no box rides in it": (Facts(None, has_unit=False), "10:00", "quiet no_unit"),
    "no box rides in it, and it is on tour": (
        Facts(None, has_unit=False, plan=DAY), "10:00", "missing no_unit",
    ),
    "it is retired": (
        Facts("offline", heard=at("10:00", "2026-01-07"), plan=DAY, retired=True), "10:00",
        "quiet retired",
    ),
    "its certificate ended: no wonder": (
        Facts("offline", heard=at("08:00"), duty="on", plan=DAY, troubles=("certificate_ended",)),
        "10:00", "trouble certificate_ended",
    ),
    "a full disk in the garage": (
        Facts("offline", heard=at("17:45"), plan=DAY, troubles=("disk",)), "23:30",
        "trouble trouble",
    ),
    "missing goes before its faults": (
        Facts("offline", heard=at("08:50"), duty="on", plan=DAY, troubles=("gps",)), "10:50",
        "missing should_be_at",
    ),
    "the clocks of Cayenne": (
        Facts("offline", heard=at("08:50", zone=CAYENNE), duty="on", zone=CAYENNE,
              plan=(stop("09:00", "12:00", zone=CAYENNE),)),
        "14:30", "missing should_be_at",
    ),
    "in Cayenne it is not nine yet": (
        Facts("offline", heard=at("17:45", "2026-05-27"), zone=CAYENNE,
              plan=(stop("09:00", "12:00", zone=CAYENNE),)),
        "13:30", "quiet off_duty",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_vehicle_stands(name: str) -> None:
    facts, clock, expected = CASES[name]
    verdict = standing(facts, at(clock))
    assert f"{verdict.state} {verdict.why}" == expected


def test_a_free_day_without_a_tour_is_silent_as_planned_and_one_with_a_tour_is_not() -> None:
    sunday = at("10:00", "2026-05-31")
    facts = Facts("offline", heard=at("17:45", "2026-05-30"), plan=(YESTERDAY,))
    assert standing(facts, sunday).why == "day_off"
    market = facts._replace(plan=(stop("09:00", "12:00", day="2026-05-31"),))
    assert standing(market, sunday).why == "should_be_at"


def test_a_free_day_with_a_tour_that_is_over_is_a_day_like_another() -> None:
    sunday = "2026-05-31"
    market = stop("09:00", "12:00", day=sunday)
    facts = Facts("offline", heard=at("12:05", sunday), plan=(market,))
    assert standing(facts, at("15:00", sunday)).why == "off_duty"
    valley = stop("09:00", "12:00", "white", day=sunday)
    facts = Facts("offline", heard=at("08:00", sunday), duty="on", plan=(valley,))
    assert standing(facts, at("15:00", sunday)).why == "out_of_white_zone"


def test_a_van_that_did_not_come_out_of_the_valley_is_not_asked_for_on_a_holiday() -> None:
    eve = stop("14:00", "17:00", "white", day="2026-05-13")
    facts = Facts("offline", heard=at("13:00", "2026-05-13"), duty="on", plan=(eve,))
    assert standing(facts, at("10:00", "2026-05-14")).why == "day_off"
    assert standing(facts, at("10:00", "2026-05-15")).why == "out_of_white_zone"


def test_the_verdict_tells_where_it_should_be_and_since_when() -> None:
    facts = Facts("offline", heard=at("08:50"), duty="on", plan=DAY)
    verdict = standing(facts, at("10:50"))
    assert (verdict.since, verdict.place, verdict.until) == (at("08:50"), "Valmont", at("09:00"))


def test_a_vehicle_is_in_tour_while_it_works_or_should() -> None:
    now = at("10:00")
    assert in_tour(Facts("online", heard=now, duty="on"), now)
    assert in_tour(Facts("offline", heard=at("08:20"), duty="paused", plan=(VALLEY,)), now)
    assert in_tour(Facts("offline", heard=at("18:00", "2026-05-27"), plan=DAY), now)
    assert not in_tour(Facts("online", heard=now, duty="off", plan=DAY), now)
    assert not in_tour(Facts("offline", heard=at("18:00", "2026-05-27"), duty="on"), now)
    assert not in_tour(Facts("offline", heard=now, duty="on", retired=True), now)


def test_holidays_follow_easter() -> None:
    assert [easter_sunday(year) for year in (2024, 2025, 2026, 2038)] == [
        date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2038, 4, 25),
    ]  # fmt: skip
    assert {date(2026, 4, 6), date(2026, 5, 14), date(2026, 5, 25)} < holidays(2026)
    assert is_day_off(date(2026, 5, 30))
    assert is_day_off(date(2026, 7, 14))
    assert not is_day_off(date(2026, 5, 28))
