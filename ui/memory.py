"""What the journals on board remember for the screen. Reads only, and decides nothing."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

from appliance.clock import Anchor, Stamp
from appliance.errors import OperatorError
from appliance.journal import Entry, JournalReader, aside, day
from protocol import stop_fold, stops
from protocol.day import Closed
from protocol.event import Event, Key
from protocol.stop_fold import Told
from protocol.visits import CheckedIn, Tally
from protocol.workshops import Attended, Called, Cancelled, Changed, SignedUp

from .models.driving import DUTY_OF, Duty
from .models.typed import LAST_SIGN_UP

OF_WORKSHOPS = [kind.TYPE for kind in (SignedUp, Cancelled, Changed, Called, Attended)]

SIGNED = ("visit.described", "visit.cancelled", "visits.tallied", "workshop.attended")
"""Events with the initials of whoever noted them."""
AUTHORS_AMONG = 60
"""Words looked through for initials: about two days."""


def next_number(journal: Path, now: Stamp, anchor: Anchor | None, zone: str) -> int:
    """The number of whoever checks in now. Raises OperatorError when the journal is unreadable."""
    with closing(_readers(journal)) as readers:
        return day.read(readers, anchor=anchor, utc=now.utc, zone=zone).next_number


def today(
    journal: Path, types: Sequence[str], now: Stamp, anchor: Anchor | None, zone: str
) -> list[Entry]:
    """Events of these types since the day began, oldest first.

    Raises OperatorError when the journal is unreadable.
    """
    with closing(_readers(journal)) as readers:
        return day.entries(readers, types, anchor=anchor, utc=now.utc, zone=zone)


def authors(journal: Path) -> list[str]:
    """Initials on the staff's last words, newest first. Raises OperatorError as above."""
    with closing(_readers(journal)) as readers:
        found = (entry for reader in readers for entry in reader.entries(SIGNED, newest_first=True))
        return [getattr(entry.event, "author", "") for entry in islice(found, AUTHORS_AMONG)]


def next_sign_up(journal: Path) -> int:
    """The number of whoever signs up now. Raises OperatorError when the journal is unreadable."""
    entry = _latest(journal, [SignedUp.TYPE])
    last = entry.event.number if entry and isinstance(entry.event, SignedUp) else 0
    return last % LAST_SIGN_UP + 1


def of_workshops(journal: Path) -> list[tuple[Key, Event]]:
    """All that was told of sign-ups and of who came, oldest first, each once.

    Raises OperatorError: the journal is unreadable.
    """
    with closing(_readers(journal)) as readers:
        newest_first = [list(reader.entries(OF_WORKSHOPS)) for reader in readers]
    told = {
        entry.key: entry.event
        for entries in reversed(newest_first)
        for entry in entries
        if isinstance(entry.event, Event)
    }
    return list(told.items())


def day_over(journal: Path, now: Stamp, anchor: Anchor | None, zone: str) -> Closed:
    """The day's last word: what it had. Raises OperatorError when the journal is unreadable."""
    with closing(_readers(journal)) as readers:
        today = day.read(readers, anchor=anchor, utc=now.utc, zone=zone)
    return Closed(check_ins=today.check_ins, sign_ups=today.sign_ups)


def last_duty(journal: Path) -> Duty:
    """The duty that the driver's last touch began; off before the first."""
    entry = _latest(journal, list(DUTY_OF))
    return DUTY_OF[entry.type] if entry else "off"


def has_served(journal: Path, now: Stamp, anchor: Anchor | None, zone: str) -> bool:
    """Whether the driver said anything of a service today; not when nothing can be read."""
    try:
        return bool(today(journal, list(DUTY_OF), now, anchor, zone))
    except OperatorError:
        return False  # whoever keeps something is the one to say so


def last_check_in(journal: Path) -> Key | None:
    """The last check-in, whoever made it."""
    entry = _latest(journal, [CheckedIn.TYPE])
    return entry.key if entry else None


def last_tally(journal: Path) -> Key | None:
    """The last tally, of whatever day. Raises OperatorError when the journal is unreadable."""
    entry = _latest(journal, [Tally.TYPE])
    return entry.key if entry else None


def said_arrived(journal: Path) -> bool:
    """Whether the driver's last word of a stop was *Arrivée*."""
    entry = _latest(journal, [stops.Arrived.TYPE, stops.Departed.TYPE])
    return entry is not None and entry.type == stops.Arrived.TYPE


def _latest(journal: Path, types: list[str]) -> Entry | None:
    with closing(_readers(journal)) as readers:
        found = (reader.latest(types) for reader in readers)
        return next((entry for entry in found if entry), None)


def _readers(journal: Path) -> Generator[JournalReader]:
    """The journal in use, then those put aside, which know what was before; one at a time."""
    with JournalReader.open(journal) as reader:
        yield reader
    for path in aside.files(journal):
        try:
            older = JournalReader.open(path)
        except OperatorError:
            continue  # it is a memory lost; a check-in waits for nobody
        with older:
            yield older


def stops_told(
    journal: Path, types: Sequence[str], now: Stamp, anchor: Anchor | None, zone: str
) -> list[Entry]:
    """Events of these types of today's date in a journal; none when it cannot be read.

    Closing the day ends no stop: what was told before it still counts.
    """
    if not journal.exists():
        return []
    try:
        with closing(_readers(journal)) as readers:
            return day.of_date(readers, types, anchor=anchor, utc=now.utc, zone=zone)
    except OperatorError:
        return []  # its owner is the one to say so


def open_stop(vehicle_journal: Path, told: Mapping[str, Any] | None = None) -> Key | None:
    """The stop that is open by the vehicle's word, which has heard the driver's; else by its
    journal. None also when neither can be read."""
    if told is not None and "stop" in told:
        return Key(*told["stop"]) if told["stop"] else None
    if not vehicle_journal.exists():
        return None
    try:
        with JournalReader.open(vehicle_journal) as reader:
            return _open_stop(reader)
    except OperatorError:
        return None  # its owner is the one to say so; a check-in waits for nobody


def _open_stop(reader: JournalReader) -> Key | None:
    last = reader.latest([stops.Arrived.TYPE, stops.Departed.TYPE])
    if last is None or not isinstance(last.event, stops.Arrived | stops.Departed):
        return None
    corrections = reader.entries([stops.Corrected.TYPE], after=last.key)
    lines = [
        Told(entry.key, None, entry.utc, place, entry.event)
        for place, entry in enumerate((last, *corrections))
        if isinstance(entry.event, Event)
    ]
    found, same = stop_fold.fold_named(lines)
    stop = last.event.stop or last.key
    stop = same.get(stop, stop)
    return next((each.id for each in found if each.id == stop and each.open), None)
