"""The panel as the vehicle runs it: pins read, lamp, buzzer and stopping shown. Decides nothing."""

import logging
from collections.abc import Mapping
from typing import Any

from ..config import UnitConfig
from ..panel import Panel, power_off
from ..panel_rules import HELP, PATTERNS, Inputs, Lamp, Power, PowerWatch, lamp_state, lit

_log = logging.getLogger("vehicle.panel")

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
        self._may_stop = config.panel.poweroff and not mock
        self._stopped = False

    def see(
        self, now: float, *, on_duty: bool, faults: int, uplink: Told, keeper: Told, screen: Told
    ) -> None:
        """What the pins and the other processes say; seconds of a steady clock."""
        self.inputs = self.panel.read()
        self.power = self._watch.see(now, self.inputs, on_duty=on_duty)
        self.lamp = lamp_state(uplink, keeper, faults + bool(self.panel.fault))
        self._help = screen is not None and screen.get("help") is not None

    def show(self, now: float) -> None:
        """The lamp and the buzzer as they are at this instant of their rhythm."""
        self.panel.show(lamp=lit(PATTERNS[self.lamp], now), buzzer=self._help and lit(HELP, now))

    def stop_if_due(self) -> None:
        """Switches the unit off when it is time and allowed; once."""
        if self.power.shutdown is None or self._stopped:
            return
        self._stopped = True
        _log.warning("the unit stops: %s", self.power.shutdown)
        if self._may_stop:
            power_off()

    def close(self) -> None:
        """May be called twice."""
        self.panel.close()
