"""A bundle closed with a typed code: it opens with that code, unchanged, and with no other."""

import pytest

from protocol import enrolment, installation, messages
from protocol.enrolment import Bundle
from protocol.errors import ProtocolError
from protocol.installation import Installation

CODE = "7K3M9QXW2PZT4HJD"
BUNDLE = Bundle(
    unit="van-germaine", vehicle_name="Germaine", territory="Loire", centre="Halles",
    profile="camion", zone="Europe/Paris", broker_host="b", broker_port=8883, root="r",
    device_authority="d", bootstrap_certificate="c", bootstrap_key="k", trust=b"t",
    reset_secret=b"s" * 32,
)  # fmt: skip


def test_it_opens_with_its_code() -> None:
    closed = installation.close(BUNDLE, CODE)
    content = installation.open_bundle(closed, installation.keys(CODE))
    assert enrolment.read_bundle(content) == BUNDLE


def test_its_name_and_bytes_tell_nothing() -> None:
    closed = installation.close(BUNDLE, CODE)
    told = messages.encode(closed)
    assert b"germaine" not in told.lower()
    assert installation.keys(CODE).key.hex() not in closed.name


def test_no_changed_byte_opens() -> None:
    closed, drawn = installation.close(BUNDLE, CODE), installation.keys(CODE)
    for at in range(len(closed.bundle)):
        spoilt = bytearray(closed.bundle)
        spoilt[at] ^= 1
        with pytest.raises(ProtocolError):
            installation.open_bundle(Installation(name=closed.name, bundle=bytes(spoilt)), drawn)


def test_another_code_opens_nothing() -> None:
    closed = installation.close(BUNDLE, CODE)
    with pytest.raises(ProtocolError):
        installation.open_bundle(closed, installation.keys("8K3M9QXW2PZT4HJD"))
