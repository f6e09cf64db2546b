"""What `status` and `ledger` print, from the ledger read-only. Decides nothing of a unit."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import TextIO

import msgspec

from protocol import messages
from protocol.codes import NOT_STATED
from protocol.messages import Status

from . import fleet, keys, outbox, places, reading, revoked, table
from .absorb import EpochState
from .config import FederationConfig
from .database import Database, reading_ledger
from .errors import OperatorError
from .fleet import LastStop, UnitLine
from .outbox import Outgoing

RECENT = 31 * 24 * 3600 * 1000
"""Milliseconds: stops since then are looked at."""

_json = msgspec.json.Encoder()
_states = msgspec.json.Decoder(EpochState)


def status(settings: FederationConfig, out: TextIO, *, as_json: bool, now: int) -> int:
    """One line per unit. Raises OperatorError, when only the outbox is damaged at the very end."""
    published, trouble = _published(settings)
    with reading_ledger(settings.store) as database:
        units = [_unit(database, row, now, _desired(published, row[0])) for row in _units(database)]
    if as_json:
        out.write(msgspec.json.format(_json.encode(units)).decode() + "\n")
    else:
        _print_table(units, out, now)
        out.write(_revocation(settings, now))
    if trouble is not None:
        raise trouble
    return 0


def ledger(settings: FederationConfig, out: TextIO, *, as_json: bool, unit: str | None) -> int:
    """Every event, one per line. Raises OperatorError."""
    with reading_ledger(settings.store) as database:
        for entry in reading.entries(database, unit):
            out.write((_as_json(entry) if as_json else _as_text(entry)) + "\n")
    return 0


def units(settings: FederationConfig) -> list[str]:
    """The names of all units that the ledger knows. Raises OperatorError."""
    with reading_ledger(settings.store) as database:
        names = [name for (name,) in database.execute("SELECT unit FROM unit ORDER BY unit")]
        where = database.where
    if not names:
        raise OperatorError(f"{where} knows no unit yet: name them with --unit.")
    return names


def _print_table(units: Sequence[UnitLine], out: TextIO, now: int) -> None:
    out.write(table.aligned(HEADINGS, [_cells(unit) for unit in units]))
    for remark in chain.from_iterable(_remarks(unit, now) for unit in units):
        out.write(remark + "\n")


HEADINGS = (
    "unit", "link", "since", "last event", "head", "watermark", "backlog", "last stop"
)  # fmt: skip


def _cells(unit: UnitLine) -> tuple[str | int, ...]:
    return (
        unit.unit, unit.link, _time(unit.since), _time(unit.last_event), unit.head, unit.watermark,
        unit.backlog, _stop(unit),
    )  # fmt: skip


def _stop(unit: UnitLine) -> str:
    stop = unit.last_stop
    if stop is None:
        return "-"
    left = "now" if stop.departed is None else _time(stop.departed)
    return f"{stop.name or '?'} ({stop.commune}), {_time(stop.arrived)} to {left}"


def _remarks(unit: UnitLine, now: int) -> Iterator[str]:
    """What a person should look at; nothing is dropped without a word."""
    counts = {
        "rows kept as unread bytes": unit.rejected,
        "messages kept apart": unit.apart,
        "of them not authentic": unit.not_authentic,
        "rows too damaged to travel": unit.quarantined,
        "forks": unit.forks,
        "broken chains": unit.broken_chains,
        "sealed fields that are not their row's": unit.wrong_envelopes,
        f"stops in a {places.UNKNOWN}": unit.unknown_communes,
    }
    words = [f"{count} {what}" for what, count in counts.items() if count]
    words += fleet.documents_wanting(unit.desired, unit.documents, unit.refused)
    words += fleet.certificate_wanting(unit.certificate_until, now)
    if words or unit.faults:
        yield f"{unit.unit}: " + "; ".join((*words, *unit.faults))


def _time(moment: int | None) -> str:
    if moment is None:
        return "-"
    try:
        return datetime.fromtimestamp(moment / 1000, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return f"{moment} ms"


def _as_json(entry: reading.Entry) -> str:
    line = entry._asdict()
    line["body"] = msgspec.Raw(entry.body) if entry.body is not None else None
    line["digest"] = entry.digest.hex()
    return _json.encode(line).decode()


def _as_text(entry: reading.Entry) -> str:
    body = f"tombstone of {entry.size} bytes" if entry.body is None else entry.body.decode()
    when = _time(entry.utc)
    return f"{entry.unit} {entry.epoch}/{entry.seq} {when} {entry.type} {body}"


_UNITS = """
SELECT unit.unit, online, since, status, status_received, apart, not_authentic,
    (SELECT count(*) FROM flag WHERE flag.unit = unit.unit AND kind = 'fork'),
    (SELECT count(*) FROM flag WHERE flag.unit = unit.unit AND kind LIKE 'chain%'),
    (SELECT count(*) FROM flag WHERE flag.unit = unit.unit AND kind = 'envelope_wrong'),
    (SELECT max(not_after) FROM certificate WHERE certificate.unit = unit.unit)
