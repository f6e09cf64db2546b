"""The unit about itself: boots, clock, documents, updates, damage. Nothing of any person."""

from typing import Annotated, ClassVar, Literal

import msgspec

from .event import Code, Event, Key, Milliseconds, Number, Positive, Short, Signed

Logged = Annotated[str, msgspec.Meta(max_length=160)]
LoggedLines = Annotated[tuple[Logged, ...], msgspec.Meta(max_length=40)]
"""Sentences of the software."""


class Booted(Event, frozen=True, kw_only=True):
    """First row of a boot in the vehicle's journal."""

    TYPE: ClassVar[str] = "unit.booted"

    version: Short
    last_stop: Code = "unknown"
    """How the boot before ended: code list `boot_end`."""


class ClockSet(Event, frozen=True, kw_only=True):
    """The time of this boot is known: it dates every row of (unit, boot), earlier ones included."""

    TYPE: ClassVar[str] = "clock.set"

    boot_id: Short
    boottime: Milliseconds
    utc: Signed
    """Milliseconds since 1970, at that boottime."""
    source: Code
    """Code list `clock_source`."""
    error: Milliseconds
    """How wrong it may be."""


class SettingsApplied(Event, frozen=True, kw_only=True):
    """A downlink document was applied, or why not."""

    TYPE: ClassVar[str] = "settings.applied"

    kind: Code
    revision: Number
    outcome: Literal["applied", "refused"]
    reason: Short = ""


class UpdateApplied(Event, frozen=True, kw_only=True):
    """A software update was taken, or why not."""

    TYPE: ClassVar[str] = "update.applied"

    version: Short
    outcome: Literal["applied", "refused", "rolled_back"]
    reason: Short = ""


class JournalSetAside(Event, frozen=True, kw_only=True):
    """A damaged journal file was put aside and what could be read of it saved."""

    TYPE: ClassVar[str] = "journal.set_aside"

    journal: Code
    epoch: Positive
    salvaged: Number
    lost: tuple[tuple[Positive, Positive], ...] = ()
    """Ranges of seq that could not be read, first and last included."""
    reason: Short = ""


class EpochRotated(Event, frozen=True, kw_only=True):
    """The journal found itself restored or cloned, and went on under a new epoch."""

    TYPE: ClassVar[str] = "journal.rotated"

    fork: Key
    """The first row that the ledger knew with another digest."""


class Reported(Event, frozen=True, kw_only=True):
    """Staff sent the unit's state to a technician: what its own services logged last."""

    TYPE: ClassVar[str] = "unit.reported"

    version: Short
    faults: LoggedLines = ()
    """What its processes call faults just now."""
    lines: LoggedLines = ()
    """Oldest first: service, seconds since its start, what it said."""


class DiskFaulted(Event, frozen=True, kw_only=True):
    """A write was refused by the disk; told when it works again."""

    TYPE: ClassVar[str] = "disk.faulted"

    kind: Literal["full", "read_only", "input_output"]
    process: Code
    refused: Number = 0
    """How many appends were refused meanwhile."""
