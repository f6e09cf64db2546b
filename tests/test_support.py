"""The broker that tests rely on really runs, dies and forgets."""

import socket

import pytest

from tests.support import Mosquitto, eventually


def test_the_broker_answers_dies_and_comes_back(broker: Mosquitto) -> None:
    broker.kill()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", broker.port), timeout=1)
    broker.wipe()
    broker.start()
    socket.create_connection(("127.0.0.1", broker.port), timeout=1).close()


def test_waiting_gives_up_and_says_what_did_not_happen() -> None:
    with pytest.raises(AssertionError, match="the van flies"):
        eventually(lambda: False, seconds=0.02, what="the van flies")
