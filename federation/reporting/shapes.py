"""What is published takes these shapes: one measure by vehicle, one table by level. Pure."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from .levels import Key, Line
from .secrecy import SHARE, THRESHOLD

WHOLE: Final = ("federation",)
PEOPLE: Final[Mapping[str, str]] = {
    "premiere_visite": "first_visit",
    "statut_social": "social_status",
    "connu_par": "known_via",
}
"""Headings whose lines count passages → axis of the aggregates."""
REQUESTS: Final[Mapping[str, str]] = {"orientation": "referral", "mode": "mode"}
"""Those that count requests."""


class Rules(NamedTuple):
    """What a federation sets."""

    threshold: int = THRESHOLD
    share: float = SHARE
    bands: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Age bands of a funder: name, the codes in it; none: the code list as it is."""

    def band(self, code: str) -> str:
        """The band that an age is told in."""
        return next((name for name, members in self.bands if code in members), code)


class Tree(NamedTuple):
    """One measure by territory and vehicle: values, and what is hidden of them."""

    vehicles: Mapping[tuple[str, str], int]
    """(territory, vehicle) → value."""
    hidden: frozenset[tuple[str, ...]]
    """() the federation, (territory,) or (territory, vehicle)."""

    def shown(self, *path: str) -> int | None:
        """The value of the federation (no words), a territory or a vehicle; None: hidden."""
        return None if path in self.hidden else self.value(*path)

    def value(self, *path: str) -> int:
        """The same, hidden or not: for sums that are checked, never for a file."""
        return sum(v for where, v in self.vehicles.items() if where[: len(path)] == path)

    @property
    def territories(self) -> frozenset[Key]:
        """Territories whose own value is published nowhere."""
        return frozenset(path[0] for path in self.hidden if len(path) == 1)


class Table(NamedTuple):
    """One table: its line for the whole, those of territories, of classes, of communes."""

    whole: Line | None
    """None: too thin even for the whole federation."""
    totals: frozenset[Key]
    """Totals of the whole line that are hidden."""
    territories: Sequence[Line]
    classes: Mapping[str, Sequence[Line]] = {}
    """Territory → lines of classes."""
    communes: Mapping[tuple[str, str], Sequence[Line]] = {}
    """(territory, class) → lines of communes."""

    def territory(self, code: str) -> Line | None:
        """The line it stands in, alone or with others."""
        return next((line for line in self.territories if code in line.places), None)
