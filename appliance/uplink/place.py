"""Where the vehicle stands or last stood, from its journal: a stop, never a position in between."""

from protocol.event import Key
from protocol.messages import Place
from protocol.stops import Arrived, Departed

from ..journal import Entry, JournalReader
from .anchors import Anchors


def place(reader: JournalReader, stop: Key | None, anchors: Anchors) -> Place | None:
    """`stop`: the one that is open, as the vehicle says; None: the last one it left.

    Raises sqlite3 errors when the journal cannot be read.
    """
    if stop is not None:
        return _place(_begun(reader, stop), None, anchors)
    left = reader.latest((Departed.TYPE,))
    if left is None or not isinstance(left.event, Departed) or left.event.stop is None:
        return None
    return _place(_begun(reader, left.event.stop), left, anchors)


def _begun(reader: JournalReader, stop: Key) -> Entry | None:
    """The event that began a stop."""
    before = Key(stop.epoch, stop.seq - 1)
    entry = next(iter(reader.entries((Arrived.TYPE,), after=before)), None)
    return entry if entry is not None and entry.key == stop else None


def _place(begun: Entry | None, left: Entry | None, anchors: Anchors) -> Place | None:
    if begun is None or not isinstance(begun.event, Arrived):
        return None
    arrival = begun.event
    return Place(
        lat=arrival.lat,
        lon=arrival.lon,
        name=arrival.name,
        commune=arrival.commune or "",
        arrived=_utc(begun, arrival.ago, anchors),
        departed=_utc(left, left.event.ago, anchors)
        if left is not None and isinstance(left.event, Departed)
        else None,
    )


def _utc(entry: Entry, ago: int, anchors: Anchors) -> int | None:
    anchor = anchors.of(entry.boot_id)
    utc = entry.utc if anchor is None else anchor.utc + entry.boottime - anchor.boottime
    return None if utc is None else utc - ago
