"""What somebody takes home: a code of three letters, and a date for the telephone. Pure.

Nothing of it tells who somebody is.
"""

import hmac
from datetime import UTC, datetime
from typing import Final

from protocol.event import Key

LETTERS: Final = "BCGHJKLMPRVWXZ"
"""No vowel, so that no word comes of it; none is mistaken for another, none abuses anybody."""
LENGTH: Final = 3


def code(secret: bytes, sign_up: Key) -> str:
    """The letters of a sign-up: three different ones."""
    left, found = list(LETTERS), ""
    told = f"escale sign-up 1|{sign_up.epoch}/{sign_up.seq}".encode()
    number = int.from_bytes(hmac.digest(secret, told, "sha256"))
    for _ in range(LENGTH):
        number, place = divmod(number, len(left))
        found += left.pop(place)
    return found


def calendar(title: str, place: str, starts: int, minutes: int, note: str, uid: str) -> str:
    """A date as the camera of a telephone understands it; `starts`: milliseconds since 1970.

    `uid`: the same for the same sign-up, so that a date read again is the same date. What a
    calendar's file needs besides (RFC 5545: DTSTAMP, PRODID) would make it harder to read, and
    none asks for it.
    """
    ends = starts + minutes * 60_000
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "BEGIN:VEVENT",
        f"UID:{_text(uid)}",
        f"DTSTART:{_utc(starts)}",
        f"DTEND:{_utc(ends)}",
        f"SUMMARY:{_text(title)}",
        *((f"LOCATION:{_text(place)}",) if place else ()),
        f"DESCRIPTION:{_text(note)}",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return "\n".join(lines)


def _utc(moment: int) -> str:
    return datetime.fromtimestamp(moment / 1000, UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    for mark in ("\\", ";", ","):
        text = text.replace(mark, "\\" + mark)
    return text.replace("\n", "\\n")
