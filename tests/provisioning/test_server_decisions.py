"""Which answer a request gets: each way to a certificate, and everything that is none."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from protocol import certificates, enrolment, messages, topics
from protocol.certificates import BOOTSTRAP
from protocol.enrolment import EnrolRequest
from protocol.errors import ProtocolError
from provisioning import facts, issuing, state
from provisioning.connection import Word
from provisioning.server_decisions import (
    MAX_A_DAY,
    Again,
    Decision,
    Ignore,
    Issue,
    Say,
    decide,
    topic_of,
)
from provisioning.state import State
from tests.protocol.fuzzing import spoilt

UNIT, OTHER = "van-germaine", "van-lucie"
NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)
DAY = timedelta(days=1)
CODE = enrolment.code_key("0123456789ABCDEF", UNIT)
ROOT = issuing.make_root("test", NOW - 400 * DAY)
DEVICES = issuing.make_authority(ROOT, "devices", "test", NOW - 400 * DAY)


class Held(NamedTuple):
    """A key and what the registry says of its certificate."""

    key: Ed25519PrivateKey
    fact: facts.Issued


def held(name: str, begins: datetime = NOW, life: timedelta = 90 * DAY, request: str = "") -> Held:
    key = Ed25519PrivateKey.generate()
    leaf = issuing.issue_client(DEVICES, key.public_key(), name, begins, life)
    return Held(key, facts.issued(leaf, DEVICES.certificate, begins, request))


BOOT, NEW, BOOT_OTHER = held(BOOTSTRAP + UNIT), Ed25519PrivateKey.generate(), held(OTHER)
OLD = held(UNIT, NOW - 300 * DAY)
LIVE = held(UNIT, NOW - 60 * DAY)
REQUEST = certificates.request(NEW, UNIT)


def added(unit: str) -> facts.UnitAdded:
    return facts.UnitAdded(
        at=NOW, unit=unit, vehicle_name="Germaine", territory="Loire", centre="Les Halles",
        profile="camion", zone="Europe/Paris",
    )  # fmt: skip


def knowing(*told: facts.AnyFact) -> State:
    """A registry with two units, the first one bundled, and what was told since."""
    bundle = facts.BundleMade(at=NOW, unit=UNIT, number=1, reset="00" * 8)
    return state.fold([added(UNIT), added(OTHER), BOOT.fact, bundle, *told])


def enrolling(request: EnrolRequest, unit: str = UNIT) -> Word:
    return Word(topics.enrol(unit, "request"), messages.encode(request))


def by_code(request: bytes = REQUEST, code: bytes = CODE) -> Word:
    proof = enrolment.code_proof(code, request)
    return enrolling(EnrolRequest(request=request, proof=proof))


def by_former(former: Held, key: Ed25519PrivateKey | None = None, request: bytes = REQUEST) -> Word:
    signed = enrolment.renewal(key or former.key, UNIT, request)
    return enrolling(EnrolRequest(request=request, former=former.fact.certificate, renewal=signed))


def renewing(key: Ed25519PrivateKey, request: bytes = REQUEST, unit: str = UNIT) -> Word:
    return Word(topics.up(unit, "request"), enrolment.renewal(key, unit, request))


def refusal(decision: Decision) -> str:
    assert isinstance(decision, Say), decision
    assert decision.answer.outcome == "refused"
    return decision.answer.reason


def test_the_right_code_enrols() -> None:
    assert decide(knowing(), by_code(), CODE, NOW) == Issue(
        UNIT,
        NEW.public_key(),
        enrolment.request_digest(REQUEST),
        "code",
        BOOT.key.public_key(),
    )


def test_a_wrong_code_is_told() -> None:
    wrong = enrolment.code_key("0000000000000000", UNIT)
    assert "not its code" in refusal(decide(knowing(), by_code(code=wrong), CODE, NOW))


@pytest.mark.parametrize("code", [None, CODE])
def test_a_code_that_was_used_enrols_nobody(code: bytes | None) -> None:
    used = knowing(facts.CodeUsed(at=NOW, unit=UNIT))
    assert "was used or replaced" in refusal(decide(used, by_code(), code, NOW))


def test_a_code_whose_bundle_was_revoked_has_nobody_to_ask_with() -> None:
    assert "was used or replaced" in refusal(decide(knowing(), by_code(), None, NOW))


def test_the_same_request_gets_the_same_certificate_without_any_proof() -> None:
    digest = enrolment.request_digest(REQUEST)
    made = held(UNIT, request=digest)
    known = knowing(made.fact, facts.CodeUsed(at=NOW, unit=UNIT))
    for word in (by_code(), enrolling(EnrolRequest(request=REQUEST))):
        again = decide(known, word, None, NOW)
        assert isinstance(again, Again)
        assert (again.held.der, again.bootstrap) == (made.fact.certificate, BOOT.fact.certificate)


def test_the_same_request_gets_nothing_once_its_certificate_was_revoked_or_ran_out() -> None:
    made = held(UNIT, request=enrolment.request_digest(REQUEST))
    revoked = facts.Revoked(at=NOW, serial=made.fact.serial)
    assert "was revoked" in refusal(decide(knowing(made.fact, revoked), by_code(), CODE, NOW))
    later = NOW + 91 * DAY
    assert "has run out" in refusal(decide(knowing(made.fact), by_code(), CODE, later))


def test_a_request_of_another_name_or_key_is_refused() -> None:
    anothers = certificates.request(NEW, OTHER)
    assert "no request of this unit's" in refusal(decide(knowing(), by_code(anothers), CODE, NOW))
    torn = REQUEST[:-1] + bytes([REQUEST[-1] ^ 1])
    assert "no request of this unit's" in refusal(decide(knowing(), by_code(torn), CODE, NOW))


def test_a_key_has_one_certificate_in_its_life() -> None:
    request = certificates.request(OLD.key, UNIT)
    reason = refusal(decide(knowing(OLD.fact), by_code(request), CODE, NOW))
    assert "a new one is needed each time" in reason


def test_a_request_without_any_proof_is_refused() -> None:
    bare = enrolling(EnrolRequest(request=REQUEST))
    assert "neither a code nor" in refusal(decide(knowing(), bare, CODE, NOW))


def test_a_unit_whose_certificate_ran_out_waits_until_a_person_approves() -> None:
    waiting = decide(knowing(OLD.fact), by_former(OLD), None, NOW)
    assert isinstance(waiting, Say)
    assert (waiting.answer.outcome, waiting.asked) == ("waiting", True)
    asked = facts.Asked(at=NOW, unit=UNIT, request=waiting.answer.request)
    again = decide(knowing(OLD.fact, asked), by_former(OLD), None, NOW)
    assert isinstance(again, Say)
    assert (again.answer.outcome, again.asked) == ("waiting", False)
    approved = knowing(OLD.fact, asked, facts.Approved(at=NOW, unit=UNIT))
    issue = decide(approved, by_former(OLD), None, NOW)
    assert isinstance(issue, Issue)
    assert issue.proof == "approval"


def test_an_approval_is_good_for_one_certificate() -> None:
    approved = facts.Approved(at=NOW, unit=UNIT)
    known = knowing(OLD.fact, approved, LIVE.fact)
    decision = decide(known, by_former(OLD), None, NOW)
    assert isinstance(decision, Say)
    assert decision.answer.outcome == "waiting"


@pytest.mark.parametrize("approved", [False, True])
def test_a_former_certificate_that_was_revoked_or_is_nobodys_asks_in_vain(approved: bool) -> None:
    more = [facts.Approved(at=NOW, unit=UNIT)] if approved else []
    revoked = facts.Revoked(at=NOW, serial=OLD.fact.serial)
    for known, word in (
        (knowing(OLD.fact, revoked, *more), by_former(OLD)),
        (knowing(*more), by_former(OLD)),
        (knowing(BOOT_OTHER.fact, *more), by_former(BOOT_OTHER)),
    ):
        assert "counts no more" in refusal(decide(known, word, None, NOW))


def test_a_former_certificate_without_its_key_asks_in_vain() -> None:
    known = knowing(OLD.fact, facts.Approved(at=NOW, unit=UNIT))
    for word in (
        by_former(OLD, key=LIVE.key),
        enrolling(EnrolRequest(request=REQUEST, former=OLD.fact.certificate)),
        enrolling(
            EnrolRequest(
                request=REQUEST,
                former=OLD.fact.certificate,
                renewal=enrolment.renewal(OLD.key, UNIT, certificates.request(LIVE.key, UNIT)),
            )
        ),
    ):
        assert "did not sign" in refusal(decide(known, word, None, NOW))


def test_a_certificate_in_force_gets_the_next_one() -> None:
    decision = decide(knowing(LIVE.fact), renewing(LIVE.key), None, NOW)
    assert isinstance(decision, Issue)
    assert (decision.proof, decision.bootstrap) == ("renewal", BOOT.key.public_key())


def test_a_bootstrap_that_was_revoked_is_not_made_anew() -> None:
    revoked = facts.Revoked(at=NOW, serial=BOOT.fact.serial)
    decision = decide(knowing(LIVE.fact, revoked), renewing(LIVE.key), None, NOW)
    assert isinstance(decision, Issue)
    assert decision.bootstrap is None


def test_only_a_key_in_force_and_of_that_unit_renews() -> None:
    revoked = facts.Revoked(at=NOW, serial=LIVE.fact.serial)
    theirs = held(OTHER)
    for known, word in (
        (knowing(OLD.fact), renewing(OLD.key)),
        (knowing(LIVE.fact, revoked), renewing(LIVE.key)),
        (knowing(LIVE.fact, theirs.fact), renewing(theirs.key)),
        (knowing(LIVE.fact), renewing(Ed25519PrivateKey.generate())),
    ):
        assert "did not sign" in refusal(decide(known, word, None, NOW))


def test_a_request_signed_for_one_unit_is_worth_nothing_for_another() -> None:
    theirs = held(OTHER)
    word = renewing(LIVE.key, certificates.request(NEW, UNIT))
    moved = Word(topics.up(OTHER, "request"), word.payload)
    decision = decide(knowing(LIVE.fact, theirs.fact), moved, None, NOW)
    assert "no request of this unit's" in refusal(decision)


def test_a_unit_gets_a_few_certificates_a_day_and_no_more() -> None:
    made = [held(UNIT, NOW - timedelta(hours=1)) for _ in range(MAX_A_DAY)]
    known = knowing(*(one.fact for one in made))
    assert "tomorrow again" in refusal(decide(known, renewing(made[-1].key), None, NOW))
    assert isinstance(decide(known, renewing(made[-1].key), None, NOW + DAY), Issue)


@pytest.mark.parametrize(
    ("word", "why"),
    [
        (Word(topics.enrol("van-nobody", "request"), b"{}"), "no such unit"),
        (Word(topics.enrol(UNIT, "request"), b"{"), "unreadable"),
        (Word(topics.enrol(UNIT, "answer"), b"{}"), "unreadable"),
        (Word(topics.up(UNIT, "batch"), b"{}"), "unreadable"),
        (Word(topics.up(UNIT, "request"), b""), "unreadable"),
        (Word("elsewhere", b""), "unreadable"),
        (Word(topics.enrol(UNIT, "request"), b" " * 17_000), "too large"),
    ],
)
def test_what_cannot_be_answered_is_let_be(word: Word, why: str) -> None:
    assert decide(knowing(), word, CODE, NOW) == Ignore(why)


def test_an_answer_goes_back_the_way_its_request_came() -> None:
    assert topic_of(by_code()) == topics.enrol(UNIT, "answer")
    assert topic_of(renewing(LIVE.key)) == topics.down(UNIT, "certificate")
    with pytest.raises(ProtocolError):
        topic_of(Word("elsewhere", b""))


def spoilt_words(count: int, seed: int) -> Iterator[Word]:
    """Requests with bytes spoilt, or one of their fields, or what a good proof is about."""
    whole = [by_code(), by_former(OLD), renewing(LIVE.key)]
    payloads = [word.payload for word in whole]
    fields = [messages.decode(word.payload, EnrolRequest) for word in whole[:2]]
    inner = spoilt([REQUEST], count, seed)
    outer = [spoilt([one, *payloads], count, seed) for one in payloads]
    parts = {
        name: spoilt([getattr(one, name) for one in fields if getattr(one, name)], count, seed)
        for name in ("request", "proof", "former", "renewal")
    }
    for number in range(count):
        way = number % 8
        if way < 3:
            yield Word(whole[way].topic, next(outer[way]))
        elif way == 3:
            yield by_code(next(inner))
        elif way == 4:
            yield by_former(OLD, request=next(inner))
        elif way == 5:
            yield renewing(LIVE.key, next(inner))
        else:
            name = ("request", "proof", "former", "renewal")[number // 8 % 4]
            changed = msgspec.structs.replace(fields[way - 6], **{name: next(parts[name])})
            yield enrolling(changed)


def faults(count: int, seed: int) -> list[str]:
    """What got a certificate, but for the key that asked in whole requests.

    A request proved anew after it was spoilt may differ from it in a byte that nobody signs, in
    the spelling of its DER: it still asks for the same key.
    """
    known = knowing(OLD.fact, LIVE.fact, facts.Approved(at=NOW, unit=UNIT))
    found = []
    for word in spoilt_words(count, seed):
        decision = decide(known, word, CODE, NOW)
        whole = isinstance(decision, Issue) and decision.key == NEW.public_key()
        if not whole and not isinstance(decision, Say | Ignore):
            found.append(f"{word.payload!r} on {word.topic}")
    return found


def test_spoiling_reaches_every_reason() -> None:
    known, seen = knowing(OLD.fact, LIVE.fact), set()
    for word in spoilt_words(6_000, seed=3):
        decision = decide(known, word, CODE, NOW)
        seen.add(decision.reason if isinstance(decision, Ignore) else type(decision).__name__)
        if isinstance(decision, Say):
            seen.add(decision.answer.reason)
    assert {"Issue", "Say", "unreadable", "this is not its code: type it again"} <= seen
    assert sum("no request of this unit's" in reason for reason in seen) == 1
    assert sum("did not sign" in reason for reason in seen) == 1
    assert sum("counts no more" in reason for reason in seen) == 1


def test_no_spoilt_request_gets_a_certificate() -> None:
    assert faults(6_000, seed=1) == []


@pytest.mark.campaign
def test_no_spoilt_request_gets_a_certificate_in_a_million() -> None:
    assert faults(1_000_000, seed=2) == []
