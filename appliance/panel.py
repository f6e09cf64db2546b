"""The pins of the vehicle panel: ignition and battery in, lamp and buzzer out. Decides nothing.

What is not wired is not opened; with `twin.pins = "mock"` gpiozero's own mock pins stand in.
"""

import logging
from collections.abc import Callable
from typing import Any

from gpiozero import GPIODevice, InputDevice, OutputDevice
from gpiozero.exc import GPIOZeroError
from gpiozero.pins.mock import MockFactory

from . import gpio_chip
from .config import PanelPins
from .panel_rules import Inputs

_REFUSALS = (GPIOZeroError, OSError, ImportError, RuntimeError)
"""gpiozero's own, and those of the pin libraries under it: RPi.GPIO has no class for its errors."""

_log = logging.getLogger(__name__)


class Panel:
    """Opened once; `close` may be called twice."""

    def __init__(self, pins: PanelPins, *, mock: bool) -> None:
        self.factory = MockFactory() if mock else gpio_chip.of_this_board()
        # None: gpiozero's own choice, on a system whose kernel has another way to the pins.
        self.fault = ""
        """Why the panel does nothing, when it does nothing."""
        self._ignition = self._open(InputDevice, pins.ignition)
        self._battery_low = self._open(InputDevice, pins.battery_low)
        self._lamp = self._open(OutputDevice, pins.lamp)
        self._buzzer = self._open(OutputDevice, pins.buzzer)

    @property
    def rings(self) -> bool:
        """Whether there is a buzzer that works."""
        return self._buzzer is not None

    def read(self) -> Inputs:
        """How the pins stand now; None for those that are not there."""
        return Inputs(
            ignition=None if self._ignition is None else bool(self._ignition.is_active),
            battery_low=None if self._battery_low is None else bool(self._battery_low.is_active),
        )

    def show(self, *, lamp: bool, buzzer: bool) -> None:
        """Light the lamp, sound the buzzer, or not."""
        for device, on in ((self._lamp, lamp), (self._buzzer, buzzer)):
            if device is not None and bool(device.value) != on:
                device.value = int(on)

    def close(self) -> None:
        """Everything dark and silent, every pin given back."""
        for device in (self._buzzer, self._lamp, self._battery_low, self._ignition):
            if device is not None:
                device.close()
        if self.factory is not None:
            self.factory.close()

    def _open(self, kind: Callable[..., GPIODevice], pin: int | None) -> Any:
        if pin is None or self.fault:
            return None
        try:
            return kind(pin, pin_factory=self.factory)
        except _REFUSALS as error:
            # The van's stops must not hang on a lamp: without pins the unit goes on, and says so.
            self.fault = f"GPIO {pin} of the panel cannot be used ({error}): check its wiring"
            _log.warning("%s", self.fault)
            return None
