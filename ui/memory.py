"""What the journals on board remember for the screen. Reads only, and decides nothing."""

from pathlib import Path

from appliance.clock import Anchor, Stamp
from appliance.errors import OperatorError
from appliance.journal import JournalReader, day
from protocol import stops
from protocol.event import Key

from .models.driving import DUTY_OF, Duty


def next_number(journal: Path, now: Stamp, anchor: Anchor | None, zone: str) -> int:
    """The number of whoever checks in now. Raises OperatorError when the journal is unreadable."""
    with JournalReader.open(journal) as reader:
        return day.read(reader, anchor=anchor, utc=now.utc, zone=zone).next_number


def last_duty(journal: Path) -> Duty:
    """The duty that the driver's last touch began; off before the first."""
    with JournalReader.open(journal) as reader:
        entry = reader.latest(list(DUTY_OF))
    return DUTY_OF[entry.type] if entry else "off"


def said_arrived(journal: Path) -> bool:
    """Whether the driver's last word of a stop was *Arrivée*."""
    with JournalReader.open(journal) as reader:
        entry = reader.latest([stops.Arrived.TYPE, stops.Departed.TYPE])
    return entry is not None and entry.type == stops.Arrived.TYPE


def open_stop(vehicle_journal: Path) -> Key | None:
    """The stop that is open in the vehicle's journal; None also when that cannot be read."""
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
    stop, is_open = last.event.stop or last.key, last.type == stops.Arrived.TYPE
    for entry in reader.entries([stops.Corrected.TYPE], after=last.key):
        correction = entry.event
        if not isinstance(correction, stops.Corrected) or correction.stop != stop:
            continue
        is_open = correction.still_there or is_open
        if correction.cancelled or correction.departed_ago is not None:
            is_open = False
        stop = correction.merged_into or stop
    return stop if is_open else None
