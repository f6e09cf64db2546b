"""What the vehicle must know again after a restart, kept in the same transactions as its events."""

from typing import Any, Literal

import msgspec

from protocol.event import Key

from ..clock import Stamp
from .axis import Axis
from .book import Book
from .duty import State
from .store import VehicleStore

_NAME = "vehicle"


class Memory(msgspec.Struct, kw_only=True):
    """All of it; `stops` is what their own package gave."""

    boot_id: str = ""
    ended: Literal["clean", "power_cut", "unknown"] = "unknown"
    """How the process ended; "power_cut" while it runs."""
    heard: dict[str, Key] = {}
    """Speaker → the last of the driver's words that was acted upon."""
    duty: State = "off"
    since: Stamp | None = None
    """Since when it is on duty."""
    last_word: Stamp | None = None
    """When the driver last said anything."""
    been_out: bool = False
    book: Book = msgspec.field(default_factory=Book)
    axis: Axis = Axis()
    stops: Any = None
    line: tuple[str, int] | None = None
    """Port and speed that the receiver was last heard on."""


def recall(store: VehicleStore) -> Memory:
    """What was remembered last; a fresh memory at the first start, or after another version."""
    body = store.recall(_NAME)
    try:
        return msgspec.json.decode(body, type=Memory) if body is not None else Memory()
    except msgspec.DecodeError:
        return Memory()


def remember(store: VehicleStore, memory: Memory) -> None:
    """Inside `journal.atomic()`. Raises JournalRefused there."""
    store.remember(_NAME, msgspec.json.encode(memory))
