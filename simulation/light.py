"""A unit that keeps in memory only what is not receipted: true to the protocol, for thousands.

Connection, back-off, window, pace and the judgement of receipts are the real unit's own code;
journals are lists, documents are known by their revision. Nothing of it outlives the process.
"""

from collections.abc import Hashable

import msgspec

from appliance.uplink.line import Line, News
from appliance.uplink.pace import Pace
from appliance.uplink.session import Session
from protocol import sealing, topics
from protocol.event import Key
from protocol.sealing import Binding

from . import words
from .acting import Actor
from .hearing import Ear
from .pages import Pages, epoch_of
from .papers import Identity
from .script import Deed, Script
from .sending import Mark, fill
from .shared import HELD_BACK, JOURNALS, Shared
from .vehicles import Vehicle
from .weather import Weather

HEAR_FIRST = 1.2
WAITING = 0.2
STATUS_EVERY = 60.0
LOOK_EVERY = 5.0
"""Seconds. As of the real unit; but the last, in which a ping may come due."""
MOST_WAITING = 4000
"""Rows in memory: a unit that is cut off for longer than that lives on when it is back."""
AT_ONCE = 800
"""Rows in memory of a unit that has its past to tell: it needs the broker for that."""
TOGETHER = 2_000
"""Rows in memory of all of them, while they tell their past."""
LEAST = 0.05
"""Seconds between two turns that nothing from outside calls for."""


