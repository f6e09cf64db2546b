"""Whose signature counts: certificates that prove themselves, for as long as they are good."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

from federation.config import Store
from federation.ingest import Ingest
from federation.ingest_keys import IngestKeys
from federation.ledger import Ledger
from federation.revoked import RevocationFile
from federation.source import Delivery
from federation.twins.queue import Queue
from protocol import batch, certificates, signing
from protocol.errors import ProtocolError
from protocol.messages import Receipt
from provisioning import issuing
from provisioning.issuing import Issuer
from tests.trusted import Trusted, put

from .bench import Bench, link, numbers, status
from .van import TRUSTED, Van, signed

UNIT = "van-denise"
DAY = timedelta(days=1)
MAY = datetime(2026, 5, 4, 9, tzinfo=UTC)


class Year:
    """An authority, a unit, and ingest, with a clock that a test moves."""

    def __init__(self, store: Store) -> None:
        self.now, self.store = MAY, store
        self.trusted = Trusted()
        self.trusted.receipts = TRUSTED.receipts
        self.authorities = [self.trusted.devices]
        self.lists = store.data / "revoked.pem"
        self.revoke()
        self.ledger, self.queue = Ledger.open(store), Queue()
        self.open()
        self.key, self.certificate = self.issue()
        self.van = Van(UNIT)

    def open(self) -> None:
        """Ingest starts."""
        authorities = tuple(issuer.certificate for issuer in self.authorities)
        keys = IngestKeys(
            authorities, RevocationFile(self.lists, authorities), self.trusted.receipts
        )
        ingest = Ingest(self.ledger, self.queue, self.store, keys, utc=self.utc)
        self.bench = Bench(self.ledger, self.queue, ingest, self.store)

    def utc(self) -> int:
        return int(self.now.timestamp() * 1000)

    def issue(
        self, name: str = UNIT, *, by: Issuer | None = None, days: int = 90
    ) -> tuple[Ed25519PrivateKey, bytes]:
        """A new key and its certificate, from now on."""
        key, life = Ed25519PrivateKey.generate(), timedelta(days=days)
        issuer = by or self.trusted.devices
        made = issuing.issue_client(issuer, key.public_key(), name, self.now, life)
        return key, made.public_bytes(Encoding.DER)

    def revoke(self, *certificates_: bytes) -> None:
        """Every authority makes its list anew."""
        serials = {certificates.read(der).serial_number: self.now for der in certificates_}
        lists = [
            issuing.pem(issuing.revocation_list(issuer, serials, 1, self.now))
            for issuer in self.authorities
        ]
        put(self.lists, "".join(lists))
        os.utime(self.lists, ns=(0, len(certificates_) + self.now.toordinal()))

    def born(self, certificate: bytes | None = None) -> None:
        shown = self.certificate if certificate is None else certificate
        self.bench.arrive(link(UNIT, certificate=shown))

    def says(self, key: Ed25519PrivateKey | None = None) -> Delivery:
        """The van's next row, signed."""
        self.van.note(self.van.head + 1)
        head = self.van.head
        rows = batch.properties(self.van.header(head, head))[0][1]
        return signed(UNIT, rows, self.van.payload(head, head), key=key or self.key)

    def stored(self) -> list[int]:
        return numbers(self.bench.bodies())


@pytest.fixture
def year(store: Store) -> Iterator[Year]:
    made = Year(store)
    yield made
    made.ledger.close()


def test_a_birth_brings_the_certificate_that_batches_are_believed_by(year: Year) -> None:
    year.born()
    year.bench.arrive(year.says())
    assert year.stored() == [1]
    assert year.bench.ask("SELECT unit, der FROM certificate") == [(UNIT, year.certificate)]


def test_it_is_remembered_when_ingest_starts_again(year: Year) -> None:
    year.born()
    year.open()
    year.bench.arrive(year.says())
    assert year.stored() == [1]


def test_what_came_before_the_birth_is_unanswered_and_read_when_the_key_is_known(
    year: Year,
) -> None:
    year.bench.arrive(year.says(), year.says())
    assert (year.stored(), year.bench.queue.sent) == ([], [])
    year.born()
    assert year.stored() == [1, 2]
    assert year.bench.receipt(UNIT).epochs["7"].stored_to == 2
    assert year.bench.ask("SELECT settled, payload FROM quarantine") == [(1, b"")] * 2


def test_a_unit_whose_batches_nobody_answered_recovers_by_sending_them_again(year: Year) -> None:
    first = year.says()
    year.bench.arrive(first)
    year.bench.ask("DELETE FROM quarantine")
    year.born()
    assert year.bench.receipt(UNIT) == Receipt(epochs={})
    year.bench.arrive(first)
    assert year.bench.receipt(UNIT).epochs["7"].stored_to == 1


def test_a_fresh_ledger_learns_it_again_from_the_retained_birth(year: Year, tmp_path: Path) -> None:
    year.born()
    year.ledger.close()
    year.ledger = Ledger.open(Store(data=tmp_path / "fresh"))
    year.open()
    waiting = year.says()
    year.bench.arrive(waiting, link(UNIT, certificate=year.certificate))
    assert year.stored() == [1]


def test_what_waited_while_the_certificate_was_renewed_is_believed(year: Year) -> None:
    year.born()
    waiting = year.says()
    year.now += 60 * DAY
    new_key, new = year.issue()
    year.born(new)
    year.bench.arrive(waiting, year.says(new_key))
    assert year.stored() == [1, 2]


