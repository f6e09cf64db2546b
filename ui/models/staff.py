"""What staff type and what they read, as pure functions. Holds no PIN and no name that prints.

A pad collects keys; what a full pad means is decided with what it was opened for.
"""

from collections.abc import Iterable, Mapping
from itertools import groupby
from math import ceil
from typing import Any, Final, Literal, NamedTuple

import msgspec

from appliance.vault import pins
from appliance.vault.sealer import Trouble
from protocol.documents import RosterLine
from protocol.enrolment import CODE_LETTERS
from protocol.reset_code import ANSWER_LENGTH

Aim = Literal["choose", "confirm", "enter", "answer"]
LENGTHS: dict[Aim, int] = {
    "choose": pins.LENGTH,
    "confirm": pins.LENGTH,
    "enter": pins.LENGTH,
    "answer": ANSWER_LENGTH,
}
DIGITS: Final = "0123456789"
BACK: Final = "backspace"
LINES_A_PAGE: Final = 4


class Pad(msgspec.Struct, frozen=True, kw_only=True):
    """What was typed so far, and what for."""

    aim: Aim = "enter"
    typed: str = ""
    first: str = ""
    """The PIN chosen a moment ago, to be typed once more."""
    note: str = ""
    """Key of what is to be said about the last one."""

    def __repr__(self) -> str:
        """Tells no digit."""
        return f"Pad({self.aim}, {len(self.typed)} typed)"

    @property
    def is_full(self) -> bool:
        """Whether it is time to look at it."""
        return len(self.typed) == LENGTHS[self.aim]


def pressed(pad: Pad, key: str) -> Pad:
    """The pad after a key."""
    if key == BACK:
        return msgspec.structs.replace(pad, typed=pad.typed[:-1])
    letters = CODE_LETTERS if pad.aim == "answer" else DIGITS
    if pad.is_full or len(key) != 1 or key not in letters:
        return pad
    return msgspec.structs.replace(pad, typed=pad.typed + key, note="")


def emptied(pad: Pad, note: str) -> Pad:
    """To be typed again."""
    return msgspec.structs.replace(pad, typed="", note=note)


def settled(pad: Pad) -> Pad:
    """A full pad: emptied when a PIN is refused or to be typed once more, else as it is."""
    if pad.aim == "choose":
        if pins.is_trivial(pad.typed):
            return emptied(pad, "pin.trivial")
        return Pad(aim="confirm", first=pad.typed)
    if pad.aim == "confirm" and pad.typed != pad.first:
        return Pad(aim="choose", note="pin.differs")
    return pad


def told_time(seconds: float, words: Mapping[str, str]) -> str:
    """A wait in words, never shorter than it is; it changes every ten seconds at the most."""
    if seconds <= 90:
        return words["pin.seconds"].format(count=ceil(seconds / 10) * 10)
    return words["pin.minutes"].format(count=ceil(seconds / 60))


class Page(NamedTuple):
    """A page of today's list: one workshop, a few lines."""

    title: str
    lines: tuple[RosterLine, ...] = ()


def pages(lines: Iterable[RosterLine], titles: Mapping[str, str]) -> list[Page]:
    """The list cut in pages; `titles`: workshop → its title, where the programme is known."""
    cut = list[Page]()
    for workshop, group in groupby(lines, key=lambda line: line.workshop):
        rest = list(group)
        while rest:
            page, rest = rest[:LINES_A_PAGE], rest[LINES_A_PAGE:]
            cut.append(Page(titles.get(workshop) or workshop, tuple(page)))
    return cut


class Safety(msgspec.Struct, frozen=True, kw_only=True):
    """How well today's names are kept, and what that means."""

    trouble: Trouble = ""
    """Why no name is taken; empty: names are taken."""
    strict: bool = True
    certificate: Literal["unknown", "valid", "over"] = "unknown"
    until: int = 0
    """Milliseconds since 1970."""


def safety(
    trouble: Trouble, *, strict: bool, uplink: Mapping[str, Any] | None, utc: int | None
) -> Safety:
    """`uplink`: its latest word (`/run/escale/uplink.json`); `utc`: now, when it is known."""
    until = (uplink or {}).get("certificate_until")
    if not isinstance(until, int):
        return Safety(trouble=trouble, strict=strict)
    over = utc is not None and utc >= until
    return Safety(
        trouble=trouble, strict=strict, certificate="over" if over else "valid", until=until
    )
