"""Sentences of one instant become one fix, on made-up lines and on real receivers' logs."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.gps.fix import Fix
from appliance.gps.reader import Reader

from .lines import LOGS, damaged, fixes, gga, line, log, rmc

NOON = datetime(2026, 3, 23, 12, 35, 19, tzinfo=UTC)
ROLLOVER = timedelta(weeks=1024).total_seconds()
NAMES = sorted(path.stem for path in LOGS.glob("*.log"))


def test_the_sentences_of_an_instant_become_one_fix() -> None:
    gsa = line("GNGSA,A,3,01,02,03,04,05,06,07,08,,,,,1.4,0.9,1.1,1")
    (fix,) = fixes(rmc() + gga() + gsa)
    assert fix == Fix(
        time=NOON,
        lat=pytest.approx(48.1173),
        lon=pytest.approx(11.5166667),
        speed=pytest.approx(5.1444444),
        course=84.4,
        mode=3,
        hdop=0.9,
        satellites=8,
        dated=True,
        valid=True,
        clock=45_319_000,
    )


def test_a_fix_is_given_when_a_sentence_of_another_time_arrives_or_the_line_falls_quiet() -> None:
    reader = Reader()
    assert reader.push(rmc() + gga()) == []
    assert [fix.time for fix in reader.push(rmc("123520.00"))] == [NOON]
    assert [fix.time for fix in reader.flush()] == [NOON + timedelta(seconds=1)]
    assert reader.flush() == []


def test_a_fix_carries_when_its_first_sentence_was_heard() -> None:
    reader = Reader()
    reader.push(rmc(), heard=5.0)
    reader.push(gga(), heard=5.2)
    assert [fix.heard for fix in reader.push(rmc("123520.00"), heard=6.0)] == [5.0]


def test_a_void_receiver_gives_fixes_without_position() -> None:
    void = line("GPRMC,123519.00,V,,,,,,,230326,,,N") + line("GPGGA,123519.00,,,,,0,00,99.99,,,,,,")
    (fix,) = fixes(void)
    assert (fix.time, fix.lat, fix.lon, fix.speed, fix.mode) == (NOON, None, None, None, 1)
    assert (fix.hdop, fix.dated, fix.valid) == (None, True, False)


def test_a_receiver_that_knows_nothing_at_all_still_shows_that_it_lives() -> None:
    void = line("GPRMC,,V,,,,,,,,,,N")
    assert [fix.mode for fix in fixes(void * 3)] == [1, 1, 1]


def test_a_position_with_a_broken_time_has_no_time() -> None:
    (fix,) = fixes(rmc("126061"))
    assert (fix.time, fix.mode) == (None, 2)
    assert fix.lat == pytest.approx(48.1173)


def test_a_date_is_carried_over_midnight_until_the_next_one_is_told() -> None:
    told = [fix.time for fix in fixes(rmc("235959.00") + gga("000000.00") + gga("000001.00"))]
    assert [str(time) for time in told] == [
        "2026-03-23 23:59:59+00:00",
        "2026-03-24 00:00:00+00:00",
        "2026-03-24 00:00:01+00:00",
    ]


def test_a_date_that_changes_at_noon_is_believed_when_told_twice() -> None:
    told = [
        fix.time and str(fix.time.date())
        for fix in fixes(
            rmc("123519.00", day="230326")
            + rmc("123520.00", day="230327")
            + rmc("123521.00", day="230326")
            + rmc("123522.00", day="240326")
            + rmc("123523.00", day="240326")
        )
    ]
    assert told == ["2026-03-23", None, "2026-03-23", None, "2026-03-24"]


def test_a_lone_position_far_from_the_way_is_withheld() -> None:
    steady = b"".join(rmc(f"1235{second:02d}.00") for second in range(20, 30))
    reader = Reader()
    given = reader.push(steady + rmc("123530.00", lat="4807.9380") + rmc("123531.00"))
    given += reader.flush()
    assert [fix.clock for fix in given if fix.clock and fix.clock % 60_000 >= 29_000] == [
        45_329_000,
        45_331_000,
    ]
    assert reader.counts.doubted == 1


def test_a_far_position_that_two_sentences_agree_on_is_believed() -> None:
    there = rmc("123520.00", lat="4809.0000") + gga("123520.00", lat="4809.0000")
    assert [fix.lat for fix in fixes(rmc() + gga() + there)] == pytest.approx([48.1173, 48.15])


def test_a_far_position_that_the_next_one_bears_out_is_believed_from_then_on() -> None:
    there = b"".join(rmc(f"1235{second}.00", lat="4809.0000") for second in range(20, 23))
    given = fixes(rmc("123518.00") + rmc() + there)
    assert [fix.clock for fix in given] == [45_318_000, 45_319_000, 45_321_000, 45_322_000]


def test_a_sentence_that_tells_another_time_amid_an_epoch_makes_no_fix() -> None:
    """Two flipped bits in the same column pass a checksum."""
    data = rmc() + gga("123559.00") + line("GNGLL,4807.0380,N,01131.0000,E,123519.00,A,A")
    given = fixes(data + rmc("123520.00") + gga("123520.00"))
    assert [fix.clock for fix in given] == [45_319_000, 45_320_000]


def test_an_epoch_cut_in_two_gives_one_fix() -> None:
    given = fixes(rmc() + rmc("123520.00") + gga("123519.00") + gga("123520.00"))
    assert [fix.clock for fix in given] == [45_319_000, 45_320_000]


def test_an_instant_that_is_told_again_gives_no_second_fix() -> None:
    """A line that fell quiet in its midst, or a logger that repeats itself."""
    reader = Reader()
    given = reader.push(rmc() + gga()) + reader.flush()
    given += reader.push(rmc() + gga() + rmc("123520.00")) + reader.flush()
    assert [fix.clock for fix in given] == [45_319_000, 45_320_000]


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_how_the_stream_is_cut_into_pieces_changes_nothing(data: st.DataObject) -> None:
    stream = damaged(log("quectel-eg25-g")[:9_000], seed=data.draw(st.integers(0, 50)))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=60)))
    reader, whole = Reader(), Reader()
    pieces = zip([0, *cuts], [*cuts, len(stream)], strict=True)
    given_in_pieces = [fix for start, end in pieces for fix in reader.push(stream[start:end])]
    assert given_in_pieces == whole.push(stream)
    assert vars(reader.counts) == vars(whole.counts)


def references(name: str) -> dict[float, list[tuple[float, float]]]:
    """gpsd's own answers for that log: UTC second to the places it told."""
    told: dict[float, list[tuple[float, float]]] = {}
    for text in (LOGS / f"{name}.log.chk").read_text("latin-1").splitlines():
        tpv = json.loads(text) if text.startswith("{") else {}
        if tpv.get("mode", 0) >= 2 and "time" in tpv and "lat" in tpv:
            time = datetime.fromisoformat(tpv["time"]).timestamp()
            told.setdefault(round(time, 2), []).append((tpv["lat"], tpv["lon"]))
    return told


