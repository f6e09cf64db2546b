"""What every event has in common, and its key. Knows no type: each subject has its own file."""

from typing import Annotated, ClassVar

import msgspec

MAX_BODY = 8 * 1024
"""Bytes: a larger body is refused at append, so that no row can ever block a journal."""

MAX_NUMBER = 2**53
"""The highest epoch, seq or time: what JSON of any make can hold."""

Number = Annotated[int, msgspec.Meta(ge=0, le=MAX_NUMBER)]
Signed = Annotated[int, msgspec.Meta(ge=-MAX_NUMBER, le=MAX_NUMBER)]
Positive = Annotated[int, msgspec.Meta(ge=1, le=MAX_NUMBER)]


def whole(pattern: str) -> msgspec.Meta:
    """That the whole text matches; without the look-ahead, Python's $ bears a newline after it."""
    return msgspec.Meta(pattern=f"^({pattern})$(?!\\n)")


Digest = Annotated[str, whole("([0-9a-f]{16})?")]
"""Eight bytes in hex; empty where it is not known."""
Count = Annotated[int, msgspec.Meta(ge=0, le=10_000)]
Milliseconds = Number
Code = Annotated[str, whole("[!-~]{1,64}")]
"""From a code list, or an id that a system made: without a space, for it is no place to write."""
Initials = Annotated[str, whole("[A-Za-zÀ-ÖØ-öø-ÿ]{0,4}")]
"""Of a member of staff; empty where it is not known who."""
Short = Annotated[str, msgspec.Meta(max_length=80)]
"""Text that the software or the federation wrote: no event has one that a visitor can fill."""

RawKey = Annotated[str, whole("([0-9a-f]{64})?")]
"""A public key, 32 bytes in hex; empty: there is none."""
EnvelopeDigest = Annotated[str, whole("([0-9a-f]{32})?")]
"""Sixteen bytes in hex (protocol.sealing.digest); empty: nothing personal was given."""


class Key(msgspec.Struct, frozen=True, array_like=True, order=True):
    """Where an event was born: the only identity an event has (a pair on the wire)."""

    epoch: Positive
    seq: Positive


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A fact, in the past tense; its time and key live in the row around it."""

    TYPE: ClassVar[str]
    """The wire name; it may never change meaning."""

    trial: bool = False
    """Made in trial mode (fairs, training): kept, sent, never counted."""
    codes: Count = 1
    """Version of the code lists the codes of this event are from."""


class PersonalEvent(Event, frozen=True, kw_only=True, omit_defaults=True):
    """An event with fields that tell of a person: they are sealed at capture, beside the body."""

    PERSONAL: ClassVar[tuple[str, ...]]
    """Names of the fields that the envelope may hold; no other event may carry any."""

    sealed: EnvelopeDigest = ""
    """Of the envelope: the body, and so the chain, stays the same when that is erased."""
