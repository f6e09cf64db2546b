"""Makes sign-ups and lines of attendance from what was told of them. Pure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from protocol import standing
from protocol.event import Key
from protocol.workshops import Attended, Called, SignedUp

from .words import Local, Word, in_order, meant


class SignUpRow(NamedTuple):
    """A row of `signed_up`."""

    unit: str
    epoch: int
    seq: int
    utc: int
    dated: int
    day: str
    workshop: str
    number: int
    seats: int
    waiting: int
    since_epoch: int
    since_event: int
    by_staff: int
    called_at: int | None
    reached: int | None
    event: int


class AttendanceRow(NamedTuple):
    """A row of `attendance`."""

    unit: str
    epoch: int
    seq: int
    utc: int
    dated: int
    day: str
    workshop: str
    status: str
    people: int
    sign_up_unit: str | None
    sign_up_epoch: int | None
    sign_up_seq: int | None


def sign_ups(words: Iterable[Word], local: Local) -> Iterator[SignUpRow]:
    """The sign-ups of words that share their keys: one, but after a fork of the journal."""
    told = [word for word in in_order(words) if not word.copied and not word.event.trial]
    begun = [word for word in told if isinstance(word.event, SignedUp)]
    for first in begun:
        about = [word for word in told if meant(word, begun, "sign_up") is first]
        yield _sign_up(first, [first, *about], local)


def _sign_up(first: Word, words: Sequence[Word], local: Local) -> SignUpRow:
    event = first.event
    assert isinstance(event, SignedUp)  # noqa: S101
    stands = standing.begun(event)
    for place, word in enumerate(words):
        stands = standing.after(stands, word.event, place)
    since = words[stands.since].key
    calls = [word for word in words if isinstance(word.event, Called)]
    return SignUpRow(
        unit=local.unit,
        epoch=first.key.epoch,
        seq=first.key.seq,
        utc=first.at,
        dated=first.dated,
        day=local.day(first.at),
        workshop=event.workshop,
        number=event.number,
        seats=stands.seats,
        waiting=stands.waiting,
        since_epoch=since.epoch,
        since_event=since.seq,
        by_staff=int(event.by_staff),
        called_at=calls[-1].at if calls else None,
        reached=_reached(calls[-1]) if calls else None,
        event=first.id,
    )


def _reached(word: Word) -> int:
    return int(isinstance(word.event, Called) and word.event.reached)


def attendance(
    words: Iterable[Word], local: Local, first_key: Callable[[Key], Key]
) -> Iterator[AttendanceRow]:
    """The line that stands, of words about one sign-up or one walk-in.

    `first_key`: by which a sign-up of this unit is known that is cited by any of its keys.
    """
    told = [
        (word, word.event)
        for word in in_order(words)
        if isinstance(word.event, Attended) and not word.copied and not word.event.trial
    ]
    if not told:
        return
    (first, _), (last, stands) = told[0], told[-1]
    cited = next((event for _, event in reversed(told) if event.sign_up is not None), None)
    of: tuple[str | None, int | None, int | None] = (None, None, None)
    if cited is not None and cited.sign_up is not None:
        is_ours = cited.unit in (None, local.unit)
        key = first_key(cited.sign_up) if is_ours else cited.sign_up
        of = (cited.unit or local.unit, key.epoch, key.seq)
    yield AttendanceRow(
        local.unit, first.key.epoch, first.key.seq, last.at, last.dated, local.day(last.at),
        stands.workshop, stands.status, stands.people, *of,
    )  # fmt: skip
