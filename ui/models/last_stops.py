"""The last stops as the vehicle tells them, and the driver's correction of one. Pure."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from appliance.clock import Stamp
from appliance.vehicle.moments import elapsed
from protocol.event import Key
from protocol.stops import Corrected

STEP = 5
"""Minutes that a touch moves a time by."""
MINUTE = 60_000

Which = Literal["arrived", "departed"]
Kind = Literal["", "right", "cancelled", "merged", "still_there"]
"""What is said of the whole stop: nothing, it was one, it was none, it is the same as the one
before, it goes on."""
MOST_KINDS = 3
"""That a page has room for."""


class LastStop(msgspec.Struct, frozen=True, kw_only=True):
    """A stop of this service."""

    id: Key
    name: str = ""
    planned: str | None = None
    uncertain: bool = False
    """The GPS was in doubt, and nobody has said anything of it."""
    arrived: Stamp
    departed: Stamp | None = None


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A correction while it is made; nothing of it is noted yet."""

    stop: LastStop
    before: Key | None = None
    """The stop before it."""
    is_last: bool = False
    arrived: int = 0
    departed: int = 0
    """Minutes by which the times are moved."""
    kind: Kind = ""

    @property
    def is_empty(self) -> bool:
        """Whether it changes nothing."""
        return not (self.arrived or self.departed or self.kind)


def told(vehicle: Mapping[str, Any] | None) -> tuple[LastStop, ...]:
    """The stops in the vehicle's word, the last one first; none when it tells none."""
    try:
        return msgspec.convert((vehicle or {}).get("stops", ()), tuple[LastStop, ...])
    except msgspec.ValidationError:
        return ()  # another version of the vehicle's process, during an update


def draft(stops: tuple[LastStop, ...], seq: int) -> Draft | None:
    """A correction of the stop with that seq is begun."""
    for index, stop in enumerate(stops):
        if stop.id.seq == seq:
            before = stops[index + 1].id if index + 1 < len(stops) else None
            return Draft(stop=stop, before=before, is_last=index == 0)
    return None


def kinds(draft: Draft) -> tuple[Kind, ...]:
    """What may be said of the whole stop; that it is right, where the GPS is in doubt."""
    said: list[Kind] = ["right", "cancelled"] if draft.stop.uncertain else ["cancelled"]
    if draft.before is not None:
        said.append("merged")
    if draft.is_last and draft.stop.departed is not None:
        said.append("still_there")
    return tuple(said[:MOST_KINDS])


def said(draft: Draft, kind: Kind) -> Draft:
    """The draft with that said of the stop, or taken back; its times are then as they were."""
    kind = "" if draft.kind == kind else kind
    return msgspec.structs.replace(draft, kind=kind, arrived=0, departed=0)


def moved(draft: Draft, which: Which, minutes: int, now: Stamp) -> Draft:
    """The draft with a time moved; the same when that cannot be: nobody leaves before arriving."""
    after = msgspec.structs.replace(draft, **{which: getattr(draft, which) + minutes}, kind="")
    arrived, departed = ago(after, "arrived", now), ago(after, "departed", now)
    if arrived is None or (which == "departed" and departed is None):
        return draft
    latest = 0 if departed is None else max(0, departed)
    is_true = arrived > latest and (departed is None or departed >= 0)
    return after if is_true else draft


def ago(draft: Draft, which: Which, now: Stamp) -> int | None:
    """Milliseconds since that time, as the draft has it; None: not known, or not left yet."""
    then = getattr(draft.stop, which)
    since = None if then is None else elapsed(then, now)
    return None if since is None else since - getattr(draft, which) * MINUTE


def word(draft: Draft, now: Stamp) -> Corrected | None:
    """What is kept of it; None: it changes nothing."""
    if draft.is_empty or (draft.kind == "merged" and draft.before is None):
        return None
    return Corrected(
        stop=draft.stop.id,
        arrived_ago=ago(draft, "arrived", now) if draft.arrived or draft.kind == "right" else None,
        departed_ago=ago(draft, "departed", now) if draft.departed else None,
        still_there=draft.kind == "still_there",
        merged_into=draft.before if draft.kind == "merged" else None,
        cancelled=draft.kind == "cancelled",
    )
