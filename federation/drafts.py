"""Checks what a person wrote before it becomes a document. Pure: signs, keeps and sends nothing."""

from collections.abc import Iterator
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from protocol import documents, trust
from protocol.errors import ProtocolError

from .errors import OperatorError

WORDS = {"notice": "notices"}
"""What people say for a kind of document."""
TYPED = ("programme", "tour", "settings", "notices", documents.TRUST)
"""Kinds that a person may publish; a roster is made by the software."""


def kind(word: str) -> str:
    """The kind of document that a person means. Raises OperatorError."""
    found = WORDS.get(word, word)
    if found not in TYPED:
        raise OperatorError(f"{word!r} is not a document: {', '.join(TYPED)} are.")
    return found


def body(kind: str, text: bytes) -> dict[str, Any]:
    """The body as it will travel. Raises OperatorError: unknown kind or keys, wrong values."""
    if kind not in documents.BODIES:
        raise OperatorError(f"{kind!r} is not a document: {', '.join(documents.BODIES)} are.")
    try:
        raw = msgspec.json.decode(text, type=dict[str, Any])
        value = msgspec.convert(raw, documents.BODIES[kind])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise OperatorError(f"this {kind} cannot be published: {error}.") from error
    unknown = sorted(_unknown(raw, value))
    if unknown:
        raise OperatorError(f"this {kind} has unknown keys: {', '.join(unknown)}.")
    return raw


def serial(statement: bytes, root: Ed25519PublicKey) -> int:
    """The serial of a trust statement, which must be the root's. Raises OperatorError."""
    try:
        return trust.read(statement, root).serial
    except ProtocolError as error:
        raise OperatorError(
            f"this trust statement cannot be published: {error}; make it with escale-provision."
        ) from error


def _unknown(raw: Any, value: Any) -> Iterator[str]:
    """Keys of the file that mean nothing: a slip of the pen would be lost without a word."""
    if isinstance(value, msgspec.Struct):
        for key, item in raw.items():
            if key not in value.__struct_fields__:
                yield key
            else:
                yield from _unknown(item, getattr(value, key))
    elif isinstance(value, tuple):
        for item, inner in zip(raw, value, strict=True):
            yield from _unknown(item, inner)
