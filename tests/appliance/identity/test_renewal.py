"""The next certificate: asked for in time, believed only when right, and never a way to be lost."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from cryptography import x509

from appliance.identity import pending, renewal, store
from appliance.identity.renewal import ASK_EVERY, SPREAD, TRIES, Renewal
from appliance.identity.trusted import TrustStore
from protocol import certificates, closed_keys, enrolment, messages
from protocol.enrolment import Answer
from provisioning import issuing
from tests.appliance.identity.answering import UNIT, Authority
from tests.trusted import Trusted

DAY = 86_400_000
NOW = int(datetime.now(UTC).timestamp() * 1000)
DUE = NOW + 61 * DAY
"""A day after a new certificate's third third begins."""


@pytest.fixture
def authority(trusted: Trusted) -> Authority:
    made = Authority(trusted)
    made.now = datetime.fromtimestamp(DUE / 1000, UTC)
    return made


@pytest.fixture
def data(trusted: Trusted, tmp_path: Path) -> Path:
    trusted.identity_of(UNIT, tmp_path)
    return tmp_path


def unit_at(data: Path, chance: float = 0.0) -> Renewal:
    return Renewal(data, UNIT, chance=lambda: chance)


def answer_to(unit: Renewal, authority: Authority, now: float = 0.0) -> bytes:
    payload = unit.step(now, DUE)
    assert payload is not None
    # Its bootstrap is left as it was: this authority knows nothing of that key.
    told = messages.decode(authority.renew(payload, unit.identity.key.public_key()), Answer)
    return messages.encode(
        Answer(request=told.request, outcome="issued", certificate=told.certificate)
    )


def test_a_third_of_its_life_before_the_end_the_unit_asks(data: Path) -> None:
    unit = unit_at(data)
    assert unit.step(0.0, NOW) is None
    assert unit.step(0.0, NOW + 59 * DAY) is None
    assert unit.step(0.0, NOW + 61 * DAY) is not None
    # 90 days and the hour for clocks that differ: a third of that.
    assert abs(renewal.due_at(unit.identity) - (NOW + 60 * DAY)) < DAY // 24


def test_a_short_life_is_renewed_at_its_own_third(trusted: Trusted, tmp_path: Path) -> None:
    trusted.identity_of(UNIT, tmp_path)
    key, chain = trusted.client(UNIT, life=timedelta(hours=2))
    (tmp_path / "identity" / "key.pem").write_bytes(closed_keys.leave_open(key))
    (tmp_path / "identity" / "certificate.pem").write_text(chain)
    unit = unit_at(tmp_path)
    assert unit.step(0.0, unit.identity.until - 70 * 60_000) is None
    assert unit.step(0.0, unit.identity.until - 50 * 60_000) is not None


def test_nothing_is_asked_while_the_time_is_not_known(data: Path) -> None:
    unit = unit_at(data)
    assert unit.step(0.0, None) is None
    assert unit.step(1.0, DUE) is not None


def test_after_the_end_it_is_enrolments_turn(data: Path) -> None:
    assert unit_at(data).step(0.0, NOW + 91 * DAY) is None


def test_the_fleet_does_not_ask_all_at_once(data: Path) -> None:
    unit = unit_at(data, chance=0.5)
    assert unit.step(100.0, DUE) is None
    assert unit.step(100.0 + SPREAD / 2 - 1, DUE) is None
    assert unit.step(100.0 + SPREAD / 2, DUE) is not None


def test_what_nobody_answers_is_asked_again_and_is_the_same_after_a_power_cut(data: Path) -> None:
    unit = unit_at(data)
    first = unit.step(0.0, DUE)
    assert unit.step(ASK_EVERY - 1, DUE) is None
    assert unit.step(ASK_EVERY, DUE) == first
    assert unit_at(data).step(0.0, DUE) == first


def test_each_certificate_has_a_new_key_and_the_old_one_is_kept_until_it_worked(
    authority: Authority, data: Path
) -> None:
    unit = unit_at(data)
    before = unit.identity
    assert unit.heard(answer_to(unit, authority))
    assert unit.identity.der in authority.issued.values()
    assert unit.identity.key.public_key() != before.key.public_key()
    assert store.former(data) is not None
    assert unit.step(1.0, DUE + 61 * DAY) is None  # nothing more until this one is proved
    unit.worked()
    assert unit.step(2.0, DUE + 61 * DAY) is not None
    assert store.former(data) is None
    assert not unit.failed()  # there is nothing to go back to
    after = store.load(data)
    assert after is not None
    assert after.der == unit.identity.der


