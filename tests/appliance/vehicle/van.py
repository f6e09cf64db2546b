"""A whole van in one process: real loop, real pty, real journals, and time in our hands."""

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from appliance import runtime
from appliance.config import UnitConfig
from appliance.journal import Entry, Journal, JournalReader
from appliance.twins.clock import SettableClock
from appliance.vehicle.process import Vehicle
from protocol.duty import Started
from protocol.event import Event, Key
from tests.support import unit_config
from tests.vehicle_log import Road

MORNING = datetime(2026, 3, 17, 8, 0, tzinfo=UTC)
STOPS = ("stop.arrived", "stop.departed", "stop.corrected")


class Van:
    """`road` moves the van, `say` is the driver's touch; each second is one step of the loop."""

    def __init__(
        self, folder: Path, *, at: datetime = MORNING, **sections: dict[str, object]
    ) -> None:
        self.port = folder / "dev" / "gps"
        sections.setdefault("gps", {}).setdefault("port", str(self.port))
        self.config: UnitConfig = unit_config(folder, **sections)
        self.clock = SettableClock(30_000)
        self.road = Road(at)
        self.seconds = 1000.0
        self._pty: tuple[int, int] | None = None
        self._screen = Journal.open(
            self.config.paths.data / "screen.db", name="screen", clock=self.clock
        )
        self.plug()
        self.start()

    def start(self) -> None:
        self.vehicle = Vehicle(self.config, self.clock, wait=0.001)

    def close(self) -> None:
        self.vehicle.close()
        self._screen.close()
        self.unplug()

    def plug(self, port: Path | None = None) -> None:
        self.port = port or self.port
        self.port.parent.mkdir(parents=True, exist_ok=True)
        self._pty = os.openpty()
        os.set_blocking(self._pty[0], False)
        self.port.symlink_to(os.ttyname(self._pty[1]))

    def unplug(self) -> None:
        if self._pty is not None:
            for end in self._pty:
                os.close(end)
            self._pty = None
            self.port.unlink()

    def crash(self, *, seconds_off: float = 0.0, reboot: bool = True) -> None:
        """The process is gone between two instructions: nothing is closed in order."""
        journal = self.vehicle._journal
        journal.database.conn.close()
        journal._lock.release()
        self.vehicle._port.close()
        self.vehicle._board.close()
        if reboot:
            self.clock.reboot()
        self.road.wait(seconds_off)
        self.start()

    def say(self, event: Event) -> Key:
        return Key(self._screen.epoch, self._screen.append(event))

    def on_duty(self) -> "Van":
        self.say(Started())
        return self

    def park(self, seconds: int, *, sky: bool = True, stride: int = 1) -> None:
        """`stride`: seconds from one fix to the next, to make a long stand short."""
        self._go(seconds // stride, lambda: self.road.stand(stride), sky=sky, stride=stride)

    def drive(self, seconds: int, speed: float = 12.0) -> None:
        self._go(seconds, lambda: self.road.drive(speed))

    def nothing_heard(self, seconds: int) -> None:
        for _ in range(seconds):
            self.road.wait(1)
            self._step(b"")

    def noise(self, data: bytes) -> None:
        self._step(data)

    def told(self) -> dict[str, Any]:
        word = runtime.read(self.config.paths.run, "vehicle")
        assert word is not None
        return word

    def entries(self, *types: str) -> list[Entry]:
        with JournalReader.open(self.config.paths.data / "vehicle.db") as reader:
            return list(reader.entries(types))

    def said(self, *types: str) -> list[Entry]:
        with JournalReader.open(self.config.paths.data / "screen.db") as reader:
            return list(reader.entries(types))

    def moment(self, entry: Entry) -> int:
        """Milliseconds after the road began at which that row was written, in this boot."""
        return entry.boottime - self.clock.now + self.road.seconds * 1000

    def stops(self) -> list[Event]:
        return [entry.event for entry in self.entries(*STOPS)]  # type: ignore[misc]

    def happened(self, entry: Entry) -> int:
        """Seconds after the road began that the event says it happened."""
        at = entry.boottime - entry.event.ago  # type: ignore[union-attr]
        return round((at - self.clock.now) / 1000 + self.road.seconds)

    def _go(
        self, steps: int, move: Callable[[], bytes], *, sky: bool = True, stride: int = 1
    ) -> None:
        for _ in range(steps):
            data = move()
            self._step(data if sky else self.road.void(), stride)

    def _step(self, data: bytes, stride: int = 1) -> None:
        self.clock.advance(stride)
        self.seconds += stride
        if self._pty is not None:
            with suppress(BlockingIOError):  # nobody reads: lost, as on a real line
                os.write(self._pty[0], data)
        self.vehicle.step(self.seconds)
