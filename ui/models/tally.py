"""A street animation counted by hand: one touch a person, by age band and gender. Pure."""

from collections.abc import Mapping
from typing import Final

from protocol import codes
from protocol.event import Key
from protocol.visits import Tally

Counts = Mapping[str, Mapping[str, int]]
"""Age band → gender → how many."""
AGES: Final = tuple(codes.CODES["age_band"])
GENDERS: Final = ("feminin", "masculin", codes.NOT_STATED)


def cell(age: str, gender: str) -> str:
    """What a touch on that key tells the desk."""
    return f"{age}:{gender}"


def counted(counts: Counts, touched: str, by: int = 1) -> dict[str, dict[str, int]]:
    """The counts with a person more, or one taken back; the same when the key is none of ours."""
    age, _, gender = touched.partition(":")
    after = {band: dict(row) for band, row in counts.items()}
    if age not in AGES or gender not in GENDERS:
        return after
    row = after.setdefault(age, {})
    row[gender] = max(0, row.get(gender, 0) + by)
    return without_nothing(after)


def without_nothing(counts: Counts) -> dict[str, dict[str, int]]:
    """Only what was counted."""
    rows = {age: {one: many for one, many in row.items() if many} for age, row in counts.items()}
    return {age: row for age, row in rows.items() if row}


def people(counts: Counts) -> int:
    """All of them."""
    return sum(many for row in counts.values() for many in row.values())


def tally(counts: Counts, door: str, minutes: str, stop: Key | None, author: str) -> Tally:
    """What is kept; `minutes`: from the code list `duration`, empty when nobody says."""
    return Tally(
        theme=codes.theme_of_door(door),
        counts={age: dict(row) for age, row in counts.items()},
        duration_minutes=int(minutes) if minutes else None,
        stop=stop,
        author=author,
    )
