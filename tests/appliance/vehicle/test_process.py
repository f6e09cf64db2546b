"""The vehicle at work on a real serial line: what its journal says at the end."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from appliance import runtime
from appliance.clock import read_anchor, utc_at
from appliance.errors import JournalRefused
from appliance.journal import Journal
from protocol.documents import PlannedStop, Tour, Tours
from protocol.duty import Ended, Paused, Resumed, Started
from protocol.stops import Arrived, Corrected, Departed
from protocol.unit import Booted, ClockSet
from tests.appliance.vehicle.van import MORNING, Van

METRE = 1 / 111_195


@pytest.fixture
def van(tmp_path: Path) -> Iterator[Van]:
    van = Van(tmp_path)
    yield van
    van.close()


def a_tour(van: Van, *stops: PlannedStop, depot: PlannedStop | None = None) -> None:
    """As the uplink would keep it."""
    tours = Tours(tours=(Tour(day="2026-03-17", name="mardi", stops=stops),), depot=depot)
    data = van.config.paths.data
    uplink = Journal.open(data / "uplink.db", name="uplink", clock=van.clock)
    row = {"kind": "tour", "revision": 1, "body": msgspec.json.encode(tours), "applied": 0}
    uplink.database["document"].insert(row, pk="kind")
    uplink.close()


def a_planned_stop(name: str, lat: float, **more: int) -> PlannedStop:
    hours = {"opens": 8 * 60, "closes": 23 * 60, **more}
    return PlannedStop(id=name, name=name.title(), lat=lat, lon=-1.6, commune="35238", **hours)


def test_a_stop_is_logged_with_its_place_and_its_true_times(van: Van) -> None:
    van.on_duty().drive(60)
    van.park(400)
    van.drive(200)
    arrival, departure = van.entries("stop.arrived", "stop.departed")
    assert isinstance(arrival.event, Arrived)
    assert (arrival.event.source, arrival.event.stop, arrival.event.commune) == ("gps", None, None)
    assert arrival.event.lat == pytest.approx(48.1 + 60 * 12 * METRE, abs=5e-5)
    assert van.happened(arrival) == pytest.approx(61, abs=3)
    assert departure.event == Departed(
        source="gps",
        stop=arrival.key,
        ago=departure.event.ago,  # type: ignore[union-attr]
    )
    assert van.happened(departure) == pytest.approx(460, abs=5)


def test_every_row_of_the_boot_can_be_dated_the_first_one_too(van: Van) -> None:
    van.on_duty().park(20, sky=False)
    van.park(300)
    anchor = read_anchor(van.config.paths.data / "vehicle.db", van.clock.boot_id)
    assert anchor is not None
    boot, clock_set, arrival = van.entries("unit.booted", "clock.set", "stop.arrived")
    began = MORNING.timestamp() * 1000
    assert abs(utc_at(anchor, boot.boottime) - began) < 2000
    assert isinstance(boot.event, Booted)
    assert isinstance(clock_set.event, ClockSet)
    assert boot.key.seq == 1
    assert abs(utc_at(anchor, arrival.boottime) - began - van.happened(arrival)) < 220_000


def test_the_planned_stop_of_today_gives_name_and_commune(tmp_path: Path) -> None:
    van = Van(tmp_path)
    van.vehicle.close()
    a_tour(van, a_planned_stop("halles", 48.1 + 100 * METRE), a_planned_stop("ecole", 48.3))
    van.start()
    van.on_duty().park(200)
    (arrival,) = van.stops()
    assert isinstance(arrival, Arrived)
    assert (arrival.planned, arrival.name, arrival.commune) == ("halles", "Halles", "35238")
    van.close()


def test_the_drivers_touch_gives_the_time_and_the_first_word_the_key(van: Van) -> None:
    van.on_duty().drive(60)
    van.park(30)
    word = van.say(Arrived(source="driver"))
    said_at = van.road.seconds
    van.park(300)
    leaving = van.say(Departed(source="driver"))
    van.park(30)
    van.drive(100)
    arrivals = van.entries("stop.arrived")
    assert {entry.event.source for entry in arrivals} == {"both"}  # type: ignore[union-attr]
    assert {(entry.event.stop, entry.event.cites) for entry in arrivals} == {(word, word)}  # type: ignore[union-attr]
    assert [van.happened(entry) for entry in arrivals] == [said_at] * len(arrivals)
    (departure,) = van.entries("stop.departed")
    assert departure.event == Departed(
        source="both",
        stop=word,
        cites=leaving,
        ago=departure.event.ago,  # type: ignore[union-attr]
    )


def test_a_touch_after_the_stop_was_logged_cites_the_word_and_keeps_the_key(van: Van) -> None:
    van.on_duty().park(200)
    word = van.say(Arrived(source="driver"))
    van.park(10)
    first, second = van.entries("stop.arrived")
    assert isinstance(second.event, Arrived)
    assert (second.event.source, second.event.stop, second.event.cites) == ("both", first.key, word)
    assert second.event.lat is not None
    assert van.told()["stop"] == [first.key.epoch, first.key.seq]


def test_off_duty_nothing_of_the_vehicle_is_recorded(van: Van) -> None:
    van.park(400)
    van.drive(100)
    van.park(400)
    assert van.stops() == []
    assert van.vehicle._journal.database["track"].count == 0
    told = van.told()
    assert (told["duty"], told["stop"], told["provisional"], told["place"]) == (
        "off",
        None,
        None,
        None,
    )
    assert told["gps"]["state"] == "off_duty"
    assert van.entries("clock.set") != []


def test_the_end_of_duty_ends_the_stop_and_what_follows_is_nobodys(van: Van) -> None:
    van.on_duty().park(300)
    word = van.say(Ended())
    van.park(300)
    van.drive(100)
    van.park(300)
    arrived, departed = van.entries("stop.arrived", "stop.departed")
    assert isinstance(departed.event, Departed)
    assert (departed.event.cites, departed.event.stop) == (word, arrived.key)
    rows = list(van.vehicle._journal.database.query("SELECT fixes FROM track"))
    assert sum(len(msgspec.msgpack.decode(row["fixes"])) for row in rows) <= 302


def test_after_a_break_at_the_same_place_the_stop_goes_on_as_one(van: Van) -> None:
    van.on_duty().park(300)
    van.say(Paused())
    van.park(600, stride=10)
    van.say(Resumed())
    van.park(300)
    _, departed, corrected = van.stops()
    stop = van.entries("stop.arrived")[0].key
    assert isinstance(departed, Departed)
    assert corrected == Corrected(stop=stop, still_there=True)
    assert van.told()["stop"] == [stop.epoch, stop.seq]


def test_a_service_forgotten_at_the_depot_ends_by_itself(tmp_path: Path) -> None:
    van = Van(tmp_path)
    van.vehicle.close()
    depot = a_planned_stop("depot", 48.1 + 200 * 12 * METRE)
    a_tour(van, depot=depot)
    van.start()
    van.on_duty().park(300)
    van.drive(200)
    van.park(31 * 60, stride=5)
    (ended,) = van.entries("duty.ended")
    assert ended.event == Ended(reason="depot")
    assert isinstance(van.stops()[-1], Departed)
    van.park(60)
    assert van.told()["duty"] == "off"
    van.close()


@pytest.mark.parametrize("seconds_off", [40, 1800])
def test_a_power_cut_inside_a_stop_leaves_one_stop(van: Van, seconds_off: int) -> None:
    van.on_duty().drive(60)
    van.park(300)
    van.crash(seconds_off=seconds_off)
    van.park(30, sky=False)
    van.park(300)
    van.drive(200)
    arrived, departed = van.entries("stop.arrived", "stop.departed")
    assert departed.event.stop == arrived.key  # type: ignore[union-attr]
    assert van.happened(departed) == pytest.approx(60 + 300 + seconds_off + 330, abs=6)
    boots = [entry.event for entry in van.entries("unit.booted")]
    assert [boot.last_stop for boot in boots] == ["unknown", "power_cut"]  # type: ignore[union-attr]


def test_a_power_cut_before_the_stop_is_logged_loses_it_not(van: Van) -> None:
    van.on_duty().drive(60)
    van.park(120)
    van.crash(seconds_off=20)
    van.park(30, sky=False)
    van.park(200)
    (arrived,) = van.entries("stop.arrived")
    assert van.happened(arrived) == pytest.approx(61, abs=75)


def test_the_process_alone_restarted_begins_no_boot_and_no_second_stop(van: Van) -> None:
    van.on_duty().park(300)
    van.crash(reboot=False)
    van.park(300)
    assert len(van.entries("unit.booted")) == 1
    assert len(van.entries("clock.set")) == 1
    assert len(van.entries("stop.arrived")) == 1


def test_a_clean_stop_is_told_at_the_next_boot(van: Van) -> None:
    van.park(10)
    van.vehicle.close()
    van.clock.reboot()
    van.start()
    boots = [entry.event for entry in van.entries("unit.booted")]
    assert [boot.last_stop for boot in boots] == ["unknown", "clean"]  # type: ignore[union-attr]


def test_unplugged_and_plugged_in_elsewhere_the_stop_goes_on(tmp_path: Path) -> None:
    van = Van(tmp_path, gps={"port": str(tmp_path / "dev" / "*")})
    van.on_duty().park(250)
    van.unplug()
    van.nothing_heard(20)
    assert van.told()["gps"]["state"] == "absent"
    van.plug(tmp_path / "dev" / "other")
    van.park(250)
    van.drive(150)
    assert [event.TYPE for event in van.stops()] == ["stop.arrived", "stop.departed"]
    van.close()


def test_garbage_on_the_line_makes_no_event_and_stops_nothing(van: Van) -> None:
    van.on_duty().park(200)
    head = van.vehicle._journal.head
    for seed in range(30):
        van.noise(bytes((seed * 37 + index * 91) % 256 for index in range(500)))
    assert van.vehicle._journal.head == head
    van.park(100)
    van.drive(100)
    assert [event.TYPE for event in van.stops()] == ["stop.arrived", "stop.departed"]


def test_a_receiver_1024_weeks_behind_gives_the_true_date(van: Van) -> None:
    van.road.error = -timedelta(weeks=1024)
    van.on_duty().park(300)
    (told,) = van.entries("clock.set")
    assert isinstance(told.event, ClockSet)
    assert 0 <= told.event.utc - MORNING.timestamp() * 1000 <= 10_000
    assert len(van.stops()) == 1


def test_a_disk_that_refuses_everything_stops_nothing_and_loses_no_stop(
    van: Van, monkeypatch: pytest.MonkeyPatch
) -> None:
    van.on_duty().park(60)

    def refuse(*_: object) -> None:
        raise JournalRefused("full", "the disk is full")

    with monkeypatch.context() as full:
        full.setattr(Journal, "_insert", refuse)
        van.park(240)
        van.drive(10)
        told = van.told()
        assert told["refused"] > 0
        assert (told["lamp"], told["faults"]) == ("fault", ["the disk is full"])
        assert van.stops() == []
    van.drive(150)
    arrived, departed = van.entries("stop.arrived", "stop.departed")
    assert van.happened(arrived) <= 3
    assert van.happened(departed) == pytest.approx(300, abs=5)
    assert van.told()["faults"] == []


def test_duty_said_by_a_technician_counts_and_the_latest_word_wins(van: Van) -> None:
    data = van.config.paths.data
    cli = Journal.open(data / "cli.db", name="cli", clock=van.clock)
    cli.append(Started())
    van.park(3)
    assert van.told()["duty"] == "on"
    van.say(Ended())
    van.park(3)
    assert van.told()["duty"] == "off"
    cli.append(Started())
    cli.close()
    van.park(3)
    assert van.told()["duty"] == "on"


def test_what_may_become_a_stop_is_shown_after_a_minute_with_its_name(tmp_path: Path) -> None:
    van = Van(tmp_path)
    van.vehicle.close()
    a_tour(van, a_planned_stop("halles", 48.1))
    van.start()
    van.on_duty().park(50)
    assert van.told()["provisional"] is None
    van.park(60)
    told = van.told()
    assert (told["provisional"]["name"], told["stop"], told["moving"]) == ("Halles", None, False)
    assert abs(van.clock.now - told["provisional"]["arrived"] - 110_000) < 4000
    van.park(100)
    assert van.told()["stop"] is not None
    assert van.told()["place"]["commune"] == "35238"
    van.drive(5)
    assert van.told()["moving"] is True
    van.close()


def test_the_lamp_the_buzzer_and_the_warning_follow_the_pins(tmp_path: Path) -> None:
    pins: dict[str, object] = {"ignition": 17, "battery_low": 4, "lamp": 27, "buzzer": 22}
    van = Van(tmp_path, panel=pins)
    panel = van.vehicle._board.panel
    assert panel.factory is not None
    panel.factory.pin("GPIO4").drive_high()
    van.on_duty().park(30)
    told = van.told()
    assert told["lamp"] == "kept"
    assert (told["battery_low"], told["ignition"]) == (True, False)
    assert told["power"]["warning"] == "battery"
    assert 570 <= told["power"]["seconds_left"] <= 595
    van.park(600, stride=5)
    assert van.told()["power"]["shutdown"] == "battery"
    van.close()


def test_the_buzzer_sounds_softly_while_help_is_asked_for(tmp_path: Path) -> None:
    van = Van(tmp_path, panel={"buzzer": 22})
    factory = van.vehicle._board.panel.factory
    assert factory is not None
    buzzer = factory.pin("GPIO22")
    van.park(10)
    assert {state.state for state in buzzer.states} == {False}
    runtime.publish(van.config.paths.run, "screen", {"help": 1000, "at": None})
    van.park(20)
    assert {state.state for state in buzzer.states} == {True, False}
    assert van.told()["rings"] is True
    van.close()


def test_a_vehicle_without_a_buzzer_says_that_nothing_rings(tmp_path: Path) -> None:
    van = Van(tmp_path)
    van.park(10)
    assert van.told()["rings"] is False
    van.close()


def test_off_duty_with_the_key_out_the_unit_says_that_it_stops_and_on_duty_never(
    tmp_path: Path,
) -> None:
    van = Van(tmp_path, panel={"ignition": 17, "poweroff": True})
    van.on_duty().park(900, stride=5)
    assert van.told()["power"]["shutdown"] is None
    van.say(Ended())
    van.park(310, stride=5)
    assert van.told()["power"]["shutdown"] == "ignition"
    van.close()


def test_a_run_folder_that_takes_nothing_is_a_fault_the_lamp_shows(tmp_path: Path) -> None:
    van = Van(tmp_path)
    van.park(5)
    for path in van.config.paths.run.iterdir():
        path.unlink()
    van.config.paths.run.rmdir()
    van.config.paths.run.write_text("in the way", encoding="utf-8")
    van.park(5)
    assert van.vehicle._board.lamp == "fault"
    van.config.paths.run.unlink()
    van.park(5)
    assert (van.told()["lamp"], van.told()["faults"]) == ("kept", [])
    van.close()
