"""A real desk and its window for one scene after the other, on folders thrown away.

Time stands still unless told; nothing of the unit runs around it but what a scene says.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from kivy.base import EventLoop
from kivy.core.window import Window

from appliance import runtime
from appliance.clock import Anchor
from appliance.config import UnitConfig
from appliance.journal import Journal
from appliance.twins.clock import SettableClock
from appliance.uplink.cursors import Memory
from appliance.vehicle.store import VehicleStore
from protocol.documents import Body

from ..app import EscaleApp
from ..desk import Desk
from ..models.panel import Panel, changed
from ..sound import Twin
from ..text import catalogue
from ..voice import Voice

NOW = 1_795_680_000_000
"""Milliseconds since 1970: Thursday, 26 November 2026, nine o'clock in Paris."""


def _undrawn(_window: object) -> bool:
    """Takes the frame away from whoever would draw it: most of what a frame costs."""
    return True


class Hand:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def read_in(panel: Panel, language: str) -> Panel:
    """The panel for a visitor of that language; on the first page nobody has chosen yet."""
    nobody = changed(panel, language="") == Panel()
    return changed(panel, language="" if nobody else language)


class Stage:
    """Give it back with `close`."""

    def __init__(self, config: UnitConfig, scratch: Path, *, language: str = "") -> None:
        """`scratch`: an empty folder; `language`: that visitors have chosen."""
        self._config, self._scratch, self._count = config, scratch, 0
        self.language, self.hand = language, Hand()
        self._begin()
        self.app = EscaleApp(self.desk, catalogue.load("fr"), stepped=lambda: False)
        self.app._run_prepare()
        if EventLoop.status != "started":
            EventLoop.start()  # the stage before this one has closed it
        self.pump(4)

    def arrange(self, scene: Callable[["Stage"], None]) -> None:
        """A fresh day on a fresh card, brought into that scene."""
        self.desk.close()
        self._begin()
        self.app.change_desk(self.desk)
        scene(self)
        self.app.root.refresh()
        self.pump()

    def show(self, panel: Panel) -> None:
        """That panel, as if touches had led there; nobody has chosen a language yet."""
        self.desk._show(read_in(panel, panel.language or self.language))
        self.app.show()

    def settle(self, *, language: str = "fr", larger: float = 1.0) -> None:
        """The same scene for a visitor of that language, in larger letters; laid out, not drawn."""
        self.app.larger = larger
        self.desk.panel = read_in(self.desk.panel, "" if language == "fr" else language)
        self.app.show()
        Window.bind(on_draw=_undrawn)
        try:
            self.pump()
        finally:
            Window.unbind(on_draw=_undrawn)

    def says(self, process: str, **word: Any) -> None:
        """What a process of the unit says of the moment; the desk hears it."""
        runtime.publish(self.desk.house.run, process, word)
        self.desk.house.look_round()

    def sends(self, kind: str, body: Body) -> None:
        """A document of the federation that the uplink has taken."""
        uplink = Journal.open(self.desk.house.uplink, name="uplink", clock=self.clock)
        with uplink.atomic():
            Memory(uplink)
            uplink.database.conn.execute(
                "INSERT OR REPLACE INTO document (kind, revision, body, applied) "
                "VALUES (?, 1, ?, 0)",
                (kind, msgspec.json.encode(body)),
            )
        uplink.close()

    def knows_time(self, utc: int = NOW) -> None:
        """The GPS has told the time: milliseconds since 1970."""
        path = self.desk.house.data / "vehicle.db"
        vehicle = Journal.open(path, name="vehicle", clock=self.clock)
        store = VehicleStore(vehicle)
        with vehicle.atomic():
            anchor = Anchor(self.clock.boot_id, self.clock.boottime(), utc, "gps", 50)
            store.keep_anchor(anchor)
        vehicle.close()
        self.desk.house.learn_time()

    def passes(self, seconds: float) -> None:
        """Time passes, and everybody is told."""
        self.hand.seconds += seconds
        self.clock.advance(seconds)
        self.app._step(seconds)

    def pump(self, frames: int = 3) -> None:
        """Let the loop turn."""
        for _ in range(frames):
            EventLoop.idle()

    def close(self) -> None:
        """Nothing of it is left."""
        self.app.stop()
        self.desk.close()

    def _begin(self) -> None:
        self._count += 1
        folder = self._scratch / str(self._count)
        paths = msgspec.structs.replace(
            self._config.paths, data=folder / "data", run=folder / "run"
        )
        config = msgspec.structs.replace(self._config, paths=paths)
        self.clock = SettableClock()
        self.loudspeaker = Twin()
        voice = Voice(self.loudspeaker.load, unheard=True)
        voice.wake()
        self.desk = Desk(config, clock=self.clock, now=self.hand, voice=voice)
