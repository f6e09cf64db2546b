"""Makes visits from what was told of them. Pure: the same words make the same rows."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from protocol.codes import NOT_STATED
from protocol.event import Key
from protocol.visits import Cancelled, CheckedIn, Described, Left, Received, Tally

from .words import Local, Placed, Word, in_order, meant

Where = Callable[[Key | None, int | None], Placed]
"""The stop that is cited, else the one of that moment."""


class VisitRow(NamedTuple):
    """A row of `visit`."""

    unit: str
    epoch: int
    seq: int
    utc: int
    dated: int
    day: str
    hour: str
    number: int
    door: str
    theme: str
    people: int
    by_staff: int
    stop_epoch: int | None
    stop_seq: int | None
    stop_commune: str
    territory_class: str
    zoning_year: int | None
    received_at: int | None
    left_at: int | None
    cancelled: str | None
    help_level: str = NOT_STATED
    age_band: str = NOT_STATED
    gender: str = NOT_STATED
    social_status: str = NOT_STATED
    first_visit: str = NOT_STATED
    commune: str = NOT_STATED
    known_via: str = NOT_STATED
    themes: str = ""
    duration_minutes: int | None = None
    place_type: str = NOT_STATED
    materials: str = ""
    autonomy: str = NOT_STATED
    mode: str = NOT_STATED
    referral: str = NOT_STATED
    described: int = 0
    codes: int = 1


class TallyRow(NamedTuple):
    """A row of `tallied`: one cell."""

    unit: str
    epoch: int
    seq: int
    utc: int
    dated: int
    day: str
    hour: str
    theme: str
    stop_epoch: int | None
    stop_seq: int | None
    stop_commune: str
    territory_class: str
    zoning_year: int | None
    age_band: str
    gender: str
    people: int
    duration_minutes: int | None
    codes: int


_TOLD = (
    "help_level", "age_band", "gender", "social_status", "first_visit", "commune", "known_via",
    "duration_minutes", "place_type", "autonomy", "mode", "referral", "people",
)  # fmt: skip
_LISTS = ("themes", "materials")


def visits(words: Iterable[Word], local: Local, where: Where) -> Iterator[VisitRow]:
    """The visits of words that share their keys: one, but after a fork of the journal."""
    told = [word for word in in_order(words) if not word.copied and not word.event.trial]
    begun = [word for word in told if isinstance(word.event, CheckedIn)]
    for first in begun:
        yield _visit(
            first, [word for word in told if meant(word, begun, "visit") is first], local, where
        )


def _visit(first: Word, words: Sequence[Word], local: Local, where: Where) -> VisitRow:
    event = first.event
    assert isinstance(event, CheckedIn)  # noqa: S101
    described = [word.event for word in words if isinstance(word.event, Described)]
    told = _described(described)
    themes = told.get("themes", "")
    placed = where(event.stop, first.utc)
    return VisitRow(
        unit=local.unit,
        epoch=first.key.epoch,
        seq=first.key.seq,
        utc=first.at,
        dated=first.dated,
        day=local.day(first.at),
        hour=local.hour(first.at),
        number=event.number,
        door=event.door,
        theme=themes.split(" ")[0] or event.theme,
        by_staff=int(event.by_staff),
        stop_epoch=placed.epoch,
        stop_seq=placed.seq,
        stop_commune=placed.commune,
        territory_class=placed.territory_class,
        zoning_year=placed.zoning_year,
        received_at=_first(words, Received),
        left_at=_first(words, Left),
        cancelled=_why(words),
        described=int(any(one.source == "staff" for one in described)),
        codes=max(event.codes, *(one.codes for one in described), 0),
        **({"people": event.people} | told),
    )


def _described(told: Iterable[Described]) -> dict[str, Any]:
    """A later one replaces the fields it repeats."""
    found: dict[str, Any] = {}
    for one in told:
        for field in _TOLD:
            value = getattr(one, field)
            if value is not None:
                found[field] = value
        for field in _LISTS:
            if getattr(one, field):
                found[field] = " ".join(getattr(one, field))
    return found


def _first(words: Iterable[Word], kind: type) -> int | None:
    return next((word.at for word in words if isinstance(word.event, kind)), None)


def _why(words: Sequence[Word]) -> str | None:
    reasons = [word.event.reason for word in words if isinstance(word.event, Cancelled)]
    return reasons[-1] if reasons else None


def tallies(words: Iterable[Word], local: Local, where: Where) -> Iterator[TallyRow]:
    """A row a cell of each tally."""
    for word in words:
        event = word.event
        if not isinstance(event, Tally) or word.copied or event.trial:
            continue
        placed, at = where(event.stop, word.utc), word.at
        begun = (local.unit, word.key.epoch, word.key.seq, at, word.dated)
        for age, genders in event.counts.items():
            for gender, people in genders.items():
                yield TallyRow(
                    *begun, local.day(at), local.hour(at), event.theme, *placed,
                    age, gender, people, event.duration_minutes, event.codes,
                )  # fmt: skip