def matched(name: str) -> tuple[int, int]:
    """How many of gpsd's fixes the reader has to a tenth of a metre, and how many there are."""
    told, found = references(name), 0
    own = {
        round(fix.time.timestamp() + shift, 2): (fix.lat, fix.lon)
        for fix in fixes(log(name))
        if fix.time is not None and fix.lat is not None
        for shift in (0.0, ROLLOVER)
    }
    for time, places in told.items():
        lat, lon = own.get(time) or (None, None)
        found += any(
            lat is not None and lon is not None and abs(lat - a) < 1e-6 and abs(lon - b) < 1e-6
            for a, b in places
        )
    return found, len(told)


@pytest.mark.parametrize("name", NAMES)
def test_every_fix_gpsd_has_of_a_real_receiver_is_found(name: str) -> None:
    found, known = matched(name)
    assert found == known


@pytest.mark.parametrize("name", NAMES)
def test_under_heavy_damage_no_position_is_far_from_the_true_one(name: str) -> None:
    clean = {fix.clock: fix for fix in fixes(log(name)) if fix.lat is not None}
    for seed in range(4):
        for fix in fixes(damaged(log(name), seed)):
            true = clean.get(fix.clock)
            if true is not None and fix.lat is not None and fix.lon is not None:
                assert fix.lat == pytest.approx(true.lat, abs=3e-4)
                assert fix.lon == pytest.approx(true.lon, abs=3e-4)


def test_a_receiver_that_never_had_a_fix_gives_no_position() -> None:
    assert {fix.mode for fix in fixes(log("tn200"))} == {1}
