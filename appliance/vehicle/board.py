"""The panel as the vehicle runs it: pins read, lamp, buzzer and stopping shown. Decides nothing."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from .. import stopping
from ..config import UnitConfig
from ..panel import Panel
from ..panel_rules import HELP, PATTERNS, Inputs, Lamp, Power, PowerWatch, lamp_state, lit, updating

_log = logging.getLogger("vehicle.panel")

AGAIN = 30.0
"""Seconds before a unit that should have stopped is stopped again."""

Told = Mapping[str, Any] | None
"""What another process last published; None: nothing fresh."""


class Board:
    """`see` once a second, `show` at each turn of the loop."""

    def __init__(self, config: UnitConfig) -> None:
        mock = config.twin.pins == "mock"
        self.panel = Panel(config.panel, mock=mock)
        self.inputs = Inputs()
        self.power = Power()
        self.lamp: Lamp = "kept"
        self._watch = PowerWatch()
        self._help = False
        self._run = config.paths.run
        self._may_stop = config.panel.poweroff and not mock
        self._tried = float("-inf")
        self._not_stopped = ""

    @property
    def faults(self) -> list[str]:
        """What the panel cannot do just now, a sentence each."""
        return [fault for fault in (self.panel.fault, self._not_stopped) if fault]

    def see(self, now: float, *, on_duty: bool, faults: int, told: Callable[[str], Told]) -> None:
        """What the pins and the other processes say; seconds of a steady clock."""
        self.inputs = self.panel.read()
        busy = updating(told("update"), told("fetch"), told("health"))
        self.power = self._watch.see(now, self.inputs, on_duty=on_duty, updating=busy)
        self.lamp = lamp_state(told("uplink"), told("keeper"), faults)
        self._help = (told("screen") or {}).get("help") is not None

    def show(self, now: float) -> None:
        """The lamp and the buzzer as they are at this instant of their rhythm."""
        self.panel.show(lamp=lit(PATTERNS[self.lamp], now), buzzer=self._help and lit(HELP, now))

    def stop_if_due(self, now: float) -> None:
        """Asks for the stop while it is time and allowed; again when the unit goes on."""
        if self.power.shutdown is None:
            self._tried, self._not_stopped = float("-inf"), ""
            return
        if now - self._tried < AGAIN:
            return
        if self._may_stop and self._tried > float("-inf"):
            self._not_stopped = "the unit was asked to stop and goes on: look at escale-poweroff"
        self._tried = now
        _log.warning("the unit stops: %s", self.power.shutdown)
        if self._may_stop:
            self._ask()

    def _ask(self) -> None:
        try:
            stopping.ask(self._run, "poweroff")
        except OSError as error:
            self._not_stopped = (
                f"the unit could not be stopped ({error.strerror}): check who owns {self._run}"
            )
            _log.warning("%s", self._not_stopped)

    def close(self) -> None:
        """May be called twice."""
        self.panel.close()
