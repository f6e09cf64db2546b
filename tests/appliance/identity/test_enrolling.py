"""Enrolment decided without a broker: what is asked, what is believed, what a power cut leaves."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from appliance.errors import OperatorError
from appliance.identity import answers, bundle, enrolling, files, pending, store
from appliance.identity.enrolling import Enrolment
from appliance.identity.trusted import TrustStore
from protocol import enrolment, messages
from protocol.enrolment import Answer, EnrolRequest
from protocol.errors import ProtocolError
from provisioning.issuing import der
from tests.appliance.identity.answering import CODE, UNIT, Authority
from tests.appliance.identity.cutting import Cut, cut_after
from tests.appliance.identity.wrong_answers import Wrong
from tests.protocol.fuzzing import first_fault, spoilt
from tests.trusted import Trusted, put

HOUR = 3600.0


@pytest.fixture
def data(authority: Authority, tmp_path: Path) -> Path:
    """A card that was given its bundle and the code."""
    bundle.install(authority.bundle(), tmp_path)
    put(tmp_path / "identity" / "code", CODE.encode())
    return tmp_path


def utc(days: float = 0) -> int:
    return int((datetime.now(UTC) + timedelta(days=days)).timestamp() * 1000)


def asked(unit: Enrolment, now: float) -> bytes:
    unit.look()
    payload = unit.request(now)
    assert payload is not None
    return payload


def names(data: Path) -> list[str]:
    return sorted(path.name for path in (data / "identity").iterdir())


def test_a_unit_with_its_code_is_enrolled(authority: Authority, data: Path) -> None:
    unit = Enrolment(data, UNIT)
    payload = asked(unit, 0.0)
    unit.heard(authority.enrol(payload), 1.0, utc())
    assert (unit.state, unit.why) == ("issued", "")
    unit.heard(authority.enrol(payload), 2.0, utc())  # for what was asked twice
    assert unit.request(enrolling.ANSWER_WITHIN) is None
    identity = store.load(data)
    assert identity is not None
    assert identity.der in authority.issued.values()
    assert names(data) == ["bootstrap-key.pem", "bootstrap.pem", "certificate.pem", "key.pem"]
    assert not enrolling.needed(data, utc())


def test_its_key_never_leaves(authority: Authority, data: Path) -> None:
    payload = asked(Enrolment(data, UNIT), 0.0)
    key = store.read_key(data / "identity" / "next-key.pem")
    assert key is not None
    assert key.private_bytes_raw() not in payload
    assert set(json.loads(payload)) == {"request", "proof"}
    assert CODE.encode() not in payload


def test_what_nobody_answers_is_asked_again_and_is_the_same(data: Path) -> None:
    unit = Enrolment(data, UNIT)
    first = asked(unit, 0.0)
    assert unit.request(enrolling.ANSWER_WITHIN - 1) is None
    assert unit.request(enrolling.ANSWER_WITHIN) == first
    assert asked(Enrolment(data, UNIT), 0.0) == first  # after a power cut, too


def test_the_same_answer_enrols_after_a_power_cut_before_it_was_kept(
    authority: Authority, data: Path
) -> None:
    authority.enrol(asked(Enrolment(data, UNIT), 0.0))  # the answer is lost, the code is used
    unit = Enrolment(data, UNIT)
    unit.heard(authority.enrol(asked(unit, 0.0)), 1.0, utc())
    assert unit.state == "issued"
    assert len(authority.issued) == 1


def enrolled_from_nothing(authority: Authority, data: Path) -> bytes:
    """All that the command does with the card, from its bundle on; what was asked."""
    if enrolling.needed(data, utc()):
        bundle.install(authority.bundle(), data)
        if not (data / "identity" / "code").exists():
            files.write(data / "identity" / "code", CODE.encode())
        unit = Enrolment(data, UNIT)
        unit.heard(authority.enrol(asked(unit, 0.0)), 1.0, utc())
        assert unit.state == "issued", unit.why
    store.settle(data, former=False)
    return authority.asked[-1]


def test_a_power_cut_at_any_instant_of_enrolment_loses_nothing(
    trusted: Trusted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The code is good for one request alone: asking for another would be refused."""
    answered = 0
    for steps in range(200):
        authority, data = Authority(trusted), tmp_path / str(steps)
        with monkeypatch.context() as patch:
            cut_after(steps, patch)
            try:
                enrolled_from_nothing(authority, data)
            except Cut:
                answered += authority.code is None
            else:
                assert answered > 5  # cuts also fell between the answer and the end
                assert steps > 30
                return
        enrolled_from_nothing(authority, data)
        assert len(authority.issued) == 1
        assert names(data) == ["bootstrap-key.pem", "bootstrap.pem", "certificate.pem", "key.pem"]
    raise AssertionError("it never ended")


