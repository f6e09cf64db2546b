"""A journal that keeps only what is not receipted, in memory: for units by the thousand.

Keys, chain and digests are those of a real journal. Nothing here outlives the process.
"""

from hashlib import blake2b

from appliance.uplink.packing import Told
from appliance.uplink.window import Window
from protocol.event import MAX_NUMBER, Event, Key
from protocol.events import encode_body
from protocol.messages import JournalStatus
from protocol.row import NO_DIGEST, Row, chain

from .script import Boot


class Pages:
    """One epoch."""

    __slots__ = ("_digest", "_forgotten", "_rows", "_window", "epoch", "forgotten_to", "name")

    def __init__(self, name: str, epoch: int) -> None:
        self.name, self.epoch = name, epoch
        self.forgotten_to = 0
        """Last seq receipted: rows up to there are gone."""
        self._rows: list[Row] = []
        self._digest = self._forgotten = NO_DIGEST
        self._window: Window | None = None

    @property
    def head(self) -> int:
        """Last seq written."""
        return self.forgotten_to + len(self._rows)

    @property
    def window(self) -> Window:
        """What is under way; made when it is first asked for, since most journals are quiet."""
        if self._window is None:
            self._window = Window(self.forgotten_to)
        return self._window

    @property
    def sent_to(self) -> int:
        """The highest seq ever sent."""
        return self._window.sent_to if self._window else self.forgotten_to

    @property
    def status(self) -> JournalStatus:
        """As a status tells it."""
        return JournalStatus(epoch=self.epoch, head=self.head, watermark=self.forgotten_to)

    def append(self, event: Event, boot: Boot, at: int, envelope: bytes | None = None) -> Key:
        """Writes a row, dated as a GPS would date it."""
        body, seq, boottime = encode_body(event), self.head + 1, at - boot.started
        kind = event.TYPE
        self._digest = chain(self._digest, self.epoch, seq, kind, body, boot.id, boottime)
        row = Row(seq, kind, body, boot.id, boottime, at, "gps", 50, self._digest, None, envelope)
        self._rows.append(row)
        return Key(self.epoch, seq)

    def rows(self, first: int, most: int) -> list[Told]:
        """The rows from `first` on."""
        begin = first - self.forgotten_to - 1
        return list(self._rows[begin : begin + most])

    def digest_of(self, seq: int) -> bytes | None:
        """Of one of our rows; None when it is not held any more, or not yet."""
        if seq == self.forgotten_to:
            return self._forgotten
        place = seq - self.forgotten_to - 1
        return self._rows[place].digest if 0 <= place < len(self._rows) else None

    def forget(self, stored_to: int) -> None:
        """The federation has everything up to there."""
        self._forgotten = self.digest_of(stored_to) or self._forgotten
        del self._rows[: stored_to - self.forgotten_to]
        self.forgotten_to = stored_to
        if not self._rows:
            self._window = None

    def reconnected(self) -> None:
        """What was under way may be anywhere."""
        if self._window is not None:
            self._window.reconnected()


def epoch_of(unit: str, journal: str, seed: int, starts: int) -> int:
    """An epoch as random as any, yet the same for the same simulation."""
    told = blake2b(f"{unit} {journal} {seed} {starts}".encode(), digest_size=8).digest()
    return int.from_bytes(told) % (MAX_NUMBER - 1) + 1
