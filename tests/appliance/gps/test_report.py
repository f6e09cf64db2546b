"""What of a sentence is believed: every row of bad input that receivers and cables have sent."""

import pytest

from appliance.gps.report import read

RMC = "GNRMC,123519.00,A,4807.0380,N,01131.0000,E,022.4,084.4,230326,,,A"


def changed(index: int, value: str) -> str:
    fields = RMC.split(",")
    fields[index] = value
    return ",".join(fields)


def test_a_good_sentence_says_all_it_says() -> None:
    report = read(RMC)
    assert report is not None
    assert report.clock == ((12 * 60 + 35) * 60 + 19) * 1000
    assert str(report.day) == "2026-03-23"
    assert report.place == pytest.approx((48 + 7.038 / 60, 11 + 31 / 60))
    assert report.speed == pytest.approx(22.4 * 1852 / 3600)
    assert report.course == 84.4


@pytest.mark.parametrize(
    ("index", "value"),
    [
        (3, "9100.0000"),
        (3, "36000.000"),
        (3, "4875.0000"),
        (3, "48a7.0380"),
        (3, "480.70380"),
        (3, ""),
        (3, "4807,0380"),
        (4, ""),
        (4, "O"),
        (5, "18100.000"),
        (5, "72000.000"),
        (5, "01175.000"),
        (5, ""),
        (6, ""),
        (6, "N"),
    ],
)
def test_a_position_out_of_range_or_malformed_is_no_position(index: int, value: str) -> None:
    report = read(changed(index, value))
    assert report is not None
    assert report.place is None


def test_a_void_sentence_has_no_position_whatever_its_fields() -> None:
    report = read(changed(2, "V"))
    assert report is not None
    assert (report.fixed, report.place, report.speed) == (False, None, None)


def test_a_navigation_status_void_after_a_good_fix_changes_nothing() -> None:
    report = read(RMC + ",V")
    assert report is not None
    assert report.fixed
    assert report.place is not None


def test_zero_zero_is_a_way_to_say_nothing() -> None:
    report = read("GPGLL,0000.0000,N,00000.0000,E,000429.00,A,A")
    assert report is not None
    assert report.place is None


@pytest.mark.parametrize("day", ["2208-1", "320126", "310226", "", "23032026", "2303 6"])
def test_a_date_that_is_none_is_none(day: str) -> None:
    report = read(changed(9, day))
    assert report is not None
    assert report.day is None


@pytest.mark.parametrize("clock", ["126061", "240000", "235960", "12351", "1235x9", "", "-23519"])
def test_a_time_that_is_none_is_none(clock: str) -> None:
    report = read(changed(1, clock))
    assert report is not None
    assert report.clock is None


@pytest.mark.parametrize("number", ["nan", "inf", "1e3", "1_0", " 5", "+5", "--5", "", "9999"])
def test_a_speed_in_any_spelling_but_plain_digits_is_none(number: str) -> None:
    report = read(changed(7, number))
    assert report is not None
    assert report.speed is None


@pytest.mark.parametrize("talker", ["GP", "GN", "GL", "GA", "GB", "BD", "GQ"])
def test_every_constellation_may_talk(talker: str) -> None:
    assert read(talker + RMC[2:]) is not None


@pytest.mark.parametrize("text", ["PUBX,00,081350.00", "GPGSV,1,1,00", "GPRMC,1,2", "", ",", "GP"])
def test_what_is_not_used_or_too_short_is_no_report(text: str) -> None:
    assert read(text) is None


def test_a_fix_quality_of_zero_is_no_fix_though_a_position_stands_there() -> None:
    report = read("GPGGA,120317,4221.4394,N,01321.9948,E,0,00,,,M,,M,,")
    assert report is not None
    assert (report.fixed, report.place) == (False, None)


def test_a_combined_sentence_has_a_fix_when_one_system_has() -> None:
    fixed = read("GNGNS,191509.98,3645.868327,N,03124.656607,E,AAN,09,1.2,42.2,32.0,,,V")
    void = read("GNGNS,191518.00,,,,,NNN,,,,,,")
    assert fixed is not None
    assert void is not None
    assert (fixed.fixed, fixed.satellites, fixed.hdop) == (True, 9, 1.2)
    assert (void.fixed, void.place) == (False, None)


def test_a_full_year_is_taken_as_it_is() -> None:
    report = read("GPZDA,000427.00,22,08,1999,,")
    assert report is not None
    assert str(report.day) == "1999-08-22"