def test_a_wrong_code_is_refused_once_and_erased(authority: Authority, data: Path) -> None:
    put(data / "identity" / "code", b"0" * 16)
    unit = Enrolment(data, UNIT)
    unit.heard(authority.enrol(asked(unit, 0.0)), 1.0, utc())
    assert (unit.state, unit.why) == ("refused", "the code is not this unit's")
    assert not (data / "identity" / "code").exists()
    unit.look()
    assert not unit.wants_line(HOUR)
    put(data / "identity" / "code", CODE.encode())  # typed by hand, beside the service
    unit.look()
    assert unit.wants_line(HOUR)
    unit.heard(authority.enrol(asked(unit, HOUR)), HOUR, utc())
    assert unit.state == "issued"


def test_a_unit_with_nothing_to_prove_itself_by_says_so_and_asks_nobody(data: Path) -> None:
    (data / "identity" / "code").unlink()
    unit = Enrolment(data, UNIT)
    unit.look()
    assert not unit.wants_line(0.0)
    assert (unit.state, unit.why) == ("refused", enrolling.UNPROVED)


def test_another_process_may_enrol_the_unit_meanwhile(authority: Authority, data: Path) -> None:
    waiting, other = Enrolment(data, UNIT), Enrolment(data, UNIT)
    asked(waiting, 0.0)
    other.heard(authority.enrol(asked(other, 0.0)), 1.0, utc())
    waiting.look()
    assert waiting.state == "issued"
    assert not waiting.wants_line(2.0)


def test_a_unit_that_slept_past_its_certificate_waits_for_a_person(
    authority: Authority, data: Path
) -> None:
    unit = Enrolment(data, UNIT)
    authority.now = datetime.now(UTC) - timedelta(days=100)
    unit.heard(authority.enrol(asked(unit, 0.0)), 0.0, utc(-100))
    assert enrolling.needed(data, utc())
    assert not enrolling.needed(data, None)  # without a clock nothing is known to be over
    authority.now = None
    unit = Enrolment(data, UNIT)
    payload = asked(unit, 0.0)
    assert set(json.loads(payload)) == {"request", "former", "renewal"}
    unit.heard(authority.enrol(payload), 0.0, utc())
    assert (unit.state, unit.why) == ("waiting", "somebody must approve this unit")
    unit.look()
    assert unit.wants_line(10.0)  # to hear at once when it is approved
    assert unit.request(HOUR - 1) is None
    authority.approved = True
    again = unit.request(HOUR)
    assert again == payload
    unit.heard(authority.enrol(again), HOUR, utc())
    assert unit.state == "issued"
    assert not enrolling.needed(data, utc())


def test_a_damaged_identity_is_enrolled_again_with_a_code(authority: Authority, data: Path) -> None:
    put(data / "identity" / "certificate.pem", b"rot")
    assert enrolling.needed(data, utc())
    unit = Enrolment(data, UNIT)
    unit.heard(authority.enrol(asked(unit, 0.0)), 1.0, utc())
    assert unit.state == "issued"
    assert store.load(data) is not None


