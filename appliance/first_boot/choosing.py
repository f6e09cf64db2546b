"""Which of the bundles that were found is this card's, and what is wrong if none is. Pure.

A bundle is for a unit, or for a spare card that is not yet one.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from protocol.enrolment import is_spare

Wrong = Literal["", "damaged", "another_root", "another_unit", "several"]
"""Each has its sentence on the screen: `first_boot.<wrong>`."""


class Candidate(NamedTuple):
    """A file that was found."""

    name: str
    unit: str = ""
    """Whose it is; empty: it is damaged."""
    root: object = None
    """The key that it believes."""
    made: datetime | None = None


class Choice(NamedTuple):
    """What is done: at the most one file is taken."""

    name: str = ""
    wrong: Wrong = ""
    about: tuple[str, ...] = ()
    """Names of the files that are wrong."""


def choose(found: Sequence[Candidate], unit: str, root: object) -> Choice:
    """`unit`: this card's, empty while it has no name; `root`: the key it believes, or None."""
    good = [one for one in found if one.unit]
    damaged = tuple(one.name for one in found if not one.unit)
    mine = _of_this_card(good, unit)
    owners = {one.unit for one in mine}
    if len(owners) > 1:
        return Choice(wrong="several", about=tuple(one.name for one in mine))
    if not mine:
        others = tuple(one.name for one in good if not is_spare(one.unit))
        if damaged:
            return Choice(wrong="damaged", about=damaged)
        return Choice(wrong="another_unit", about=others) if others else Choice()
    newest = max(mine, key=lambda one: one.made.timestamp() if one.made else 0.0)
    if root is not None and newest.root != root:
        return Choice(wrong="another_root", about=(newest.name,))
    return Choice(newest.name)


def _of_this_card(good: Sequence[Candidate], unit: str) -> list[Candidate]:
    """Those it may become: what it is; a unit, if it is spare; a spare, if it is nothing yet."""
    if unit and not is_spare(unit):
        return [one for one in good if one.unit == unit]
    units = [one for one in good if not is_spare(one.unit)]
    spares = [one for one in good if is_spare(one.unit)]
    return units or [one for one in spares if one.unit == unit] or spares
