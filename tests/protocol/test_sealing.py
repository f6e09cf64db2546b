"""What is sealed opens with the right key, at its own row, unchanged; and not otherwise."""

import random

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from protocol import sealing
from protocol.event import Key
from protocol.sealing import Binding, SealError

FEDERATION, RECOVERY, STRANGER = (X25519PrivateKey.generate() for _ in range(3))
RECIPIENTS = [FEDERATION.public_key(), RECOVERY.public_key()]
ROW = Binding("van-germaine", Key(7, 42))
PERSON = {"first_name": "Aïcha", "phone": "06 12 34 56 78"}


def sealed(fields: dict[str, str] = PERSON, row: Binding = ROW) -> bytes:
    return sealing.seal(fields, RECIPIENTS, row)


@given(st.dictionaries(st.sampled_from(["first_name", "phone"]), st.text(max_size=40)))
def test_each_recipient_alone_opens_what_was_sealed(fields: dict[str, str]) -> None:
    fields = {name: text.encode(errors="ignore").decode() for name, text in fields.items()}
    envelope = sealed(fields)
    assert sealing.open_envelope(envelope, [FEDERATION], ROW) == fields
    assert sealing.open_envelope(envelope, [STRANGER, RECOVERY], ROW) == fields


def test_another_key_opens_nothing() -> None:
    with pytest.raises(SealError, match="sealed to other keys"):
        sealing.open_envelope(sealed(), [STRANGER], ROW)


@pytest.mark.parametrize(
    "elsewhere",
    [
        Binding("van-marius", Key(7, 42)),
        Binding("van-germaine", Key(8, 42)),
        Binding("van-germaine", Key(7, 43)),
        Binding("van-germaine|7", Key(42, 1)),
    ],
)
def test_an_envelope_moved_to_another_row_is_refused(elsewhere: Binding) -> None:
    with pytest.raises(SealError):
        sealing.open_envelope(sealed(), [FEDERATION], elsewhere)


@pytest.mark.parametrize("point", [bytes(32), b"\1" + bytes(31)])
def test_to_a_point_that_is_nobodys_key_nothing_is_sealed(point: bytes) -> None:
    nobody = X25519PublicKey.from_public_bytes(point)
    with pytest.raises(SealError, match="nobody's key"):
        sealing.seal_bytes(b"names", nobody, b"info")
    with pytest.raises(SealError, match="nobody's key"):
        sealing.seal(PERSON, [FEDERATION.public_key(), nobody], ROW)


def test_fields_that_change_places_are_refused() -> None:
    suite, wraps, fields = msgspec.msgpack.decode(sealed())
    swapped = {"first_name": fields["phone"], "phone": fields["first_name"]}
    with pytest.raises(SealError, match="changed or moved"):
        sealing.open_envelope(msgspec.msgpack.encode([suite, wraps, swapped]), [FEDERATION], ROW)


def test_a_field_of_another_envelope_is_refused() -> None:
    suite, wraps, _ = msgspec.msgpack.decode(sealed())
    _, _, others = msgspec.msgpack.decode(sealed({"first_name": "Marius", "phone": "0"}))
    with pytest.raises(SealError):
        sealing.open_envelope(msgspec.msgpack.encode([suite, wraps, others]), [FEDERATION], ROW)


def test_a_suite_of_later_software_is_refused_by_its_number() -> None:
    _, wraps, fields = msgspec.msgpack.decode(sealed())
    later = msgspec.msgpack.encode([2, wraps, fields])
    with pytest.raises(SealError, match="suite 2, this software knows 1"):
        sealing.open_envelope(later, [FEDERATION], ROW)


def test_two_envelopes_of_the_same_fields_have_nothing_in_common_but_the_recipients() -> None:
    one, other = (msgspec.msgpack.decode(sealed()) for _ in range(2))
    assert one[2] != other[2]
    assert all(a[1] != b[1] for a, b in zip(one[1], other[1], strict=True))


def test_short_names_all_have_the_same_length_when_sealed() -> None:
    lengths = {len(sealed({"first_name": "x" * count})) for count in range(16)}
    assert len(lengths) == 1


def test_a_field_that_is_too_long_is_refused_in_one_sentence() -> None:
    with pytest.raises(SealError, match="phone has 201 bytes, 200 is the most"):
        sealed({"phone": "0" * 201})


def test_with_nobody_to_seal_to_nothing_is_sealed() -> None:
    with pytest.raises(SealError, match="nobody to seal to"):
        sealing.seal(PERSON, [], ROW)


def mutants(envelope: bytes, count: int, seed: int) -> int:
    """How many changed envelopes were accepted."""
    chance, accepted = random.Random(seed), 0
    for _ in range(count):
        changed = bytearray(envelope)
        for _ in range(chance.randint(1, 3)):
            place = chance.randrange(len(changed))
            how = chance.randrange(3)
            if how == 0:
                changed[place] ^= 1 << chance.randrange(8)
            elif how == 1:
                del changed[place]
            else:
                changed.insert(place, chance.randrange(256))
        if changed == envelope:
            continue
        try:
            read = sealing.open_envelope(bytes(changed), [FEDERATION], ROW)
        except SealError:
            continue
        # Only the other recipient's part may be changed without this one's noticing: the digest
        # in the body is what covers the whole.
        accepted += sealing.digest(bytes(changed)) == sealing.digest(envelope) or read != PERSON
    return accepted


def test_no_changed_envelope_tells_anything_else() -> None:
    assert mutants(sealed(), 3000, seed=1) == 0


@pytest.mark.campaign
def test_a_million_changed_envelopes_tell_nothing_else() -> None:
    assert mutants(sealed(), 1_000_000, seed=2) == 0
