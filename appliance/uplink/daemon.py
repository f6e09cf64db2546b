"""The uplink at work: one loop around `step(now)`, from the journals to the broker and back.

Never blocks longer than one connection attempt. Whatever fails, rows stay in their journals.
"""

import random
from collections.abc import Callable, Hashable, Iterator

from protocol import topics

from .. import service
from ..clock import BootClock
from ..config import UnitConfig
from ..identity.trusted import TrustStore
from ..journal import Journal
from .anchors import Anchors
from .belief import Belief
from .cursors import Memory, uplink_file
from .disk import Disk
from .herald import Bearings, Herald
from .lanes import Lanes, Readers
from .line import Line, News
from .misheard import Misheard
from .pace import Pace
from .papers import Papers, Utc, machine_utc
from .sender import Mark, Sender
from .session import Session
from .shelf import Shelf
from .status import journals
from .updates import Updates

LOOK_EVERY = 0.5
"""Seconds between two looks at the journals while there is nothing to do."""
HEAR_FIRST = 1.2
"""Seconds to wait for a receipt on a new connection: it may save sending much twice."""
SAVE_EVERY = 1.0
"""Seconds between savings of the cursors while batches are under way."""


def run(config: UnitConfig) -> int:
    """The service. Returns the exit code; raises OperatorError when it cannot start."""
    clock = BootClock(rate=config.twin.clock_rate)
    journal = Journal.open(uplink_file(config.paths.data), name="uplink", clock=clock)
    uplink = Uplink(config, journal)
    return service.run(lambda now: uplink.rest(uplink.step(now)), close=uplink.close, name="uplink")


