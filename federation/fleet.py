"""How each unit stands, from what the ledger and the unit itself say. Pure; prints nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from protocol.certificates import at
from protocol.messages import JournalStatus, Refusal, Status
from protocol.stop_fold import Stop

from .absorb import EpochState
from .fleet_troubles import CERTIFICATE
from .places import Places

Presence = Literal["online", "silent", "offline"]
"""silent: its link was never taken back, yet nothing comes; unit and broker may have died at once.
"""
SILENT_AFTER = 3 * 60 * 1000
"""Milliseconds: a unit that is there gives its status every minute."""


class JournalLine(msgspec.Struct, frozen=True, kw_only=True):
    """One epoch of one journal."""

    journal: str
    epoch: int
    head: int
    """Last seq written on the unit, as far as known."""
    watermark: int
    """Last seq up to which everything is in the ledger."""
    backlog: int
    live: bool
    """The unit names it in its latest status."""
    fork_at: int | None = None
    rejected: int = 0
    """Rows kept as unread bytes."""


class LastStop(msgspec.Struct, frozen=True, kw_only=True):
    """Where the unit stands or last stood; times in milliseconds since 1970."""

    name: str
    commune: str
    """INSEE code, or "commune inconnue"."""
    arrived: int | None
    departed: int | None
    source: str


class GpsLine(msgspec.Struct, frozen=True, kw_only=True):
    """What the receiver gave when the unit spoke last."""

    state: str
    satellites: int | None
    bad_sentences: int
    detail: str


class UnitLine(msgspec.Struct, frozen=True, kw_only=True):
    """One unit; times in milliseconds since 1970."""

    unit: str
    online: bool
    link: Presence
    since: int | None
    """When it came or went; when silent, its last word."""
    last_event: int | None
    head: int
    watermark: int
    backlog: int
    last_stop: LastStop | None
    journals: list[JournalLine]
    version: str = ""
    boot_id: str = ""
    status_at: int | None = None
    """When it gave its latest status, by its own clock."""
    status_received: int | None = None
    duty: str | None = None
    gps: GpsLine | None = None
    disk_free: int | None = None
    """Bytes."""
    desired: Mapping[str, int] = {}
    """Kind → revision published."""
    documents: Mapping[str, int] = {}
    """Kind → revision applied."""
    refused: Mapping[str, Refusal] = {}
    """Kind → what the unit refused since."""
    certificate_until: int | None = None
    """End of the last certificate it showed, in milliseconds since 1970."""
    faults: Sequence[str] = ()
    quarantined: int = 0
    """Rows that came as tombstones, by the unit's word."""
    rejected: int = 0
    apart: int = 0
    """Messages kept apart, of which nothing counts as stored."""
    not_authentic: int = 0
    """Those among them that were not signed as they should be."""
    forks: int = 0
    broken_chains: int = 0
    wrong_envelopes: int = 0
    """Rows whose sealed fields are not those that their body tells of."""
    unknown_communes: int = 0
    """Recent stops whose commune nobody knows."""


def presence(
    online: bool, since: int | None, heard: Iterable[int | None], now: int
) -> tuple[Presence, int | None]:
    """Whether a unit is there, and since when, from its link and when anything came of it.

    All in milliseconds since 1970, by the clock of this machine.
    """
    if not online:
        return "offline", since
    last = max((moment for moment in (since, *heard) if moment is not None), default=None)
    if last is None or now - last > SILENT_AFTER:
        return "silent", last
    return "online", since


def documents_wanting(
    desired: Mapping[str, int], applied: Mapping[str, int], refused: Mapping[str, Refusal]
) -> Iterator[str]:
    """What was published and is not in force, in words."""
    for kind, revision in desired.items():
        held = applied.get(kind, 0)
        if held < revision and kind not in refused:
            yield f"{kind} {revision} is not applied yet, it has {held or 'none'}"
    for kind, refusal in refused.items():
        yield f"{kind} {refusal.revision or '(unread)'} refused: {refusal.reason}"


def certificate_wanting(until: int | None, now: int) -> Iterator[str]:
    """What is to be done about a unit's certificate, in words."""
    if until is None or until - now > CERTIFICATE:
        return
    day = at(until).strftime("%Y-%m-%d")
    yield f"certificate ends on {day}" if until > now else f"certificate ended on {day}"


def gps_line(word: Status | None) -> GpsLine | None:
    """What a status says of the receiver."""
    if word is None or word.gps is None:
        return None
    gps = word.gps
    return GpsLine(
        state=gps.state,
        satellites=gps.satellites,
        bad_sentences=gps.bad_sentences,
        detail=gps.detail,
    )


def journal_lines(
    epochs: Iterable[tuple[int, str, EpochState]], status: Status | None
) -> list[JournalLine]:
    """Every epoch that the ledger or the unit knows, live ones first."""
    told: dict[int, tuple[str, JournalStatus]] = {}
    for journal, states in (status.journals if status else {}).items():
        told.update({state.epoch: (journal, state) for state in states})
    held = {epoch: (journal, state) for epoch, journal, state in epochs}
    lines = []
    for epoch in told.keys() | held.keys():
        journal, state = held.get(epoch) or (told[epoch][0], EpochState())
        word = told[epoch][1] if epoch in told else None
        seen = state.counted[-1].last if state.counted else 0
        head = max(seen, word.head if word else 0)
        lines.append(
            JournalLine(
                journal=journal,
                epoch=epoch,
                head=head,
                watermark=state.stored_to,
                backlog=head - state.stored_to,
                live=word is not None,
                fork_at=state.fork_at,
                rejected=sum(span.last - span.first + 1 for span in state.rejected),
            )
        )
    return sorted(lines, key=lambda line: (not line.live, line.journal, line.epoch))


def totals(lines: Sequence[JournalLine]) -> tuple[int, int, int]:
    """Head, watermark, backlog over the journals that count.

    Before the first status every journal counts; then the live ones, and any that a gap keeps open.
    """
    known = any(line.live for line in lines)
    counted = [line for line in lines if line.live or not known or _open(line)]
    head = sum(line.head for line in counted)
    watermark = sum(line.watermark for line in counted)
    return head, watermark, head - watermark


def located(stop: Stop, places: Places, within: float) -> tuple[str, str | None]:
    """Name and commune of a stop: its own word, else the nearest known place."""
    if stop.commune is not None or stop.lat is None or stop.lon is None:
        return stop.name, stop.commune
    place = places.nearest(stop.lat, stop.lon, within)
    return (stop.name, None) if place is None else (stop.name or place.name, place.commune)


def _open(line: JournalLine) -> bool:
    return line.backlog > 0 and line.fork_at is None
