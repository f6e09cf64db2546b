"""What the journals on board remember for the screen. Reads only, and decides nothing."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from appliance.clock import Anchor, BootClock, stamp, utc_at
from appliance.errors import OperatorError
from appliance.journal import Entry, JournalReader
from protocol import stops, visits
from protocol.event import Key

from .models.driving import DUTY_OF, Duty
from .models.numbers import LastNumber


def last_number(journal: Path, anchor: Anchor | None, zone: ZoneInfo) -> LastNumber:
    """The last number given; raises OperatorError when the journal cannot be read."""
    with JournalReader.open(journal) as reader:
        given = reader.latest([visits.CheckedIn.TYPE])
        closed = reader.latest(["day.closed"])
    if given is None or not isinstance(given.event, visits.CheckedIn):
        return LastNumber()
    after = closed is not None and closed.key > given.key
    return LastNumber(given.event.number, _day_of(given, anchor, zone), closed=after)


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


def today(clock: BootClock, anchor: Anchor | None, zone: ZoneInfo) -> date | None:
    """The local day, when the time is known."""
    moment = local_time(clock, anchor, zone)
    return moment.date() if moment else None


def local_time(clock: BootClock, anchor: Anchor | None, zone: ZoneInfo) -> datetime | None:
    """The time on the vehicle's clock, when it is known."""
    now = stamp(clock, anchor)
    return None if now.utc is None else _local(now.utc, zone)


def _day_of(entry: Entry, anchor: Anchor | None, zone: ZoneInfo) -> date | None:
    if anchor is not None and anchor.boot_id == entry.boot_id:
        return _local(utc_at(anchor, entry.boottime), zone).date()
    return None if entry.utc is None else _local(entry.utc, zone).date()


def _local(utc: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(utc / 1000, UTC).astimezone(zone)
