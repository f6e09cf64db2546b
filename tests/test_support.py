"""The broker that tests rely on really runs, dies and forgets."""

import socket
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from tests.support import Mosquitto, eventually
from tests.trusted import Trusted


def test_the_broker_answers_dies_and_comes_back(broker: Mosquitto) -> None:
    broker.kill()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", broker.port), timeout=1)
    broker.wipe()
    broker.start()
    socket.create_connection(("127.0.0.1", broker.port), timeout=1).close()


def test_with_an_authority_the_broker_knows_a_client_by_its_certificate(
    tmp_path: Path, trusted: Trusted
) -> None:
    rules = "user service-a\ntopic readwrite #\n"
    with Mosquitto(tmp_path / "broker", trusted=trusted, acl=rules) as broker:
        codes: dict[str, str] = {}
        for name in ("service-a", "service-b"):
            client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
            client.on_publish = lambda _c, _u, _m, code, _p, name=name: codes.update(
                {name: str(code)}
            )
            client.tls_set_context(trusted.tls(tmp_path, name))
            client.connect("127.0.0.1", broker.port)
            while name not in codes:
                client.loop(0.05)
                if client.is_connected() and not client.want_write():
                    client.publish("x", b"y", qos=1)
            client.disconnect()
    assert codes == {"service-a": "No matching subscribers", "service-b": "Not authorized"}


def test_waiting_gives_up_and_says_what_did_not_happen() -> None:
    with pytest.raises(AssertionError, match="the van flies"):
        eventually(lambda: False, seconds=0.02, what="the van flies")