def test_the_bootstrap_certificate_is_renewed_with_it(trusted: Trusted, tmp_path: Path) -> None:
    authority = Authority(trusted)
    authority.now = datetime.fromtimestamp(DUE / 1000, UTC)
    trusted.identity_of(UNIT, tmp_path)
    (tmp_path / "identity" / "bootstrap-key.pem").write_bytes(
        closed_keys.leave_open(authority.bootstrap_key)
    )
    (tmp_path / "identity" / "bootstrap.pem").write_text(authority.bootstrap)
    unit = unit_at(tmp_path)
    payload = unit.step(0.0, DUE)
    assert payload is not None
    assert unit.heard(authority.renew(payload, unit.identity.key.public_key()))
    held = store.bootstrap(tmp_path)
    assert held is not None
    assert held.until // DAY == DUE // DAY + enrolment.BOOTSTRAP_DAYS


def test_a_new_certificate_that_is_not_let_in_gives_way_to_the_former(
    authority: Authority, data: Path
) -> None:
    unit = unit_at(data)
    before = unit.identity.der
    assert unit.heard(answer_to(unit, authority))
    assert [unit.failed() for _ in range(TRIES)] == [False] * (TRIES - 1) + [True]
    assert unit.identity.der == before
    unit.worked()
    assert unit_at(data).identity.der == before
    assert store.former(data) is None
    assert "the former one is in use again" in unit.why
    again = unit.step(ASK_EVERY, DUE)
    assert again is not None
    unit.heard(authority.renew(again, unit.identity.key.public_key()))
    assert len(authority.issued) == 2  # of another key than the one that did not work


def test_a_unit_that_neither_lets_in_tries_both_in_turn(authority: Authority, data: Path) -> None:
    unit = unit_at(data)
    before = unit.identity.der
    unit.heard(answer_to(unit, authority))
    after = unit.identity.der
    tried = []
    for _ in range(4 * TRIES):
        tried.append(unit.identity.der)
        unit.failed()
    assert tried == ([after] * TRIES + [before] * TRIES) * 2
    restarted = unit_at(data)
    assert restarted.identity.der == after  # nothing was given up on the card
    restarted.failed(), restarted.failed(), restarted.failed()
    assert restarted.identity.der == before


def test_an_answer_that_nobody_asked_for_is_nothing(authority: Authority, data: Path) -> None:
    other = Path(str(data) + "-other")
    authority.trusted.identity_of(UNIT, other)
    answer = answer_to(unit_at(other), authority)
    unit = unit_at(data)
    assert not unit.heard(answer)  # before any step: no time, no request
    unit.step(0.0, NOW)
    assert not unit.heard(answer)
    unit.step(0.0, DUE)
    assert not unit.heard(answer)
    assert not unit.heard(b"")


def test_why_it_is_not_renewed_is_told_in_time(data: Path) -> None:
    unit = unit_at(data)
    request = unit.step(0.0, DUE)
    assert request is not None
    assert unit.fault(DUE) == ""
    digest = enrolment.request_digest(pending.ensure(data, UNIT).request)
    waiting = Answer(request=digest, outcome="waiting", reason="the authority is closed")
    assert not unit.heard(messages.encode(waiting))
    assert unit.step(ASK_EVERY, DUE) is None
    assert unit.step(renewal.WAIT, DUE) == request
    ends = certificates.at(unit.identity.until)
    assert unit.fault(NOW + 70 * DAY) == (
        f"the certificate ends on {ends:%Y-%m-%d} and is not renewed: the authority is closed"
    )
    assert unit.fault(None) == ""


def test_the_identity_in_use_is_what_the_card_says(authority: Authority, data: Path) -> None:
    assert unit_at(data).identity.der == issuing.der(authority.trusted.issued[UNIT])


def test_a_new_authority_under_the_same_root_is_followed(data: Path) -> None:
    trusted = Trusted()  # of its own: its authority is replaced
    trusted.identity_of(UNIT, data)
    now = datetime.fromtimestamp(DUE / 1000, UTC)
    authority = Authority(trusted)
    authority.now, former = now, trusted.devices
    trusted.devices = issuing.make_authority(trusted.root, "devices", "the next", trusted.now)
    unit = unit_at(data)
    told = messages.decode(answer_to(unit, authority), Answer)
    assert not unit.heard(messages.encode(told)), "it does not know who issued that"
    introduced = msgspec.structs.replace(told, authority=issuing.der(trusted.devices.certificate))
    assert unit.heard(messages.encode(introduced))
    assert unit.identity.der == told.certificate
    assert TrustStore(data).devices() == trusted.devices.certificate != former.certificate
    chain = (data / "identity" / "certificate.pem").read_bytes()
    assert chain.count(b"BEGIN CERTIFICATE") == 2
    assert x509.load_pem_x509_certificates(chain)[1] == trusted.devices.certificate
    unit.worked()
    after = unit_at(data)
    assert after.identity.der == told.certificate
