"""Desired state from the federation: taken once, refused with a reason, never twice."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.identity.trusted import TrustStore
from appliance.journal import Journal, JournalReader
from appliance.twins.clock import SettableClock
from appliance.uplink.belief import Belief
from appliance.uplink.cursors import Memory
from appliance.uplink.documents import Refused, judge, judge_trust
from appliance.uplink.shelf import Shelf
from protocol import messages, signing, trust
from protocol.event import MAX_NUMBER
from protocol.messages import MAX_DOCUMENT, Document, Refusal
from protocol.trust import Trust
from tests.trusted import Trusted, raw

UNIT = "van-germaine"
NOTICES = {"texts": {"fr": "Fermé jeudi."}}
FEDERATION = Trusted()
KEYS = signing.keyed(FEDERATION.documents.public_key())
FORMER = Ed25519PrivateKey.generate()


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal.open(tmp_path / "uplink.db", name="uplink", clock=SettableClock())
    yield opened
    opened.close()


@pytest.fixture
def belief(tmp_path: Path) -> Belief:
    FEDERATION.identity_of(UNIT, tmp_path)
    return Belief(TrustStore(tmp_path), UNIT)


@pytest.fixture
def shelf(journal: Journal, belief: Belief) -> Shelf:
    return Shelf(Memory(journal), belief, UNIT)


def document(
    kind: str = "notices", revision: int = 1, body: Any = NOTICES, unit: str = UNIT
) -> bytes:
    """The payload, as nobody has signed it."""
    return messages.encode(Document(kind=kind, revision=revision, unit=unit, body=body))


def signed(
    payload: bytes,
    kind: str = "notices",
    unit: str = UNIT,
    key: Ed25519PrivateKey = FEDERATION.documents,
    purpose: signing.Purpose = "document",
) -> bytes:
    return signing.sign(key, purpose, f"{unit} {kind}", payload)


def sent(kind: str = "notices", revision: int = 1, body: Any = NOTICES) -> bytes:
    """As the federation sends it."""
    return signed(document(kind, revision, body), kind)


def statement(serial: int, documents: Ed25519PrivateKey = FEDERATION.documents) -> bytes:
    told = trust.read(FEDERATION.statement(serial), FEDERATION.root.key.public_key())
    return trust.sign(
        FEDERATION.root.key, msgspec.structs.replace(told, documents=(raw(documents),))
    )


def told(journal: Journal) -> list[dict[str, Any]]:
    """The bodies of the uplink's journal."""
    with JournalReader.open(journal.path) as reader:
        return [msgspec.json.decode(row.body) for row in reader.rows(0)]


def test_a_newer_document_replaces_the_one_held_and_is_told(shelf: Shelf, journal: Journal) -> None:
    assert shelf.receive("notices", sent(revision=1))
    assert shelf.receive("notices", sent(revision=3, body={"texts": {}, "later_field": 1}))
    assert shelf.revisions() == {"notices": 3, "trust": 1}
    (row,) = journal.database.query("SELECT kind, revision, body FROM document")
    assert row == {"kind": "notices", "revision": 3, "body": b'{"texts":{},"later_field":1}'}
    assert told(journal) == [
        {"kind": "notices", "revision": 1, "outcome": "applied"},
        {"kind": "notices", "revision": 3, "outcome": "applied"},
    ]


def test_an_older_or_repeated_document_changes_and_says_nothing(
    shelf: Shelf, journal: Journal
) -> None:
    shelf.receive("notices", sent(revision=3))
    for revision in (3, 2, 0, -1):
        assert not shelf.receive("notices", sent(revision=revision, body={"texts": {}}))
    assert shelf.revisions() == {"notices": 3, "trust": 1}
    assert shelf.refused() == {}
    assert len(told(journal)) == 1


def test_what_a_thief_of_the_key_signed_is_outranked_once_the_key_counts_no_more(
    shelf: Shelf, journal: Journal
) -> None:
    newer = Ed25519PrivateKey.generate()
    forged = {"texts": {"fr": "Donnez votre carte bancaire."}}
    assert shelf.receive("notices", sent(revision=MAX_NUMBER, body=forged))
    assert not shelf.receive("notices", sent(revision=4))
    shelf.receive("trust", statement(2, documents=newer))
    assert shelf.revisions() == {"trust": 2}
    assert shelf.receive("notices", signed(document(revision=4), key=newer))
    assert shelf.revisions() == {"notices": 4, "trust": 2}
    assert not shelf.receive("notices", sent(revision=MAX_NUMBER, body=forged))
    (row,) = journal.database.query("SELECT body FROM document")
    assert msgspec.json.decode(row["body"]) == NOTICES


