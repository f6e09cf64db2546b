"""What is wrong with a unit, by its own last word and the ledger's: codes with a detail. Pure.

Its measures are those of alerts and of the command `status` too: one moment, one verdict.

Only what stands now and wants somebody; what once was is told on the unit's page as history.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple

from protocol.messages import Refusal, Status

Code = Literal[
    "certificate_ended", "disk", "fork", "gps", "battery", "clock", "certificate", "refused",
    "fault",
]  # fmt: skip

_DAY: Final = 24 * 3600 * 1000
CERTIFICATE: Final = 21 * _DAY
"""Milliseconds left of a certificate: a unit asks for the next one 30 days before the end."""
DISK: Final = 256 * 1024 * 1024
"""Bytes free, below which the unit refuses positions and soon more."""
CLOCK: Final = 5 * 60 * 1000
"""Milliseconds by which a unit's clock may differ from ours (its word takes a while)."""
_FIX_LOST: Final = ("absent", "silent")
_DISK_WORDS: Final = ("disk ", "integrity", "could not be written")
_BATTERY_WORDS: Final = ("battery",)


class Trouble(NamedTuple):
    """Something to be seen to."""

    code: Code
    detail: str = ""
    """The unit's own words; or, where we saw it: bytes free, milliseconds ahead, an end."""


def troubles(
    word: Status | None, heard: int | None, certificate_until: int | None, forked: bool, now: int
) -> list[Trouble]:
    """The gravest first. `heard`: when the word came; all moments in milliseconds since 1970."""
    found = [*_certificate(certificate_until, now)]
    if forked:
        found.append(Trouble("fork"))
    if word is not None:
        found += _told(word.faults)
        found += _seen(word, heard)
        found += _refused(word.refused)
    return sorted(dict.fromkeys(found), key=lambda trouble: _ORDER[trouble.code])


_ORDER: Final[Mapping[str, int]] = {
    code: place
    for place, code in enumerate(
        ("certificate_ended", "disk", "fork", "battery", "gps", "clock", "certificate", "refused")
    )
} | {"fault": 9}


def _certificate(until: int | None, now: int) -> Iterator[Trouble]:
    if until is not None and until <= now:
        yield Trouble("certificate_ended", str(until))
    elif until is not None and until - now <= CERTIFICATE:
        yield Trouble("certificate", str(until))


def _told(faults: Sequence[str]) -> Iterator[Trouble]:
    for fault in faults:
        if any(word in fault for word in _BATTERY_WORDS):
            yield Trouble("battery", fault)
        elif any(word in fault for word in _DISK_WORDS):
            yield Trouble("disk", fault)
        else:
            yield Trouble("fault", fault)


def _seen(word: Status, heard: int | None) -> Iterator[Trouble]:
    if word.gps is not None and word.gps.state in _FIX_LOST and word.duty == "on":
        yield Trouble("gps", word.gps.detail or word.gps.state)
    if word.disk_free is not None and word.disk_free < DISK:
        yield Trouble("disk", str(word.disk_free))
    if word.utc is not None and heard is not None and abs(word.utc - heard) > CLOCK:
        yield Trouble("clock", str(word.utc - heard))


def _refused(refused: Mapping[str, Refusal]) -> Iterator[Trouble]:
    for kind, refusal in refused.items():
        yield Trouble("refused", f"{kind}: {refusal.reason}")
