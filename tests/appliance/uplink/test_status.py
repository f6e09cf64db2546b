"""What the unit says of itself, from what its processes say, however badly they say it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.journal import Journal, JournalReader
from appliance.twins.clock import SettableClock
from appliance.uplink.anchors import Anchors
from appliance.uplink.place import place
from appliance.uplink.status import Moment, is_news, moment
from protocol.event import Key
from protocol.messages import GpsStatus, JournalStatus, Place, Refusal, Status
from protocol.stops import Arrived, Departed


def test_each_process_tells_its_part_and_a_silent_one_leaves_it_unknown() -> None:
    vehicle = {"duty": "paused", "gps": {"state": "no_fix"}, "battery_volts": 12.5, "lamp": "x"}
    keeper = {"disk_free": 5000, "disk_state": "low"}
    screen = {"day_key": "0a" * 32, "faults": ["sealing does not work"]}
    assert moment(vehicle, keeper, screen) == Moment(
        duty="paused",
        gps=GpsStatus(state="no_fix"),
        battery_volts=12.5,
        disk_free=5000,
        day_key="0a" * 32,
        faults=("disk low", "sealing does not work"),
    )
    assert moment(None, None, None) == Moment()


def test_the_faults_of_all_processes_are_told_each_once() -> None:
    vehicle = {
        "power": {"warning": "battery", "seconds_left": 480},
        "battery_low": True,
        "faults": ["the lamp's pin 17 cannot be used", "the card is full"],
    }
    keeper = {"disk_state": "full", "faults": ["screen.db is damaged", "the card is full"]}
    assert moment(vehicle, keeper, None).faults == (
        "battery low",
        "the lamp's pin 17 cannot be used",
        "the card is full",
        "disk full",
        "screen.db is damaged",
    )
    damaged = {"faults": ["screen.db is damaged"]}
    assert moment(None, damaged, damaged).faults == ("screen.db is damaged",)
    assert moment({"power": {"warning": None}, "battery_low": True}, None, None).faults == ()


def test_no_process_can_make_the_status_too_large() -> None:
    faults = moment({"faults": [f"{number:09999d}" for number in range(99)]}, None, None).faults
    assert faults == ("0" * 200,)
    assert len(moment({"faults": [str(number) for number in range(99)]}, None, None).faults) == 10
    odd = {"faults": [3, None, "", ["x"], "true"]}
    assert moment(odd, {"faults": "xy"}, {"faults": {}}).faults == ("true",)


NONSENSE = [None, True, -1, 1e300, float("nan"), "", "x", [], {}, {"state": 3}, {"state": "lost"}]


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "duty",
                "gps",
                "battery_volts",
                "disk_free",
                "disk_state",
                "faults",
                "power",
                "day_key",
            ]
        ),
        st.sampled_from(NONSENSE),
    )
)
def test_nonsense_in_a_file_of_the_moment_is_left_out(told: dict[str, Any]) -> None:
    assert isinstance(moment(told, told, told), Moment)


def status(**other: Any) -> Status:
    journals = {"screen": [JournalStatus(epoch=1, head=5, watermark=3)]}
    return Status(
        **{
            "boot_id": "b",
            "boottime": 1,
            "utc": None,
            "version": "1",
            "journals": journals,
            **other,
        }
    )


@pytest.mark.parametrize(
    ("change", "news"),
    [
        ({"boottime": 9, "utc": 9, "disk_free": 3, "journals": {}}, False),
        ({"gps": GpsStatus(state="fix", satellites=4)}, True),
        ({"duty": "on"}, True),
        ({"faults": ("disk full",)}, True),
        ({"documents": {"tour": 3}}, True),
        ({"place": Place(name="Marché")}, True),
        ({"refused": {"tour": Refusal(revision=3, reason="Expected")}}, True),
        ({"certificate_until": 1_800_000_000_000}, True),
        ({"day_key": "0a" * 32}, True),
    ],
)
def test_facts_are_news_and_counters_are_not(change: dict[str, Any], news: bool) -> None:
    assert is_news(status(), status(**change)) is news


@pytest.fixture
def vehicle(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal.open(tmp_path / "vehicle.db", name="vehicle", clock=SettableClock())
    yield opened
    opened.close()


def seen(journal: Journal, stop: Key | None) -> Place | None:
    with JournalReader.open(journal.path) as reader:
        return place(reader, stop, Anchors(journal.path, journal.clock))


def test_the_place_told_is_the_open_stop_or_the_last_one_left(vehicle: Journal) -> None:
    assert seen(vehicle, None) is None
    square = Arrived(source="gps", lat=47.2, lon=-1.5, name="Place du Marché", commune="44109")
    first = Key(vehicle.epoch, vehicle.append(square))
    second = Key(vehicle.epoch, vehicle.append(Arrived(source="gps", lat=48.0, lon=-1.0, ago=5)))
    here = Place(lat=47.2, lon=-1.5, name="Place du Marché", commune="44109")
    assert seen(vehicle, first) == here
    vehicle.append(Departed(source="both", stop=first, ago=2000))
    assert seen(vehicle, second) == Place(lat=48.0, lon=-1.0)
    assert seen(vehicle, None) == here
    assert seen(vehicle, Key(99, 1)) is None


def test_the_times_of_a_place_are_those_of_the_stop_not_of_its_row(vehicle: Journal) -> None:
    clock = vehicle.clock
    assert isinstance(clock, SettableClock)
    stop = Key(vehicle.epoch, vehicle.append(Arrived(source="gps", ago=60_000)))
    clock.advance(3600)
    vehicle.append(Departed(source="gps", stop=stop, ago=10_000))
    vehicle.database.execute(
        "CREATE TABLE anchor AS SELECT 'boot-1' AS boot_id, 60000 AS boottime,"
        " 1800000000000 AS utc, 'gps' AS source, 50 AS error"
    )
    told = seen(vehicle, None)
    assert told is not None
    assert msgspec.structs.astuple(told)[-2:] == (1_799_999_940_000, 1_800_003_590_000)