def test_what_the_former_key_signed_and_the_broker_still_keeps_is_no_alarm(
    shelf: Shelf, journal: Journal
) -> None:
    assert shelf.receive("notices", sent(revision=4))
    shelf.receive("trust", statement(2, documents=Ed25519PrivateKey.generate()))
    before = told(journal)
    assert not shelf.receive("notices", sent(revision=4))
    assert (told(journal), list(shelf.faults()), shelf.refused()) == (before, [], {})


BAD = {
    "no JSON": ("notices", signed(b"{"), 0, "not a Document"),
    "no text": ("notices", signed(b"\xff" * 20), 0, "not a Document"),
    "too large": ("notices", signed(b"x" * (MAX_DOCUMENT + 1)), 0, "49153 bytes"),
    "a body of another shape": ("notices", sent(body={"texts": 3}), 1, "Expected"),
    "another unit's": ("notices", signed(document(unit="van-other")), 1, "van-other"),
    "another kind's": ("tour", signed(document(), "tour"), 1, "notices"),
    "no kind of ours": ("menu", sent("menu"), 1, "no such kind"),
    "a body out of range": (
        "tour",
        sent("tour", body={"depot": {"id": "d", "lat": 200}}),
        1,
        "Expected",
    ),
    "unsigned": ("notices", document(), 0, "not signed"),
    "empty": ("notices", b"", 0, "not signed"),
    "signed as another kind": ("notices", signed(document(), "tour"), 0, "signature is wrong"),
    "signed for another unit": (
        "notices",
        signed(document(), unit="van-other"),
        0,
        "signature is wrong",
    ),
    "signed as a receipt": (
        "notices",
        signed(document(), purpose="receipt"),
        0,
        "signature is wrong",
    ),
    "signed by a former key": (
        "notices",
        signed(document(), key=FORMER),
        0,
        "a key that is not known here",
    ),
    "signed by the receipts' key": (
        "notices",
        signed(document(), key=FEDERATION.receipts),
        0,
        "not known here",
    ),
    "trust cut short": ("trust", FEDERATION.statement(2)[:-1], 0, "signature is wrong"),
    "trust of another root": ("trust", Trusted().statement(2), 0, "not known here"),
    "trust that no root signed": ("trust", sent("trust", revision=2), 0, "not known here"),
}
"""What is wrong → kind, message, revision told, a part of the reason."""


@pytest.mark.parametrize("what", BAD)
def test_a_bad_document_is_refused_with_its_reason_and_changes_nothing(
    shelf: Shelf, journal: Journal, what: str
) -> None:
    kind, message, revision, reason = BAD[what]
    assert not shelf.receive(kind, message)
    (event,) = told(journal)
    assert shelf.refused() == {kind: Refusal(revision=revision, reason=event["reason"])}
    assert reason in event.pop("reason")
    assert event == {"kind": kind, "revision": revision, "outcome": "refused"}
    assert shelf.revisions() == {"trust": 1}


def test_the_same_refusal_is_told_once_however_often_it_is_sent(
    shelf: Shelf, journal: Journal
) -> None:
    for _ in range(3):
        shelf.receive("menu", sent("menu"))
    shelf.receive("menu", sent("menu", revision=2))
    assert [event["revision"] for event in told(journal)] == [1, 2]


def test_a_broker_that_forges_without_end_fills_no_journal(shelf: Shelf, journal: Journal) -> None:
    bad = [sent("menu"), sent("menu", revision=2)]
    for number in range(50):
        shelf.receive("notices", signed(document(revision=number), key=FORMER))
        shelf.receive(f"kind_{chr(97 + number % 26)}", random.Random(number).randbytes(90))
        shelf.receive("menu", bad[number % 2])
    assert len(told(journal)) == 3
    assert list(shelf.refused()) == ["menu", "notices"]
    assert shelf.refused()["menu"].revision == 2
    assert "100 documents were not signed by our federation" in str(list(shelf.faults()))