def test_a_damaged_identity_without_a_code_is_one_sentence(data: Path) -> None:
    put(data / "identity" / "certificate.pem", b"rot")
    (data / "identity" / "code").unlink()
    unit = Enrolment(data, UNIT)
    unit.look()
    assert unit.state == "refused"
    assert "certificate.pem is damaged: enrol this unit again" in unit.why


def test_an_answer_that_is_not_the_right_one_changes_nothing(
    authority: Authority, data: Path
) -> None:
    unit = Enrolment(data, UNIT)
    wrong = Wrong(authority, messages.decode(asked(unit, 0.0), EnrolRequest).request)
    before = {path: path.read_bytes() for path in (data / "identity").iterdir()}
    for what, payload in wrong.each().items():
        unit.heard(payload, 1.0, utc())
        assert unit.state == "asking", what
        assert {path: path.read_bytes() for path in before} == before, what
        assert store.load(data) is None, what
    unit.heard(wrong.answer(), 2.0, utc())  # the control: the right one is taken
    assert unit.state == "issued"


@pytest.mark.parametrize("reason", ["", "two\nlines\x1b[31m", "x" * 5000])
def test_a_reason_is_one_short_line(data: Path, reason: str) -> None:
    unit = Enrolment(data, UNIT)
    request = messages.decode(asked(unit, 0.0), EnrolRequest).request
    digest = enrolment.request_digest(request)
    unit.heard(
        messages.encode(Answer(request=digest, outcome="refused", reason=reason)), 1.0, utc()
    )
    assert unit.state == "refused"
    assert unit.why.isprintable()
    assert 0 < len(unit.why) <= 200


def no_mutant_is_believed(authority: Authority, data: Path, count: int, seed: int) -> str:
    """What is wrong with judging answers; "" when nothing was found."""
    waiting = pending.ensure(data, UNIT)
    expected = answers.expected(data, UNIT, TrustStore(data))
    right = authority.issue(waiting.request, waiting.key.public_key())
    issued = messages.decode(right, Answer)
    others = [
        messages.encode(Answer(request=issued.request, outcome="waiting", reason="wait")),
        Wrong(authority, waiting.request).each()["another key's"],
    ]
    now = datetime.now(UTC)

    def judged(payload: bytes) -> answers.Issued:
        verdict = answers.judge(payload, expected, now)
        if isinstance(verdict, answers.NotYet):
            raise ProtocolError("nothing is taken")
        return verdict

    def is_the_right_one(verdict: answers.Issued) -> bool:
        """A mutant may differ in what nobody reads, never in what is taken."""
        return der(verdict.certificate) == issued.certificate and (
            verdict.bootstrap is None or der(verdict.bootstrap) == issued.bootstrap
        )

    def again(verdict: answers.Issued) -> bytes:
        bootstrap = der(verdict.bootstrap) if verdict.bootstrap else b""
        return messages.encode(msgspec.structs.replace(issued, bootstrap=bootstrap))

    mutants = spoilt([right, right, *others], count, seed)
    return first_fault(judged, again, mutants, is_the_right_one)


def test_no_mutated_answer_is_believed(authority: Authority, data: Path) -> None:
    assert no_mutant_is_believed(authority, data, 4000, seed=3) == ""


@pytest.mark.campaign
@pytest.mark.timeout(3600)
def test_none_of_a_million_mutated_answers_is_believed(authority: Authority, data: Path) -> None:
    assert no_mutant_is_believed(authority, data, 1_000_000, seed=11) == ""


def test_a_card_that_takes_nothing_is_one_sentence(authority: Authority, data: Path) -> None:
    unit = Enrolment(data, UNIT)
    (data / "identity" / "next-request.der").mkdir()
    with pytest.raises(OperatorError, match=r"next-request\.der cannot be read"):
        unit.look()