def test_a_certificate_counts_a_day_longer_than_it_lasts_and_no_more(year: Year) -> None:
    year.born()
    year.now += 91 * DAY - timedelta(seconds=1)
    year.bench.arrive(year.says())
    assert year.stored() == [1]
    year.now += timedelta(seconds=2)
    year.bench.arrive(year.says())
    assert year.stored() == [1]
    assert year.bench.ask("SELECT not_authentic FROM unit") == [(1,)]


def test_what_could_not_be_read_is_believed_by_the_time_it_came(
    year: Year, monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_yet(_payload: bytes) -> batch.Batch:
        raise ProtocolError("batch format 2 is newer than this software, which knows 1")

    year.born()
    with monkeypatch.context() as old_software:
        old_software.setattr(batch, "decode", not_yet)
        year.bench.arrive(year.says())
    year.now += 365 * DAY
    year.open()
    assert year.stored() == [1]


def test_a_revoked_certificate_counts_no_more_from_the_moment_its_list_is_there(
    year: Year,
) -> None:
    year.born()
    year.bench.arrive(year.says())
    year.revoke(year.certificate)
    year.bench.arrive(year.says())
    year.born()
    year.bench.arrive(year.says())
    assert year.stored() == [1]
    year.open()
    year.bench.arrive(year.says())
    assert year.stored() == [1]


@pytest.mark.parametrize("at", ["work", "its start"])
def test_a_revoked_certificate_takes_along_the_day_key_it_vouched_for(year: Year, at: str) -> None:
    today = "0a" * 32
    year.born()
    proof = signing.prove(year.key, "day", UNIT, bytes.fromhex(today))
    year.bench.arrive(status(UNIT, day_key=today, day_proof=proof))
    assert year.bench.ask("SELECT day_key FROM unit") == [(today,)]
    year.revoke(year.certificate)
    if at == "work":
        year.bench.step()
    else:
        year.open()
    assert year.bench.ask("SELECT day_key FROM unit") == [(None,)]


def test_the_name_may_be_enrolled_again_after_that(year: Year) -> None:
    year.born()
    year.revoke(year.certificate)
    key, new = year.issue()
    year.born(new)
    year.bench.arrive(year.says(key))
    assert year.stored() == [1]


def test_two_authorities_count_while_one_takes_over_from_the_other(year: Year) -> None:
    year.born()
    successor = issuing.make_authority(year.trusted.root, "devices", "test", MAY)
    year.authorities.append(successor)
    year.revoke()
    year.open()
    new_key, new = year.issue(by=successor)
    year.born(new)
    year.bench.arrive(year.says(), year.says(new_key))
    assert year.stored() == [1, 2]
    year.authorities.pop(0)
    year.revoke()
    year.open()
    year.bench.arrive(year.says(), year.says(new_key))
    assert year.stored() == [1, 2, 4]


class TestCertificatesThatDoNotCount:
    def refused(self, year: Year, key: Ed25519PrivateKey, der: bytes) -> str:
        """Why; fails when it is believed all the same."""
        year.born(der)
        year.bench.arrive(year.says(key))
        assert year.stored() == []
        assert year.bench.ask("SELECT * FROM certificate") == []
        assert year.bench.ask("SELECT online FROM unit") == [(1,)]
        return year.bench.ask("SELECT reason FROM quarantine")[0][0]

    def test_of_another_authority(self, year: Year) -> None:
        self.refused(year, *year.issue(by=Trusted().devices))

    def test_of_the_authority_for_servers(self, year: Year) -> None:
        self.refused(year, *year.issue(by=year.trusted.servers))

    def test_of_the_root_itself(self, year: Year) -> None:
        self.refused(year, *year.issue(by=year.trusted.root))

    def test_of_another_unit(self, year: Year) -> None:
        self.refused(year, *year.issue("van-simone"))

    def test_that_may_only_ask_for_enrolment(self, year: Year) -> None:
        self.refused(year, *year.issue(f"enrol-{UNIT}"))

    def test_that_has_ended(self, year: Year) -> None:
        key, der = year.issue(days=1)
        year.now += 2 * DAY
        self.refused(year, key, der)

    def test_that_has_not_begun(self, year: Year) -> None:
        year.now += 2 * DAY
        key, der = year.issue()
        year.now -= 2 * DAY
        self.refused(year, key, der)

    def test_of_a_server(self, year: Year) -> None:
        key = Ed25519PrivateKey.generate()
        made = issuing.issue_server(year.trusted.devices, key.public_key(), [UNIT], MAY)
        self.refused(year, key, made.public_bytes(Encoding.DER))

    def test_self_made(self, year: Year) -> None:
        key = Ed25519PrivateKey.generate()
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, UNIT)])
        builder = x509.CertificateBuilder(name, name, key.public_key(), 1, MAY, MAY + 90 * DAY)
        self.refused(year, key, builder.sign(key, None).public_bytes(Encoding.DER))

    @pytest.mark.parametrize("der", [b"", b"junk", b"\x30\x03\x02\x01\x01"])
    def test_that_is_none(self, year: Year, der: bytes) -> None:
        self.refused(year, year.key, der)

    def test_a_unit_called_like_one_that_may_only_enrol_has_none(self, year: Year) -> None:
        name = "enrol-abc"
        year.bench.arrive(link(name, certificate=year.issue(name)[1]))
        assert year.bench.ask("SELECT * FROM certificate") == []

    def test_it_is_said_once(self, year: Year, caplog: pytest.LogCaptureFixture) -> None:
        for _ in range(3):
            year.born(b"junk")
        assert len(caplog.records) == 1
        assert "the certificate of its birth does not count" in caplog.text
