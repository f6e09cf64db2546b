"""Where the vehicle stood today: what its own journal and the driver told, folded. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from appliance.journal import Entry
from protocol import stop_fold
from protocol.event import Event, Key
from protocol.stop_fold import Stop, Told
from protocol.stops import Arrived, Corrected, Departed

TYPES = (Arrived.TYPE, Departed.TYPE, Corrected.TYPE)
"""Events that stops are made of."""


class Stops(NamedTuple):
    """All of them, and under which one a check-in counts."""

    stops: tuple[Stop, ...] = ()
    same: Mapping[Key, Key] = {}
    """Other keys of a stop → its id."""

    def of(self, key: Key | None) -> Key | None:
        """The stop that a check-in belongs to; None: to none of today."""
        key = self.same.get(key, key) if key else None
        return key if any(stop.id == key for stop in self.stops) else None


def fold(journals: Iterable[Sequence[Entry]], utc_of: Callable[[Entry], int | None]) -> Stops:
    """The stops that all these journals tell of, oldest first; each journal in its own order."""
    told = [
        Told(entry.key, None, utc_of(entry), place, entry.event)
        for place, entry in enumerate(_in_order(list(journals), utc_of))
        if isinstance(entry.event, Event)
    ]
    stops, same = stop_fold.fold_named(told)
    # Of a stop of another day only its end, or a correction, may have been told today.
    return Stops(tuple(stop for stop in stops if stop.source), same)


def _in_order(
    journals: Sequence[Sequence[Entry]], utc_of: Callable[[Entry], int | None]
) -> list[Entry]:
    """By boot, then by time in the boot, which needs no clock."""
    begun = dict[str, int]()
    for entry in (entry for entries in journals for entry in entries):
        if (utc := utc_of(entry)) is not None:
            begun.setdefault(entry.boot_id, utc - entry.boottime)
    for entries in journals:
        last = 0
        for entry in entries:  # a boot without a clock came after the one before it
            last = begun.setdefault(entry.boot_id, last)
    place = {boot: place for place, boot in enumerate(sorted(begun, key=begun.__getitem__))}
    everything = (entry for entries in journals for entry in entries)
    return sorted(everything, key=lambda entry: (place[entry.boot_id], entry.boottime))
