"""How an errand stands that a one-shot of the system does: a copy, a report. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, NamedTuple

from protocol.enrolment import CODE_LENGTH, CODE_LETTERS

Stage = Literal["ask", "working", "done", "failed", "silent"]
SILENT: Final = 20.0
"""Seconds without an answer: nobody is there to do it."""
LONGEST: Final = 36 * 60.0
"""Seconds: longer than systemd lets any of them work (systemd/escale-copy.service.d)."""
WHYS: Final = (
    "none", "several", "unfit", "protected", "full", "slow", "pulled", "unsealed", "unable",
)  # fmt: skip
"""What can be told of a failure, each with its sentence."""
Entry = tuple[str, str, bool]
"""Text, count, whether it is a title (models/closing.py)."""
FEW: Final = ("1", "2")
BACK: Final = "backspace"


class Standing(NamedTuple):
    """What a page shows of it."""

    stage: Stage = "ask"
    why: str = ""
    """Of a failure, one of WHYS; "partly" of what is done as far as it could be."""


def standing(asked: float | None, now: float, answer: Mapping[str, Any] | None) -> Standing:
    """`asked`: when, monotonic seconds; None: nobody asked. `answer`: to that very wish."""
    if asked is None:
        return Standing()
    if answer is None:
        return Standing("silent" if now - asked > SILENT else "working")
    if answer.get("state") == "done":
        return Standing("done", "partly" if answer.get("why") == "partly" else "")
    if answer.get("state") == "failed":
        why = answer.get("why")
        return Standing("failed", why if why in WHYS else "unable")
    return Standing("silent" if now - asked > LONGEST else "working")


def plain(head: Iterable[str], entries: Iterable[Entry], *, few: str) -> str:
    """A day's sheet as lines of text that may leave the vehicle: small counts are not told.

    One visit for one reason at one stop may be somebody whom the reader knows. A single count left
    out is the total less the others: where one is small, no part of its section is counted.
    """
    lines = [line for line in head if line]
    for (title, total, _), *parts in _sections(entries):
        hides = any(count in FEW for _, count, _ in parts)
        lines.append("\n" + _line(title, few if total in FEW else total))
        lines += [_line(text, "" if hides else count) for text, count, _ in parts]
    return "\n".join(lines)


def _sections(entries: Iterable[Entry]) -> list[list[Entry]]:
    """Each with its title first."""
    found = list[list[Entry]]()
    for entry in entries:
        if entry[2]:
            found.append([])
        found[-1].append(entry)
    return found


def _line(text: str, count: str) -> str:
    return f"{text} : {count}" if count else text


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
