"""The vehicle's loop: receiver, driver's words, panel and disk, in their order at each step.

Decides nothing: `discipline`, `watch`, `panel_rules` do. Touches no network.
"""

import select
from zoneinfo import ZoneInfo

from protocol import __version__
from protocol.documents import Settings, Tours
from protocol.unit import Booted

from .. import runtime, service
from ..clock import BootClock, Stamp
from ..config import UnitConfig
from ..gps.hunt import Line
from ..gps.port import PATTERNS, GpsPort
from ..journal import Journal
from . import documents, memory, report, shifts, words
from .board import Board
from .scribe import Scribe
from .store import VehicleStore
from .timekeeper import SystemClock, Timekeeper
from .tours import Plan
from .track import Track
from .watch import Watch

WAIT = 0.1
"""Seconds the loop waits for bytes: the finest rhythm of the lamp."""
EVERY = {"listen": 0.5, "say": 1.0, "documents": 60.0, "forget": 3600.0}
"""Seconds between two turns of what is not done at each step."""


class Vehicle:
    """Everything the vehicle process holds open; `close` gives it back in reverse."""

    def __init__(self, config: UnitConfig, clock: BootClock, *, wait: float = WAIT) -> None:
        """Raises OperatorError when the journal cannot be had."""
        self._config, self._clock, self._data = config, clock, config.paths.data
        self._patience = wait
        self._journal = Journal.open(self._data / "vehicle.db", name="vehicle", clock=clock)
        store = self._store()
        self._memory = memory.recall(store)
        self._timekeeper = Timekeeper(self._journal, store, clock, _system_clock(config, clock))
        self._scribe = Scribe(self._journal, store, self._memory)
        tell, stamp_at = self._scribe.tell, self._timekeeper.stamp_at
        self._watch = Watch(config.unit.profile, self._memory, tell, stamp_at)
        self._track = Track(self._journal, store)
        self._heard = words.Files(self._data)
        self._is_heard = True
        self._next = dict.fromkeys(EVERY, float("-inf"))
        self._boot()
        line = Line(*self._memory.line) if self._memory.line else None
        self._port = GpsPort(PATTERNS if config.gps.port == "auto" else (config.gps.port,), line)
        self._board = Board(config)

    def step(self, now: float) -> float:
        """One turn; `now` in monotonic seconds. It does its own waiting, for bytes."""
        if self._is_due("documents", now):
            self._read_documents()
        if self._is_due("listen", now):
            self._listen()
        self._wait()
        self._hear(now)
        self._write(now)
        if self._is_due("say", now):
            self._look(now)
            self._say(now)
        self._board.show(now)
        return 0.0

    def close(self) -> None:
        """An orderly end: what is known is written, pins, port and journal are given back."""
        self._memory.ended = "clean"
        self._scribe.touch()
        self._write(float("inf"))
        self._board.close()
        self._port.close()
        self._journal.close()

    def _store(self) -> VehicleStore:
        try:
            return VehicleStore(self._journal)
        except BaseException:
            self._journal.close()
            raise

    def _boot(self) -> None:
        """The first row of a boot, before anything else of it."""
        known = self._memory
        if known.boot_id != self._clock.boot_id:
            self._scribe.tell(Booted(version=__version__, last_stop=known.ended))
            known.boot_id = self._clock.boot_id
        known.ended = "power_cut"
        self._scribe.attempt(0.0, self._scribe.write)

    def _read_documents(self) -> None:
        uplink = self._data / "uplink.db"
        zone = ZoneInfo(self._config.unit.zone)
        self._watch.plan = Plan(documents.read(uplink, "tour", Tours), zone)
        kept = documents.read(uplink, "settings", Settings).keep_track_days
        self._track.days = min(kept, self._config.retention.track_days)

    def _listen(self) -> None:
        known, now = self._memory, self._now()
        if self._heard.changed():
            for speaker, entry in words.fresh(self._data, known.heard, known.boot_id):
                self._watch.listen(entry, now)
                known.heard = {**known.heard, speaker: entry.key}
                self._scribe.touch()
        self._watch.end_if_forgotten(now)

    def _now(self) -> Stamp:
        return self._timekeeper.stamp_at(self._clock.boottime())

    def _wait(self) -> None:
        descriptor = self._port.fileno()
        select.select([] if descriptor is None else [descriptor], [], [], self._patience)

    def _hear(self, now: float) -> None:
        for fix in self._port.step(now, heard=self._clock.boottime() / 1000):
            boottime = round(fix.heard * 1000)
            self._timekeeper.hear(fix, boottime)
            self._watch.hear(fix, boottime)
            if self._watch.on_duty:
                self._track.add(fix, boottime)

    def _write(self, now: float) -> None:
        attempt, boottime = self._scribe.attempt, self._clock.boottime()
        attempt(now, lambda: self._timekeeper.keep(boottime))
        if self._track.due(boottime, on_duty=self._watch.on_duty) or now == float("inf"):
            self._scribe.touch()
            attempt(now, self._track.write)
        if self._scribe.behind:
            line = self._port.remembered
            self._memory.line = (line.path, line.speed) if line else self._memory.line
            self._memory.stops = self._watch.state()
            attempt(now, self._scribe.write)
        if self._is_due("forget", now):
            attempt(now, lambda: self._track.forget(self._timekeeper.utc(boottime)))
        attempt(now, lambda: self._journal.housekeep(now))

    def _look(self, now: float) -> None:
        run = self._config.paths.run
        self._board.see(
            now,
            on_duty=self._memory.duty != "off",
            faults=len(self._faults()),
            told=lambda process: runtime.read(run, process),
        )

    def _say(self, now: float) -> None:
        known, on_duty, moment = self._memory, self._watch.on_duty, self._now()
        said = {
            "duty": known.duty,
            "minutes_left": shifts.minutes_left(known, self._watch.plan, moment),
            "moving": self._watch.moving(self._clock.boottime()),
            "gps": report.gps(self._port.status(now), self._timekeeper.refused, on_duty=on_duty),
            "sky": self._port.sky if on_duty else (),
            "provisional": report.standing(known, self._watch.provisional()),
            "stop": report.key(known.book.standing),
            "stops": report.stops(known, moment),
            "place": report.place(known),
            "ignition": self._board.inputs.ignition,
            "battery_low": self._board.inputs.battery_low,
            "lamp": self._board.lamp,
            "rings": self._board.panel.rings,
            "power": self._board.power,
            "refused": self._scribe.refused,
            "dropped": {"fixes": self._track.dropped, "events": self._scribe.dropped},
            "faults": self._faults(),
        }
        self._is_heard = runtime.publish(self._config.paths.run, "vehicle", said)
        self._board.stop_if_due(now)

    def _faults(self) -> list[str]:
        lost = self._scribe.dropped
        told = f"{lost} events could not be written and are lost: check the card" if lost else ""
        mute = (
            "" if self._is_heard else f"{self._config.paths.run} takes no files: check who owns it"
        )
        found = (self._scribe.trouble, told, mute, *self._board.faults)
        return [fault for fault in found if fault]

    def _is_due(self, what: str, now: float) -> bool:
        if now < self._next[what]:
            return False
        self._next[what] = now + EVERY[what]
        return True


def _system_clock(config: UnitConfig, clock: BootClock) -> SystemClock:
    if clock.rate != 1.0:
        return SystemClock(None, may_set=False)
    return SystemClock(config.clock.chrony, may_set=config.clock.set_system)


def run(config: UnitConfig) -> int:
    """The `vehicle` service, until it is told to stop."""
    vehicle = Vehicle(config, BootClock(rate=config.twin.clock_rate))
    return service.run(vehicle.step, close=vehicle.close, name="vehicle")
