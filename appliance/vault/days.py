"""The key of one day: made, wrapped for a power cut, and when it is over. Pure; keeps nothing.

Its age never rests on a clock alone: the time the unit ran with it always counts, and a date
counts when it is known and not absurd. What is over stays over, whatever the clock says later.
"""

import os
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from protocol.retention import ROSTER_HOURS

from ..clock import Stamp
from ..retention import LONGEST_KNOWN

LONGEST: Final = ROSTER_HOURS * 3_600_000
"""Milliseconds a day lasts at the most."""
MARK_EVERY: Final = 600_000
"""Milliseconds between two marks of its age on the card: a power cut forgets no more of it."""
_NONCE_SIZE: Final = 12


class DayKey(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of the day; the private half is in the capsule or nowhere."""

    public: bytes
    """Empty: the key is lost, and the day goes on without its list."""
    capsule: bytes = b""
    """The private half, wrapped; empty: in memory alone."""
    made_in: str
    """Boot."""
    made: int
    """Boot time, milliseconds."""
    utc: int | None
    """The same in milliseconds since 1970, when it is known from another boot."""
    served: int = 0
    """Milliseconds of age at the mark."""
    marked_in: str
    marked: int
    """Boot and boot time of the mark."""
    cut: bool = False
    """Names of this day were lost from the screen, at a power cut or with a forgotten PIN."""


def begun(public: bytes, capsule: bytes, now: Stamp, *, cut: bool) -> DayKey:
    """The day that begins now."""
    return DayKey(
        public=public,
        capsule=capsule,
        made_in=now.boot_id,
        made=now.boottime,
        utc=now.utc,
        marked_in=now.boot_id,
        marked=now.boottime,
        cut=cut,
    )


def age(day: DayKey, now: Stamp) -> int:
    """Milliseconds since the key was made, at the least."""
    made = _made(day, now)
    told = 0 if made is None or now.utc is None else now.utc - made
    return max(_served(day, now), told if told <= LONGEST_KNOWN else 0)


def is_over(day: DayKey, now: Stamp, zone: str) -> bool:
    """Whether it is too old, or of a date before today's."""
    if age(day, now) >= LONGEST:
        return True
    made = _made(day, now)
    if made is None or now.utc is None or not 0 <= now.utc - made <= LONGEST_KNOWN:
        return False
    return _date(made, zone) < _date(now.utc, zone)


def marked(day: DayKey, now: Stamp) -> DayKey:
    """The day with its age marked, when that is worth a write; else the same."""
    same_boot = day.marked_in == now.boot_id
    utc = _made(day, now)
    if same_boot and now.boottime - day.marked < MARK_EVERY and (day.utc is None) == (utc is None):
        return day
    return msgspec.structs.replace(
        day, served=_served(day, now), marked_in=now.boot_id, marked=now.boottime, utc=utc
    )


def lost(day: DayKey) -> DayKey:
    """The day without its key: whatever was sealed to it stays closed for ever."""
    return msgspec.structs.replace(day, public=b"", capsule=b"", cut=True)


def rewrapped(day: DayKey, capsule: bytes) -> DayKey:
    """The day whose capsule opens with another PIN."""
    return msgspec.structs.replace(day, capsule=capsule)


def wrap(private: X25519PrivateKey, key: bytes) -> bytes:
    """The capsule of a private half; `key`: pins.capsule_key."""
    nonce = os.urandom(_NONCE_SIZE)
    public = private.public_key().public_bytes_raw()
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, private.private_bytes_raw(), public)


def unwrap(day: DayKey, key: bytes) -> X25519PrivateKey | None:
    """The private half; None with another PIN, another board, or a damaged capsule."""
    nonce, sealed = day.capsule[:_NONCE_SIZE], day.capsule[_NONCE_SIZE:]
    try:
        raw = ChaCha20Poly1305(key).decrypt(nonce, sealed, day.public)
        return X25519PrivateKey.from_private_bytes(raw)
    except (InvalidTag, ValueError):
        return None


def _served(day: DayKey, now: Stamp) -> int:
    since = day.marked if day.marked_in == now.boot_id else 0
    return day.served + max(0, now.boottime - since)


def _made(day: DayKey, now: Stamp) -> int | None:
    """When it was made (UTC): in its own boot, by whatever dates that boot now."""
    if day.made_in != now.boot_id or now.utc is None:
        return day.utc
    return now.utc - (now.boottime - day.made)


def _date(utc: int, zone: str) -> date:
    return datetime.fromtimestamp(utc / 1000, ZoneInfo(zone)).date()