def test_a_refusal_outlives_a_restart_and_ends_with_what_is_applied(
    shelf: Shelf, journal: Journal, belief: Belief
) -> None:
    shelf.receive("notices", sent(revision=4, body={"texts": 3}))
    shelf.receive("tour", sent("tour", body={"tours": 3}))
    again = Shelf(Memory(journal), belief, UNIT)
    assert {kind: one.revision for kind, one in again.refused().items()} == {
        "notices": 4,
        "tour": 1,
    }
    assert again.receive("notices", sent(revision=5))
    assert list(again.refused()) == ["tour"]


def test_a_trust_statement_is_followed_by_its_serial_alone(
    shelf: Shelf, journal: Journal, belief: Belief
) -> None:
    assert shelf.receive("trust", statement(3))
    for serial in (3, 2, 1):
        assert not shelf.receive("trust", statement(serial))
    assert shelf.revisions() == {"trust": 3}
    assert belief.store.trust().serial == 3
    assert told(journal) == [{"kind": "trust", "revision": 3, "outcome": "applied"}]


def test_a_key_that_the_statement_no_longer_names_signs_nothing_any_more(
    shelf: Shelf, journal: Journal
) -> None:
    assert shelf.receive("notices", sent(revision=1))
    assert shelf.receive("trust", statement(2, documents=FORMER))
    # What the broker still keeps of the time before is no news.
    assert not shelf.receive("notices", sent(revision=1))
    assert shelf.refused() == {}
    assert not shelf.receive("notices", sent(revision=2))
    assert "not known here" in shelf.refused()["notices"].reason
    assert shelf.receive("notices", signed(document(revision=2), key=FORMER))
    assert shelf.refused() == {}


def test_without_a_trust_statement_nothing_is_taken_until_the_root_sends_one(
    journal: Journal, tmp_path: Path
) -> None:
    FEDERATION.identity_of(UNIT, tmp_path)
    (tmp_path / "trust" / "statement").unlink()
    belief = Belief(TrustStore(tmp_path), UNIT)
    shelf = Shelf(Memory(journal), belief, UNIT)
    assert "statement is not there" in belief.fault
    assert not shelf.receive("notices", sent())
    assert shelf.receive("trust", statement(1))
    assert belief.fault == ""
    assert shelf.receive("notices", sent())


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_no_bytes_make_the_judge_stumble(payload: bytes) -> None:
    for message in (payload, signed(payload, "tour")):
        verdict = judge(message, kind="tour", unit=UNIT, held=0, keys=KEYS)
        assert isinstance(verdict, Refused | None)


def _flipped(message: bytes, dice: random.Random) -> bytes:
    place = dice.randrange(len(message))
    return (
        message[:place] + bytes((message[place] ^ dice.randrange(1, 256),)) + message[place + 1 :]
    )


def _cut(message: bytes, dice: random.Random) -> bytes:
    return message[: dice.randrange(len(message))]


def _swollen(message: bytes, dice: random.Random) -> bytes:
    place = dice.randrange(len(message) + 1)
    return message[:place] + dice.randbytes(dice.randrange(1, 40)) + message[place:]


def _spliced(message: bytes, dice: random.Random) -> bytes:
    """The head of one true document and the rest of another."""
    other = sent(revision=dice.randrange(2, 99))
    place = dice.randrange(1, len(message))
    return message[:place] + other[place:]


MUTATIONS: list[Callable[[bytes, random.Random], bytes]] = [_flipped, _cut, _swollen, _spliced]


@pytest.mark.parametrize(
    "rounds", [3_000, pytest.param(1_000_000, marks=pytest.mark.campaign)], ids="{:,}".format
)
def test_no_mutated_document_is_taken(rounds: int) -> None:
    dice, root = random.Random(7), FEDERATION.root.key.public_key()
    true, follow = sent(revision=1), FEDERATION.statement(2)
    authentic = {sent(revision=revision) for revision in range(1, 99)}
    assert isinstance(judge(true, kind="notices", unit=UNIT, held=0, keys=KEYS), Document)
    assert isinstance(judge_trust(follow, root=root, held=1), Trust)
    for number in range(rounds):
        mutate = MUTATIONS[number % len(MUTATIONS)]
        if number % 8 < 4:
            message = mutate(true, dice)
            verdict = judge(message, kind="notices", unit=UNIT, held=0, keys=KEYS)
        else:
            message = mutate(follow, dice)
            verdict = judge_trust(message, root=root, held=1)
        assert message in authentic or isinstance(verdict, Refused), message.hex()
