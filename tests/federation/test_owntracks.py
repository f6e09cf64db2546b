"""Stops told to OwnTracks: its own message format, each once, and never a place between stops."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import jsonschema_rs
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from federation import owntracks
from federation.config import FederationConfig, OwnTracks, Store
from federation.database import writing_web
from federation.errors import OperatorError
from federation.ledger import Ledger
from federation.owntracks import Key, Known, Message, Stop
from federation.owntracks_publisher import BACK, Publisher
from tests.support import Mosquitto, eventually

NOW = 1_790_000_000_000
FORMAT = jsonschema_rs.validator_for(
    json.loads((Path(__file__).parent / "owntracks.schema.json").read_text())
)


def stop(seq: int = 1, *, arrived: int = NOW - 3_600_000, left: int | None = None) -> Stop:
    return Stop("van-germaine", 7, seq, arrived, left, 47.2, -1.5, "Mairie", "nord", "Germaine")


def told(messages: list[Message]) -> list[tuple[str, str]]:
    """Topic, and what is said."""
    found = []
    for message in messages:
        content = msgspec.json.decode(message.payload)
        found.append((message.topic, content.get("event", content["_type"])))
    return found


def test_a_stop_is_told_once_and_once_when_it_ends() -> None:
    messages, known = owntracks.news([stop()], {}, "owntracks", NOW)
    assert told(messages) == [
        ("owntracks/nord/van-germaine", "location"),
        ("owntracks/nord/van-germaine/event", "enter"),
    ]
    assert [message.retain for message in messages] == [True, False]
    assert owntracks.news([stop()], known, "owntracks", NOW)[0] == []
    messages, known = owntracks.news([stop(left=NOW)], known, "owntracks", NOW)
    assert told(messages) == [
        ("owntracks/nord/van-germaine", "location"),
        ("owntracks/nord/van-germaine/event", "leave"),
    ]


def test_a_vehicle_that_drives_keeps_the_place_of_its_last_stop() -> None:
    _, known = owntracks.news([stop()], {}, "owntracks", NOW)
    messages, _ = owntracks.news([stop(left=NOW)], known, "owntracks", NOW)
    place = msgspec.json.decode(messages[0].payload)
    assert (place["lat"], place["lon"], place.get("inregions")) == (47.2, -1.5, None)


def test_a_stop_that_arrives_late_moves_nobody_back() -> None:
    _, known = owntracks.news([stop(5)], {}, "owntracks", NOW)
    late = stop(2, arrived=NOW - 7_200_000, left=NOW - 5_000_000)
    messages, _ = owntracks.news([stop(5), late], known, "owntracks", NOW)
    assert told(messages) == [
        ("owntracks/nord/van-germaine/event", "enter"),
        ("owntracks/nord/van-germaine/event", "leave"),
    ]


TEXT = st.text(max_size=8)
STOPS = st.builds(
    Stop, st.just("van-germaine"), st.integers(1, 3), st.integers(1, 5),
    st.integers(0, 2**42), st.none() | st.integers(0, 2**42),
    st.floats(-90, 90), st.floats(-180, 180), TEXT, TEXT, TEXT,
)  # fmt: skip


@given(st.lists(STOPS, unique_by=lambda each: each.key), st.lists(STOPS))
def test_every_message_is_as_owntracks_says(stops: list[Stop], before: list[Stop]) -> None:
    known: dict[Key, Known] = {}
    for each in (before, stops):
        messages, known = owntracks.news({s.key: s for s in each}.values(), known, "o", NOW)
        for message in messages:
            FORMAT.validate(msgspec.json.decode(message.payload))
            assert message.topic.count("/") == (3 if b'"transition"' in message.payload else 2)
            assert not {"+", "#", "\0"} & set(message.topic)
        assert owntracks.news({s.key: s for s in each}.values(), known, "o", NOW)[0] == []


class Listener:
    """Somebody else's map."""

    def __init__(self, port: int) -> None:
        self.heard: list[tuple[str, dict[str, object]]] = []
        self._client = Client(CallbackAPIVersion.VERSION2, "map", protocol=MQTTv5)
        self._client.on_message = lambda _c, _d, message: self.heard.append(
            (message.topic, json.loads(message.payload))
        )
        self._client.on_connect = lambda client, *_: client.subscribe("owntracks/#", qos=1)
        self._subscribed = False
        self._client.on_subscribe = lambda *_: setattr(self, "_subscribed", True)
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        eventually(lambda: self._subscribed)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture
def anybodys(tmp_path: Path) -> Iterator[Mosquitto]:
    """A broker that is none of ours."""
    with Mosquitto(tmp_path / "other", trusted=None) as running:
        yield running


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A ledger with one stop of a vehicle, and one of a unit in none."""
    kept = Store(data=tmp_path / "data")
    with writing_web(kept, REGISTRY):
        pass
    ledger = Ledger.open(kept)
    now = int(time.time() * 1000)
    rows = [("van-germaine", now - 60_000), ("van-nobody", now), ("van-germaine", now - 2 * BACK)]
    for number, (unit, arrived) in enumerate(rows):
        ledger.database.execute(
            "INSERT INTO stop (unit, epoch, seq, day, source, arrived, open, lat, lon, name,"
            " commune, territory_class) VALUES (?, 7, ?, '', 'gps', ?, 1, 47.2, -1.5, 'Mairie',"
            " '', '')",
            (unit, number, arrived),
        )
    ledger.close()
    return kept


def publisher(store: Store, port: int) -> Publisher:
    settings = FederationConfig(
        store=store, owntracks=OwnTracks(host="127.0.0.1", port=port, tls=False)
    )
    return Publisher(settings, utc=lambda: int(time.time() * 1000), wait=time.sleep)


def test_a_real_broker_hears_of_each_stop_once(store: Store, anybodys: Mosquitto) -> None:
    listener = Listener(anybodys.port)
    for _ in range(2):  # the second is a restart
        made = publisher(store, anybodys.port)
        made.step(10.0)
        made.step(20.0)
        made.close()
    eventually(lambda: len(listener.heard) >= 2)
    listener.close()
    assert [(topic, said["_type"]) for topic, said in listener.heard] == [
        ("owntracks/nord/van-germaine", "location"),
        ("owntracks/nord/van-germaine/event", "transition"),
    ]


def test_what_no_broker_took_is_told_later(
    store: Store, anybodys: Mosquitto, caplog: pytest.LogCaptureFixture
) -> None:
    anybodys.stop()
    made = publisher(store, anybodys.port)
    for moment in (10.0, 50.0, 90.0):
        made.step(moment)
    assert len([each for each in caplog.records if "no stop is published" in each.message]) == 1
    anybodys.start()
    listener = Listener(anybodys.port)
    made.step(130.0)
    eventually(lambda: len(listener.heard) == 2)
    made.close()
    listener.close()


def test_without_a_broker_of_that_name_it_does_not_start(store: Store) -> None:
    with pytest.raises(OperatorError, match=r"\[owntracks\] host is empty"):
        Publisher(FederationConfig(store=store), utc=lambda: 0, wait=time.sleep)


REGISTRY = """
CREATE TABLE territory (id INTEGER PRIMARY KEY, code TEXT, name TEXT);
CREATE TABLE centre (id INTEGER PRIMARY KEY, territory_id INTEGER, name TEXT);
CREATE TABLE vehicle (id INTEGER PRIMARY KEY, name TEXT, kind TEXT, centre_id INTEGER, zone TEXT,
    target_people INTEGER, target_measure TEXT, retired INTEGER);
CREATE TABLE box (unit TEXT, vehicle_id INTEGER, since INTEGER, until INTEGER);
INSERT INTO territory VALUES (1, 'nord', 'Nord');
INSERT INTO centre VALUES (1, 1, 'Les Lilas');
INSERT INTO vehicle VALUES (1, 'Germaine', 'camion', 1, 'Europe/Paris', NULL, 'passages', 0);
INSERT INTO box VALUES ('van-germaine', 1, 0, NULL);
"""
