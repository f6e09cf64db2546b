"""What the driver said, in the order it was said: read from the screen's journal and `cli`'s.

Read-only, a step at a time. What the words mean is decided elsewhere.
"""

import heapq
from collections.abc import Mapping
from pathlib import Path

from protocol import duty, incidents, stops
from protocol.event import Key

from ..errors import OperatorError
from ..journal import Entry, JournalReader

SPEAKERS = ("screen", "cli")
TYPES = (
    *(kind.TYPE for kind in (duty.Started, duty.Paused, duty.Resumed, duty.Ended)),
    *(kind.TYPE for kind in (stops.Arrived, stops.Departed, stops.Corrected)),
    incidents.Reported.TYPE,
)


def fresh(data: Path, heard: Mapping[str, Key], boot_id: str) -> list[tuple[str, Entry]]:
    """The words said since those `heard` (speaker → the last one acted upon), with the speaker.

    A journal that cannot be read says nothing.
    """
    said = [_said(data, speaker, heard.get(speaker)) for speaker in SPEAKERS]
    # Each journal in its own order; between the two, boot time tells, within a boot.
    return list(heapq.merge(*said, key=lambda word: _when(word[1], boot_id)))


def _said(data: Path, speaker: str, after: Key | None) -> list[tuple[str, Entry]]:
    path = data / f"{speaker}.db"
    if not path.exists():
        return []
    try:
        with JournalReader.open(path) as reader:
            return [(speaker, entry) for entry in reader.entries(TYPES, after) if _counts(entry)]
    except OperatorError:
        return []


def _counts(entry: Entry) -> bool:
    event = entry.event
    if isinstance(event, dict) or event.trial:
        return False
    return not isinstance(event, stops.Arrived | stops.Departed) or event.source == "driver"


def _when(entry: Entry, boot_id: str) -> tuple[bool, int]:
    if entry.boot_id == boot_id:
        return True, entry.boottime
    return False, entry.utc or 0


class Files:
    """Whether there may be something new to hear: two looks a second must cost nothing."""

    LOOK_ANYWAY = 20
    """Looks after which the answer is yes in any case: a read may have failed."""

    def __init__(self, data: Path) -> None:
        names = [f"{speaker}.db{end}" for speaker in SPEAKERS for end in ("", "-wal")]
        self._paths = [data / name for name in names]
        self._seen: list[tuple[int, int] | None] = []
        self._looks = 0

    def changed(self) -> bool:
        """True at the first look, and after each write of a speaker."""
        seen, self._seen = self._seen, [_signature(path) for path in self._paths]
        self._looks = (self._looks + 1) % self.LOOK_ANYWAY
        return seen != self._seen or self._looks == 0


def _signature(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
