"""How an errand stands that a one-shot of the system does: a copy, a report. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, NamedTuple

from protocol.enrolment import CODE_LENGTH, CODE_LETTERS

Stage = Literal["ask", "working", "done", "failed", "silent"]
SILENT: Final = 20.0
"""Seconds without an answer: nobody is there to do it."""
WHYS: Final = ("none", "several", "unfit", "protected", "full", "slow", "unsealed")
"""What can be told of a failure, each with its sentence."""
Entry = tuple[str, str, bool]
"""Text, count, whether it is a title (models/closing.py)."""
FEW: Final = ("1", "2")
BACK: Final = "backspace"


class Standing(NamedTuple):
    """What a page shows of it."""

    stage: Stage = "ask"
    why: str = ""
    """Of a failure; one of WHYS."""


def standing(asked: float | None, now: float, answer: Mapping[str, Any] | None) -> Standing:
    """`asked`: when, monotonic seconds; None: nobody asked. `answer`: to that very wish."""
    if asked is None:
        return Standing()
    if answer is None:
        return Standing("silent" if now - asked > SILENT else "working")
    if answer.get("state") == "done":
        return Standing("done")
    if answer.get("state") == "failed":
        why = answer.get("why")
        return Standing("failed", why if why in WHYS else "unfit")
    return Standing("working")


def plain(head: Iterable[str], entries: Iterable[Entry], *, few: str) -> str:
    """A day's sheet as lines of text that may leave the vehicle: small counts are not told.

    One visit for one reason at one stop may be somebody whom the reader knows.
    """
    lines = [line for line in head if line]
    for text, count, is_title in entries:
        shown = few if not is_title and count in FEW else count
        lines.append(("\n" if is_title else "") + (f"{text} : {shown}" if shown else text))
    return "\n".join(lines)


def spelt(code: str, key: str) -> str:
    """The code of enrolment after a key."""
    if key == BACK:
        return code[:-1]
    if len(code) == CODE_LENGTH or len(key) != 1 or key not in CODE_LETTERS:
        return code
    return code + key


def in_fours(code: str) -> str:
    """As the printed sheet shows it, a low line for what is missing."""
    places = code.ljust(CODE_LENGTH, "_")
    return "  ".join(places[at : at + 4] for at in range(0, CODE_LENGTH, 4))