FROM unit ORDER BY unit.unit
"""
_LAST_STOP = """
SELECT name, commune, arrived, departed, source FROM stop WHERE unit = ?
ORDER BY day DESC, CASE WHEN arrived IS NULL THEN 1 ELSE 0 END DESC, arrived DESC LIMIT 1
"""
_UNKNOWN = "SELECT count(*) FROM stop WHERE unit = ? AND day >= ? AND commune = ?"
_Unit = tuple[str, int, int | None, bytes | None, int | None, int, int, int, int, int, int | None]


def _units(database: Database) -> list[_Unit]:
    return database.execute(_UNITS).fetchall()


def _unit(
    database: Database,
    row: _Unit,
    now: int,
    desired: Mapping[str, int],
) -> UnitLine:
    unit, online, came, said, said_at, apart, forged, forks, broken, envelopes, until = row
    word = messages.decode(said, Status) if said is not None else None
    epochs = database.execute("SELECT epoch, journal, state FROM epoch WHERE unit = ?", (unit,))
    lines = fleet.journal_lines(
        ((epoch, journal, _states.decode(state)) for epoch, journal, state in epochs), word
    )
    heard = (said_at, reading.last_arrival(database, unit))
    link, since = fleet.presence(bool(online), came, heard, now)
    head, watermark, backlog = fleet.totals(lines)
    return UnitLine(
        unit=unit,
        online=link == "online",
        link=link,
        since=since,
        last_event=reading.last_event(database, unit),
        head=head,
        watermark=watermark,
        backlog=backlog,
        last_stop=_last_stop(database, unit),
        journals=lines,
        version=word.version if word else "",
        boot_id=word.boot_id if word else "",
        status_at=word.utc if word else None,
        status_received=said_at,
        duty=word.duty if word else None,
        gps=fleet.gps_line(word),
        disk_free=word.disk_free if word else None,
        desired=desired,
        documents=word.documents if word else {},
        refused=word.refused if word else {},
        certificate_until=until,
        faults=word.faults if word else (),
        quarantined=word.quarantined if word else 0,
        rejected=sum(line.rejected for line in lines),
        apart=apart,
        not_authentic=forged,
        forks=forks,
        broken_chains=broken,
        wrong_envelopes=envelopes,
        unknown_communes=_unknown_communes(database, unit, now),
    )


def _last_stop(database: Database, unit: str) -> LastStop | None:
    """Where it stands or stood last; of a day's stops one without a time is the latest told."""
    row = database.execute(_LAST_STOP, (unit,)).fetchone()
    if row is None:
        return None
    name, commune, arrived, departed, source = row
    known = places.UNKNOWN if commune == NOT_STATED else commune
    return LastStop(name=name, commune=known, arrived=arrived, departed=departed, source=source)


def _unknown_communes(database: Database, unit: str, now: int) -> int:
    since = datetime.fromtimestamp((now - RECENT) / 1000, UTC).strftime("%Y-%m-%d")
    (count,) = database.execute(_UNKNOWN, (unit, since, NOT_STATED)).fetchone()
    return int(count)


def _published(settings: FederationConfig) -> tuple[list[Outgoing], OperatorError | None]:
    """The newest documents; none, and why, when the outbox cannot be read."""
    try:
        return list(outbox.latest(settings.store)), None
    except OperatorError as error:
        return [], OperatorError(f"no document is sent: {error}")


def _desired(published: Sequence[Outgoing], unit: str) -> dict[str, int]:
    return {item.kind: item.revision for item in published if item.unit == unit}


def _revocation(settings: FederationConfig, now: int) -> str:
    """A line about the revocation lists, when a person should look at them."""
    paths = settings.keys
    if paths.devices is None or paths.revoked is None:
        return ""
    try:
        authorities = keys.certificates(paths.devices, "[keys] devices")
        trouble = revoked.read(paths.revoked, authorities).trouble(now)
    except OperatorError as error:
        trouble = str(error)
    return f"{trouble}\n" if trouble else ""
