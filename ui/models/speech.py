"""Which recordings say a text, as names of files without their ending. Pure.

A recording is named by the key of its text in the catalogue, a number by `number.12`. A text with
numbers in it is put together: `3 places` is the number, then what stands beside it.
"""

import re
from collections.abc import Mapping

FULL = 99
"""Numbers up to this one have a recording of their own; longer ones are read digit by digit."""
EDGES = " \u00a0\u202f\t\n.,:;!?…«»()–—-·،؛؟¿¡"
"""What stands around words without being said."""


def bare(text: str) -> str:
    """A text as it is looked for: without what is not heard."""
    return text.replace("\u00a0", " ").strip(EDGES).casefold()


def fragments(text: str) -> tuple[str, ...]:
    """What is said around the places left free: `Il reste {count} places.` → two."""
    parts = (part.strip(EDGES) for part in re.split(r"\{[a-z_]+\}", text))
    return tuple(part for part in parts if part and not part.isdecimal())


def sayings(text: str, recorded: Mapping[str, str]) -> tuple[str, ...]:
    """The recordings that say this text, in order; none when a part of it has no recording.

    `recorded`: bare text → name of its recording. The longest run of words comes first.
    """
    words, said = text.split(), list[str]()
    while words:
        for count in range(len(words), 0, -1):
            part = bare(" ".join(words[:count]))
            names = (recorded[part],) if part in recorded else hour(part) or number(part)
            if names or not part:
                break
        else:
            return ()
        said += names
        del words[:count]
    return tuple(said)


def hour(text: str) -> tuple[str, ...]:
    """The recordings of `14:30` or `14.30`; minutes that are none are not said."""
    parts = re.fullmatch(r"(\d{1,2})[:.](\d\d)", text)
    if parts is None:
        return ()
    return number(parts[1]) + (number(parts[2]) if int(parts[2]) else ())


def number(digits: str) -> tuple[str, ...]:
    """The recordings of a number: one up to 99, then digit by digit. None: it is no number."""
    if not digits.isdecimal():
        return ()
    if digits == str(int(digits)) and int(digits) <= FULL:
        return (f"number.{digits}",)
    return tuple(f"number.{digit}" for digit in digits)
