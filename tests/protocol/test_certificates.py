"""Whose certificate counts: of that very authority, in that name, for a client, in its time."""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from protocol import certificates
from protocol.errors import ProtocolError
from provisioning import issuing
from provisioning.issuing import Issuer
from tests.trusted import Trusted

TRUSTED, ANOTHER = Trusted(), Trusted()
NOW, LIFE = TRUSTED.now, timedelta(days=90)
KEY = Ed25519PrivateKey.generate()
UNIT = "van-germaine"


def client(by: Issuer = TRUSTED.devices, name: str = UNIT) -> x509.Certificate:
    return issuing.issue_client(by, KEY.public_key(), name, NOW, LIFE)


def test_a_certificate_as_it_is_issued_gives_its_key() -> None:
    found = certificates.check(client(), TRUSTED.devices.certificate, name=UNIT, now=NOW)
    assert found == KEY.public_key()


BAD = {
    "in another name": client(name="van-marius"),
    "of another root's authority": client(ANOTHER.devices),
    "of the servers' authority": client(TRUSTED.servers),
    "of the root itself": client(TRUSTED.root),
    "for being a server": issuing.issue_server(
        TRUSTED.devices, KEY.public_key(), ["localhost"], NOW, UNIT
    ),
    "the authority's own": TRUSTED.devices.certificate,
}


@pytest.mark.parametrize("what", BAD)
def test_another_is_refused(what: str) -> None:
    with pytest.raises(ProtocolError):
        certificates.check(BAD[what], TRUSTED.devices.certificate, name=UNIT, now=NOW)


@pytest.mark.parametrize("days", [-1, 91])
def test_one_out_of_its_time_is_refused(days: int) -> None:
    moment = NOW + timedelta(days=days)
    with pytest.raises(ProtocolError, match="valid from"):
        certificates.check(client(), TRUSTED.devices.certificate, name=UNIT, now=moment)


@pytest.mark.parametrize(
    ("authority", "root"),
    [
        (TRUSTED.servers, TRUSTED.root),
        (ANOTHER.devices, TRUSTED.root),
        (Issuer(KEY, client()), TRUSTED.devices),
    ],
    ids=["the servers'", "another root's", "a unit"],
)
def test_nobody_else_is_taken_for_an_authority_of_units(authority: Issuer, root: Issuer) -> None:
    with pytest.raises(ProtocolError):
        certificates.check_authority(authority.certificate, root.certificate, now=NOW)