class Uplink:
    """Owns the uplink's journal from now on: `close` closes it."""

    def __init__(
        self,
        config: UnitConfig,
        journal: Journal,
        *,
        chance: Callable[[], float] = random.random,
        utc: Utc = machine_utc,
    ) -> None:
        """`utc`: the machine's clock, by which certificates are judged."""
        data, unit = config.paths.data, config.unit.id
        self._config, self._journal = config, journal
        self.pace = Pace()
        self.memory = Memory(journal)
        self.papers = Papers(config, utc, chance)
        self.belief = Belief(TrustStore(data), unit)
        self.shelf = Shelf(self.memory, self.belief, unit)
        self.anchors = Anchors(data / "vehicle.db", journal.clock)
        self.lanes = Lanes(data, self.memory.cursors(), self.pace)
        self.sender = Sender(unit, self.memory, self.anchors, self.pace)
        self.line = Line(self._connect, chance)
        self.disk = Disk(journal)
        self.updates = Updates(config.paths, self.memory)
        self._herald = Herald(
            config, clock=journal.clock, anchors=self.anchors, bearings=self._bearings
        )
        self._misheard = Misheard()
        self._readers = Readers()
        self._now = 0.0
        self._look_at = self._save_at = self._hear_until = float("-inf")

    def step(self, now: float) -> float:
        """One turn; how many seconds to rest before the next, unless something comes."""
        self._now = now
        self.disk.write(lambda: self._journal.housekeep(now), now)
        self.anchors.refresh(now)
        self._journal.anchor = self.anchors.current
        self._look(now)
        self.disk.write(lambda: self.updates.step(now), now)
        self.papers.step(now)
        self._herald.speak(self.line.session, now)
        with self._readers:
            # A new connection may block here: no journal is open for reading then.
            self._heed(self.line.step(now), now)
            if self.papers.changed:
                self.line.renew()
            self._send(now)
        self._save(now)
        return max(self._look_at - now, 0.0)

    def rest(self, seconds: float) -> float:
        """Sleeps until something comes, while there is a line; returns how long to sleep else."""
        return self.papers.rest(self.line.rest(seconds))

    def close(self) -> None:
        """Says goodbye and keeps what moved."""
        self.line.close()
        self.papers.close()
        self._save(float("inf"))
        self._journal.close()

    def _connect(self, now: float) -> Session:
        identity, tls = self.papers.show()
        self.sender.key = identity.key
        unit = self._config.unit.id
        return Session(
            self._config.broker,
            tls,
            name=unit,
            subscribe=topics.all_down(unit),
            will=(topics.up(unit, "link"), self._herald.last_will()),
            receive=self._receive,
            crossed=self._crossed,
            now=now,
        )

    def _look(self, now: float) -> None:
        if now >= self._look_at:
            self._look_at = now + LOOK_EVERY
            self.belief.refresh()
            with self._readers:
                self.lanes.look(self._readers)

    def _heed(self, news: News, now: float) -> None:
        """A new line knows nothing of what was under way on the former one."""
        if news is News.NONE:
            return
        if news is News.UP:
            self.papers.worked()
        elif self.line.failure is not None and self.line.failure.unwelcome:
            self.papers.unwelcome()
        if any(lane.window.flights for lane in self.lanes):
            self.pace.interrupted()
        self.lanes.reconnected()
        self._hear_until = now + HEAR_FIRST
        self._herald.greet()
        self._herald.speak(self.line.session, now)

    def _send(self, now: float) -> None:
        session = self.line.session
        if session is None or not self._herald.introduced:
            return
        if session.room and (request := self.papers.request(now)) is not None:
            session.publish(topics.up(self._config.unit.id, "request"), request, mark="request")
        if now < self._hear_until:
            return
        overdue = [lane for lane in self.lanes if lane.window.overdue(now, self.pace.patience)]
        if overdue:
            self.pace.doubted()
        for lane in overdue:
            lane.window.go_back()
        self.sender.fill(self.lanes, session, self._readers, now)

    def _receive(self, topic: str, payload: bytes) -> None:
        """What the broker says that the federation says, as it arrives."""
        with self._misheard.counting():
            what = topics.parse_down(topic).what
            if what == "receipt":
                self.lanes.receive(self.belief.receipt(payload), self._readers, self._now)
                self._hear_until = float("-inf")
                self._herald.heard()
            elif what == "certificate":
                self.papers.heard(payload)
            else:
                kind = what.removeprefix("document/")
                self.disk.write(lambda: self._document(kind, payload), self._now)

    def _document(self, kind: str, payload: bytes) -> None:
        if self.shelf.receive(kind, payload) and kind == "update":
            self.updates.changed()

    def _crossed(self, mark: Hashable) -> None:
        lane = self.lanes.of(mark.epoch) if isinstance(mark, Mark) else None
        if lane is not None and isinstance(mark, Mark):
            lane.window.crossed(mark.first, mark.last, self._now, self.pace)

    def _save(self, now: float) -> None:
        """Cursors on the card: at once when all is quiet, once a second while rows pour out."""
        moved = self.lanes.unsaved
        busy = now < self._save_at and any(lane.window.flights for lane in self.lanes)
        if not moved or busy:
            return
        if self.disk.write(lambda: self.memory.save(moved.values()), now):
            moved.clear()
        self._save_at = now + SAVE_EVERY

    def _bearings(self) -> Bearings:
        shown = self.papers.shown
        tombstones = self.memory.quarantined()
        return Bearings(
            line=self.line.state,
            why=self.line.why,
            cause=self.line.cause,
            enrolment=self.papers.enrolment,
            good=self.pace.good,
            backlog=self.lanes.backlog,
            journals=journals(self.lanes, tombstones),
            documents=self.shelf.revisions(),
            refused=self.shelf.refused(),
            certificate=shown.der if shown else b"",
            certificate_until=shown.until if shown else None,
            key=shown.key if shown else None,
            quarantined=sum(count for count, _ in tombstones.values()),
            faults=tuple(self._faults()),
            ask_again=any(lane.behind_since is not None for lane in self.lanes),
        )

    def _faults(self) -> Iterator[str]:
        session = self.line.session
        if session is not None and session.unheard:
            yield "nobody at the federation listens to this broker"
        if self.disk.fault is not None:
            yield str(self.disk.fault)
        if self.belief.fault:
            yield self.belief.fault
        yield from self.papers.faults()
        yield from self._misheard.faults()
        yield from self.shelf.faults()
        yield from self.updates.faults()
        yield from self.lanes.faults.values()
        for lane in self.lanes:
            if lane.span.epoch in self.sender.faults:
                yield f"{lane.span.journal}: {self.sender.faults[lane.span.epoch]}"
            yield from lane.faults()
