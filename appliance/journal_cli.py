"""What a technician does to a journal by hand: append one event, ask how far it has come."""

import difflib

import msgspec

from protocol import events
from protocol.event import Key
from protocol.sealing import SealError
from protocol.workshops import SignedUp

from .clock import BootClock
from .config import UnitConfig
from .errors import OperatorError
from .journal import Journal
from .uplink.report import Report, report
from .vault.sealer import Sealer


def append(config: UnitConfig, type_name: str, body: str) -> Key:
    """Appends one event to the journal `cli`; the key it got.

    Raises OperatorError when the type or the body is not one, or the disk takes nothing.
    """
    if type_name not in events.TYPES:
        near = difflib.get_close_matches(type_name, events.TYPES, n=1)
        hint = f"did you mean {near[0]}?" if near else "docs/protocol.md lists them"
        raise OperatorError(f"{type_name} is not an event type: {hint}")
    try:
        events.decode_body(type_name, events.canonical(body.encode()))
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise OperatorError(f"not a body of {type_name}: {error}") from error
    clock = BootClock(rate=config.twin.clock_rate)
    journal = Journal.open(config.paths.data / "cli.db", name="cli", clock=clock)
    try:
        return Key(journal.epoch, journal.append_raw(type_name, body.encode()))
    finally:
        journal.close()


def sign_up(config: UnitConfig, workshop: str, number: int, names: dict[str, str]) -> Key:
    """Appends a sign-up to the journal `cli`, its names sealed; the key it got.

    To see that sealing works, from this card to the ledger. Raises OperatorError.
    """
    given = {name: text for name, text in names.items() if text}
    sealer = Sealer(config.unit.id, config.paths.data)
    journal = Journal.open(
        config.paths.data / "cli.db", name="cli", clock=BootClock(rate=config.twin.clock_rate)
    )
    try:
        event = SignedUp(workshop=workshop, number=number)
        return journal.append_sealed(event, sealer.sealing(given))
    except SealError as error:
        raise OperatorError(f"the names cannot be sealed, nothing was kept: {error}.") from error
    finally:
        journal.close()


def status(config: UnitConfig) -> Report:
    """Per epoch of each journal: name, epoch, head, watermark, backlog, quarantined."""
    return report(config)


def table(rows: list[dict[str, object]]) -> str:
    """The same, for a terminal."""
    columns = ("name", "epoch", "head", "watermark", "backlog", "quarantined")
    lines = [columns, *[tuple(str(row[column]) for column in columns) for row in rows]]
    widths = [max(len(line[index]) for line in lines) for index in range(len(columns))]
    return "".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        + "\n"
        for line in lines
    )