class LightUnit:
    """Step it when its time has come or its descriptor is ready."""

    __slots__ = (
        "_actor", "_bad", "_birth_due", "_ear", "_hear_until", "_identity", "_now", "_pace",
        "_pages", "_said", "_settled_at", "_shared", "_status_at", "_vehicle", "_weather", "line",
    )  # fmt: skip

    def __init__(self, shared: Shared, vehicle: Vehicle, script: Script) -> None:
        self._shared, self._vehicle = shared, vehicle
        self._identity: Identity = shared.papers.identity(vehicle.unit)
        self._actor = Actor(vehicle, script)
        self._pages = {
            name: Pages(name, epoch_of(vehicle.unit, name, shared.seed, shared.starts))
            for name in JOURNALS
        }
        self._weather = Weather(vehicle, shared.outages, shared.seed)
        self._pace = Pace()
        self._bad = vehicle.habit == "backlog"
        self._ear = Ear(shared, vehicle.unit, self._pages, self._pace, self._actor.standing)
        self._birth_due, self._said = False, object()
        self._now = 0.0
        self._hear_until = self._status_at = float("-inf")
        self._settled_at = float("inf")
        self.line = Line(self._connect, shared.chance)

    @property
    def backlog(self) -> int:
        """Rows that the federation has not receipted."""
        return sum(pages.head - pages.forgotten_to for pages in self._pages.values())

    @property
    def settled(self) -> bool:
        """Whether it has told its past and now lives with the clock."""
        return self._settled_at < float("inf")

    @property
    def over(self) -> bool:
        """Whether it has nothing more to live, and nothing to tell but what it keeps back."""
        kept = {"backlog": HELD_BACK, "silent": self.backlog}.get(self._vehicle.habit, 0)
        return self._actor.next is None and self.backlog <= kept

    @property
    def _most(self) -> int:
        """Rows that it may have waiting, to live on."""
        if self.settled:
            return MOST_WAITING
        counts = self._shared.counts
        if self.line.session is None or counts["rows in memory"] > TOGETHER:
            return 0
        return AT_ONCE + (HELD_BACK if self._bad else 0)

    def step(self, now: float) -> float:
        """One turn; when the next is due at the latest (monotonic seconds)."""
        self._now = self._ear.now = now
        utc = self._shared.clock.utc(now)
        before = self._actor.played
        if self.backlog < self._most:
            self._actor.play(utc, self._append)
        self._shared.counts["events"] += self._actor.played - before
        since, standing = now - self._settled_at, self._actor.standing
        if since > 0 and not self._weather.has_network(standing, utc, since):
            self._shared.counts["turns off the network"] += 1
            return now + LOOK_EVERY / self._shared.clock.speed
        news = self.line.step(now)
        if news is not News.NONE:
            self._greet(news)
        session = self.line.session
        if session is not None:
            self._speak(session, utc)
            self._send(session)
        return self._due(session, utc)

    def close(self) -> None:
        """Says goodbye."""
        self.line.close()

    def _append(self, deed: Deed) -> Key:
        pages, envelope, event = self._pages[deed.journal], None, deed.event
        if deed.personal is not None:
            key = Key(pages.epoch, pages.head + 1)
            envelope = sealing.seal(
                deed.personal, self._shared.papers.recipients, Binding(self._vehicle.unit, key)
            )
            event = msgspec.structs.replace(event, sealed=sealing.digest(envelope))
        self._shared.counts["rows in memory"] += 1
        return pages.append(event, deed.boot, deed.at, envelope)

    def _connect(self, now: float) -> Session:
        unit, shared = self._vehicle.unit, self._shared
        shared.counts["connections tried"] += 1
        return Session(
            shared.broker,
            shared.papers.tls(self._identity),
            name=unit,
            subscribe=topics.all_down(unit),
            will=(topics.up(unit, "link"), words.last_will(self._actor.standing)),
            receive=self._ear.receive,
            crossed=self._crossed,
            now=now,
        )

    def _greet(self, news: News) -> None:
        self._shared.counts["connections made" if news is News.UP else "connections lost"] += 1
        if any(pages.head > pages.forgotten_to for pages in self._pages.values()):
            for pages in self._pages.values():
                pages.reconnected()
        self._birth_due, self._status_at = True, float("-inf")
        self._hear_until, self._ear.heard = self._now + HEAR_FIRST, False

    def _speak(self, session: Session, utc: int) -> None:
        unit, standing = self._vehicle.unit, self._actor.standing
        if self._birth_due:
            birth = words.birth(self._identity, standing, self._ear.documents, utc)
            self._birth_due = not session.publish(
                topics.up(unit, "link"), birth, mark="link", retain=True
            )
        if self._birth_due or self._actor.is_late(utc):
            return  # a unit with weeks to tell has no word about now yet
        facts = (standing.boot, standing.duty, standing.place, tuple(self._ear.documents.items()))
        if facts != self._said or self._now >= self._status_at:
            journals, good = self._pages.values(), not self._bad
            word = words.status(
                self._identity, standing, journals, self._ear.documents, utc, good=good
            )
            if session.publish(topics.up(unit, "status"), word, mark="status", retain=True):
                self._said, self._status_at = facts, self._now + STATUS_EVERY
                self._settled_at = min(self._settled_at, self._now)

    def _send(self, session: Session) -> None:
        now, pace = self._now, self._pace
        if self._ear.heard:
            self._hear_until = float("-inf")
        if self._birth_due or now < self._hear_until:
            return
        for pages in self._pages.values():
            if pages.head == pages.forgotten_to:
                continue
            if pages.window.overdue(now, pace.patience):
                pace.doubted()
                pages.window.go_back()
            keep = HELD_BACK if self._bad and pages.name == "screen" else 0
            self._shared.counts["rows sent"] += fill(
                pages, session, self._identity, pace, now, keep
            )

    def _crossed(self, mark: Hashable) -> None:
        if isinstance(mark, Mark):
            mark.pages.window.crossed(mark.first, mark.last, self._now, self._pace)

    def _due(self, session: Session | None, utc: int) -> float:
        coming, now = self._actor.next, self._now
        if self._actor.is_late(utc) and self.backlog < self._most:
            return now
        deed = now + self._shared.clock.until(coming.at, now) if coming else float("inf")
        # What it waits for when it is late are receipts: its own come by themselves.
        deed = deed if deed > now else now + WAITING
        if session is None:
            trying = now + 1.0 if self.line.watched else max(self.line.again_at, now)
            return min(trying, max(deed, now))
        dues = [now + LOOK_EVERY, deed, self._status_at]
        if self._hear_until > now:
            dues.append(self._hear_until)
        return max(min(dues), now + LEAST)
