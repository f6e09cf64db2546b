"""A signed message is believed for one purpose, in one context, by one key; and not otherwise."""

import random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from protocol import messages, signing, trust
from protocol.errors import ProtocolError
from protocol.signing import NotAuthentic
from protocol.trust import Trust

UNIT, STRANGER, ROOT = (Ed25519PrivateKey.generate() for _ in range(3))
KEYS = signing.keyed(UNIT.public_key())
CONTEXT = "van-germaine screen 7 1-100"


def batch() -> bytes:
    return signing.sign(UNIT, "batch", CONTEXT, b"rows")


def test_what_was_signed_is_believed_and_costs_73_bytes() -> None:
    assert signing.verify(batch(), "batch", CONTEXT, KEYS) == b"rows"
    assert len(batch()) == len(b"rows") + signing.OVERHEAD == 77


def test_another_purpose_or_context_is_not_believed() -> None:
    with pytest.raises(NotAuthentic, match="signature is wrong"):
        signing.verify(batch(), "document", CONTEXT, KEYS)
    with pytest.raises(NotAuthentic, match="signature is wrong"):
        signing.verify(batch(), "batch", "van-marius screen 7 1-100", KEYS)


def test_bytes_do_not_move_between_context_and_payload() -> None:
    message = signing.sign(UNIT, "batch", "ab", b"cd")
    with pytest.raises(NotAuthentic):
        signing.verify(message[:-2] + b"d", "batch", "abc", KEYS)


def test_a_key_that_is_not_known_is_named() -> None:
    message = signing.sign(STRANGER, "batch", CONTEXT, b"rows")
    with pytest.raises(NotAuthentic, match=signing.id_of(STRANGER.public_key()).hex()):
        signing.verify(message, "batch", CONTEXT, KEYS)


def test_a_signature_under_another_keys_id_is_not_believed() -> None:
    theirs = signing.sign(STRANGER, "batch", CONTEXT, b"rows")
    with pytest.raises(NotAuthentic, match="signature is wrong"):
        signing.verify(batch()[:9] + theirs[9:], "batch", CONTEXT, KEYS)


def accepted_mutants(count: int, seed: int) -> int:
    chance, whole, accepted = random.Random(seed), batch(), 0
    for _ in range(count):
        changed = bytearray(whole)
        for _ in range(chance.randint(1, 3)):
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        if bytes(changed) == whole:
            continue
        try:
            signing.verify(bytes(changed[: chance.randint(60, 200)]), "batch", CONTEXT, KEYS)
        except NotAuthentic:
            continue
        accepted += 1
    return accepted


def test_no_changed_message_is_believed() -> None:
    assert accepted_mutants(3000, seed=1) == 0


@pytest.mark.campaign
def test_no_message_of_a_million_changed_ones_is_believed() -> None:
    assert accepted_mutants(1_000_000, seed=2) == 0


def statement(**changed: object) -> Trust:
    told = {"serial": 1, "made": 0, "sealing": ("0" * 64,), "documents": (), "receipts": ()}
    return Trust(**(told | changed))


def test_a_trust_statement_is_the_roots_alone() -> None:
    said = trust.sign(ROOT, statement())
    assert trust.read(said, ROOT.public_key()) == statement()
    with pytest.raises(NotAuthentic):
        trust.read(said, STRANGER.public_key())


def test_a_trust_statement_with_a_key_that_is_none_is_refused() -> None:
    payload = messages.encode(statement()).replace(b"0" * 64, b"0" * 62)
    with pytest.raises(ProtocolError, match="not a Trust"):
        trust.read(signing.sign(ROOT, "trust", "", payload), ROOT.public_key())
