"""Today's names as lines sealed to the day's key, and the list they make. Pure; keeps nothing.

A line comes from a sign-up on this screen, or from the federation's document: both at once are
one line.
"""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from protocol import sealing
from protocol.documents import Roster, RosterLine, roster_info
from protocol.sealing import SealError

_encoder = msgspec.json.Encoder()
_line = msgspec.json.Decoder(RosterLine)
_lines = msgspec.json.Decoder(list[RosterLine])


class RosterView(NamedTuple):
    """What staff see; neither it nor its lines tell a name when printed."""

    lines: tuple[RosterLine, ...] = ()
    """By workshop, then by number."""
    gone: bool = False
    """Names of today are missing here, though not at the federation."""


def seal(line: RosterLine, public: bytes, unit: str) -> bytes:
    """One line for nobody but the holder of the day's key."""
    key = X25519PublicKey.from_public_bytes(public)
    return sealing.seal_bytes(_encoder.encode(line), key, _info(unit))


def opened(sealed: Iterable[bytes], private: X25519PrivateKey, unit: str) -> list[RosterLine]:
    """The lines that open; one that is damaged is left out."""
    found = list[RosterLine]()
    for one in sealed:
        try:
            found.append(_line.decode(sealing.open_bytes(one, private, _info(unit))))
        except (SealError, msgspec.DecodeError):
            continue
    return found


def told(document: Roster, private: X25519PrivateKey, unit: str) -> list[RosterLine] | None:
    """The document's lines; None when it is not for this key, or cannot be read."""
    if document.day_key != private.public_key().public_bytes_raw().hex():
        return None
    try:
        return _lines.decode(sealing.open_bytes(document.sealed, private, roster_info(unit)))
    except (SealError, msgspec.DecodeError):
        return None


def merged(ours: Iterable[RosterLine], theirs: Iterable[RosterLine]) -> tuple[RosterLine, ...]:
    """The federation's word stands before ours of the same sign-up.

    All of its lines stay: each van counts for itself, so two of them may have one number.
    """
    told = list(theirs)
    known = {_place(line) for line in told}
    new = [line for line in ours if not known & {_place(line), _anywhere(line)}]
    return tuple(sorted((*told, *new), key=lambda line: (*_place(line)[:2], line.unit or "")))


def _place(line: RosterLine) -> tuple[str, int, str | None]:
    return line.workshop, line.number, line.unit


def _anywhere(line: RosterLine) -> tuple[str, int, None]:
    """As a federation named it that did not tell yet where a sign-up was made."""
    return line.workshop, line.number, None


def _info(unit: str) -> bytes:
    return f"escale roster line 1|{unit}".encode()
