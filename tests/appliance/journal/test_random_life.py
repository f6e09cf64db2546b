"""A journal's life in any order, against a model: append, read, purge, rotate, reopen, reboot."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from appliance import retention
from appliance.journal import JournalReader, sound
from appliance.twins.clock import SettableClock
from protocol.duty import Started
from protocol.event import Event, Key
from protocol.row import NO_DIGEST, Row
from protocol.unit import Booted
from protocol.workshops import SignedUp
from tests.appliance.journal.support import DAY, UTC, anchored, check_in, opened, sealed

EVENTS: list[Event] = [
    check_in(1),
    Booted(version="1"),
    SignedUp(workshop="cv", number=2),
    Started(),
]


class Life(RuleBasedStateMachine):
    """The model: what was appended, where it is now, and up to where it may be forgotten.

    `utc` is the true time, whatever the journal is told.
    """

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory(dir="/dev/shm")
        self.path = Path(self.folder.name) / "screen.db"
        self.clock = SettableClock()
        self.utc = UTC
        self.journal = opened(self.path, self.clock)
        self.first_keys: list[Key] = []
        self.keys: list[Key] = []
        self.made: list[tuple[str, int, str]] = []
        self.receipted: dict[int, int] = {}
        self.sealed: set[Key] = set()
        """First keys."""
        self.seen_receipted: dict[Key, int] = {}
        """First key → the true time of its receipt."""

    def _appended(self, type_name: str) -> None:
        key = Key(self.journal.epoch, self.journal.head)
        self.keys.append(key)
        self.first_keys.append(key)
        self.made.append((type_name, self.clock.now, self.clock.boot_id))

    @rule(event=some.sampled_from(EVENTS), count=some.integers(1, 4))
    def append(self, event: Event, count: int) -> None:
        for _ in range(count):
            assert self.journal.append(event) == self.journal.head
            self._appended(event.TYPE)

    @rule()
    def append_sealed(self) -> None:
        event = SignedUp(workshop="cv", number=3)
        self.sealed.add(self.journal.append_sealed(event, sealed()))
        self._appended(SignedUp.TYPE)

    @rule(hours=some.sampled_from([1, 7, 13, 25, 75, 200]))
    def time_passes(self, hours: int) -> None:
        self.clock.advance(hours * 3600)
        self.utc += hours * 3_600_000

    @rule(years=some.sampled_from([-10, 0, 10]))
    def the_clock_is_set(self, years: int) -> None:
        anchored(self.journal, self.utc + years * 365 * DAY)

    @rule(share=some.floats(0, 1), hour=some.booleans())
    def purge(self, share: float, hour: bool) -> None:
        epoch = self.journal.epoch
        stored = max(int(share * self.journal.head), self.receipted.get(epoch, 0))
        self.receipted[epoch] = stored
        for key, first in zip(self.keys, self.first_keys, strict=True):
            if key.epoch == epoch and key.seq <= stored:
                self.seen_receipted.setdefault(first, self.utc)
        if hour:
            self.journal.remember_time()
        self.journal.purge(stored)

    @rule(share=some.floats(0, 1))
    def rotate(self, share: float) -> None:
        old, head = self.journal.epoch, self.journal.head
        fork = max(int(share * head), self.receipted.get(old, 0)) + 1
        if fork > head + 1:
            return
        self.journal.rotate(fork)
        self.keys = [
            Key(self.journal.epoch, key.seq - fork + 1)
            if key.epoch == old and key.seq >= fork
            else key
            for key in self.keys
        ]
        self._appended("journal.rotated")

    @rule(reboot=some.booleans())
    def restart(self, reboot: bool) -> None:
        anchor = self.journal.anchor
        self.journal.close()
        if reboot:
            self.clock.reboot()
            self.utc += self.clock.now
        self.journal = opened(self.path, self.clock)
        self.journal.anchor = anchor

    @invariant()
    def every_row_is_there_or_was_forgotten_in_time(self) -> None:
        if not hasattr(self, "keys"):
            return
        with JournalReader.open(self.path) as reader:
            spans = {span.epoch: span for span in reader.spans}
            for key, first, made in zip(self.keys, self.first_keys, self.made, strict=True):
                self._is_right(reader, spans[key.epoch].purged_to, key, first, made)
            for span in reader.spans:
                assert reader.is_whole(span, span.purged_to, span.head)
            assert (reader.epoch, reader.head) == (self.journal.epoch, self.journal.head)

    def _is_right(
        self,
        reader: JournalReader,
        purged_to: int,
        key: Key,
        first: Key,
        made: tuple[str, int, str],
    ) -> None:
        (row,) = reader.rows(key.seq - 1, epoch=key.epoch, limit_rows=1)
        type_name, boottime, boot = made
        if isinstance(row, Row):
            told = (row.type, row.boottime, row.boot_id, row.origin or key)
            assert told == (type_name, boottime, boot, first)
            if first in self.sealed and row.envelope is None:
                since = self.utc - self.seen_receipted[first]
                assert since >= DAY, "erased before its time"
            return
        assert key.seq <= self.receipted.get(key.epoch, 0), "forgotten before its receipt"
        if boot == self.clock.boot_id:
            age = self.clock.now - boottime
            assert age > retention.days(type_name) * DAY, "forgotten before its time"
        assert key.seq <= purged_to or row.digest != NO_DIGEST

    def teardown(self) -> None:
        if hasattr(self, "journal"):
            self.journal.close()
            self.folder.cleanup()


Life.TestCase.settings = settings(
    max_examples=25,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestLife = Life.TestCase


def test_the_model_s_own_judge_can_say_no() -> None:
    rows = [
        Row(1, "a", b"{}", "b", 1, None, "none", 0, b"12345678"),
        Row(2, "a", b"{}", "b", 1, None, "none", 0, b"12345678"),
    ]
    assert not sound.is_whole(rows, 1, NO_DIGEST)
