"""A parcel opens for the federation, whole, and tells whoever finds it nothing."""

import io
import random

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from protocol import parcel
from protocol.errors import ProtocolError
from protocol.parcel import Message
from protocol.sealing import SealError

UNIT = "van-germaine"
OURS, RECOVERY, STRANGER = (X25519PrivateKey.generate() for _ in range(3))
SAID = (
    Message("certificate", b"der"),
    Message("batch", b"the first batch", "screen 7 1-10"),
    Message("batch", b"the second batch", "screen 7 11-20"),
)


def made(*messages: Message) -> bytes:
    file = io.BytesIO()
    count = parcel.write(file, UNIT, [OURS.public_key(), RECOVERY.public_key()], messages)
    assert count == len(messages)
    return file.getvalue()


def opened(content: bytes, *keys: X25519PrivateKey) -> tuple[str, list[Message]]:
    unit, messages = parcel.read(io.BytesIO(content), keys or (OURS,))
    return unit, list(messages)


@pytest.mark.parametrize("key", [OURS, RECOVERY], ids=["sealing", "recovery"])
def test_each_key_of_the_federation_opens_it(key: X25519PrivateKey) -> None:
    assert opened(made(*SAID), key) == (UNIT, list(SAID))
    assert opened(made(), key) == (UNIT, [])


def test_no_other_key_does() -> None:
    with pytest.raises(SealError, match="other keys"):
        opened(made(*SAID), STRANGER)


def test_it_shows_whose_it_is_and_nothing_else() -> None:
    content = made(*SAID)
    assert UNIT.encode() in content
    assert not any(message.payload in content for message in SAID if message.what == "batch")
    assert b"screen 7" not in content


def test_one_that_was_cut_off_is_told_wherever_it_was_cut() -> None:
    content = made(*SAID)
    for end in range(len(content)):
        with pytest.raises(ProtocolError):
            opened(content[:end])


def test_a_last_frame_that_was_left_out_is_missed() -> None:
    """Without the mark in the nonce, a parcel that ends between two messages would be whole."""
    content, shorter = made(*SAID), made(*SAID[:2])
    with pytest.raises(ProtocolError):
        opened(content[: len(content) - 20 - 4 - (len(content) - len(shorter))])


def test_whatever_is_changed_is_found() -> None:
    content, dice = made(*SAID), random.Random(4)
    for _ in range(2000):
        changed = bytearray(content)
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
        with pytest.raises(ProtocolError):
            opened(bytes(changed))


def test_frames_cannot_change_places() -> None:
    twins = (Message("batch", b"a" * 20, "s 1 1-1"), Message("batch", b"b" * 20, "s 1 2-2"))
    content, short = made(*twins), 4 + 16 + len(parcel._encoder.encode(twins[0]))
    end = len(content) - 20
    swapped = (
        content[: end - 2 * short]
        + content[end - short : end]
        + content[end - 2 * short : end - short]
        + content[end:]
    )
    assert opened(content)[1] == list(twins)
    with pytest.raises(ProtocolError):
        opened(swapped)


def test_what_follows_the_last_frame_is_refused() -> None:
    with pytest.raises(ProtocolError):
        opened(made(*SAID) + b"more")


def test_a_parcel_for_nobody_is_not_made() -> None:
    with pytest.raises(SealError):
        parcel.write(io.BytesIO(), UNIT, [], SAID)
