"""Pins through the kernel's own lines (/dev/gpiochip*), for gpiozero's devices. Decides nothing.

Debian's kernel has no /dev/gpiomem, which gpiozero's own ways to a Pi's pins need unless they are
root; it has these lines, and Debian has their library (python3-libgpiod). Never run on a board yet.
"""

from pathlib import Path
from types import ModuleType
from typing import Any, Final

from gpiozero.exc import PinInvalidFunction, PinInvalidPull, PinSetInput
from gpiozero.pins import Factory, Pin
from gpiozero.pins.pi import PiBoardInfo

LABEL: Final = "pinctrl-bcm"
"""A Pi's own pins, and not those of something that is plugged in."""
BOARD: Final = 0xC03114
"""A Pi 4: gpiozero wants to know one, and the 40 pins are the same on each board that has them."""


class ChipFactory(Factory):  # type: ignore[misc]  # gpiozero has no types
    """The pins of one chip, numbered as the kernel does: BCM."""

    def __init__(self, gpiod: ModuleType, device: str) -> None:
        super().__init__()
        self.gpiod, self.device = gpiod, device
        self._pins = dict[int, ChipPin]()

    def pin(self, name: int) -> "ChipPin":
        """The same object each time for the same number."""
        if name not in self._pins:
            _, info = next(iter(self.board_info.find_pin(name)))
            self._pins[name] = ChipPin(self, name, info)
        return self._pins[name]

    def close(self) -> None:
        """Every line given back; may be called twice."""
        for pin in self._pins.values():
            pin.close()
        self._pins.clear()

    def _get_board_info(self) -> PiBoardInfo:
        return PiBoardInfo.from_revision(BOARD)


class ChipPin(Pin):  # type: ignore[misc]  # gpiozero has no types
    """One line: asked of the kernel when it is first an input or an output."""

    def __init__(self, factory: ChipFactory, number: int, info: Any) -> None:
        super().__init__()
        self._factory, self._number, self._told = factory, number, info
        self._line: Any = None
        self._is_input, self._pulled = True, "floating"

    def close(self) -> None:
        """May be called twice."""
        if self._line is not None:
            self._line.release()
        self._line = None

    def _settings(self, *, high: bool = False) -> Any:
        words = self._factory.gpiod.line
        if not self._is_input:
            value = words.Value.ACTIVE if high else words.Value.INACTIVE
            return self._factory.gpiod.LineSettings(
                direction=words.Direction.OUTPUT, output_value=value
            )
        bias = {"up": "PULL_UP", "down": "PULL_DOWN", "floating": "DISABLED"}[self._pulled]
        return self._factory.gpiod.LineSettings(
            direction=words.Direction.INPUT, bias=getattr(words.Bias, bias)
        )

    def _ask(self, *, high: bool = False) -> None:
        config = {self._number: self._settings(high=high)}
        if self._line is None:
            self._line = self._factory.gpiod.request_lines(
                self._factory.device, consumer="escale", config=config
            )
        else:
            self._line.reconfigure_lines(config)

    def _get_info(self) -> Any:
        return self._told

    def _get_function(self) -> str:
        return "input" if self._is_input else "output"

    def _set_function(self, value: str) -> None:
        if value not in ("input", "output"):
            raise PinInvalidFunction(f"a pin of the panel is an input or an output, not {value}")
        self._is_input = value == "input"
        self._ask()

    def _get_state(self) -> bool:
        if self._line is None:
            self._ask()
        return bool(self._line.get_value(self._number) == self._factory.gpiod.line.Value.ACTIVE)

    def _set_state(self, value: bool) -> None:
        if self._is_input:
            raise PinSetInput(f"GPIO {self._number} is read, and cannot be set")
        words = self._factory.gpiod.line.Value
        self._line.set_value(self._number, words.ACTIVE if value else words.INACTIVE)

    def _get_pull(self) -> str:
        return self._pulled

    def _set_pull(self, value: str) -> None:
        if value not in ("up", "down", "floating"):
            raise PinInvalidPull(f"a line is pulled up, down or not at all, not {value}")
        self._pulled = value
        self._ask()


def of_this_board(folder: Path = Path("/dev")) -> ChipFactory | None:
    """The board's own chip; None: no such chip here, or no library for it."""
    try:
        import gpiod
        import gpiod.line
    except ImportError:
        return None
    for device in sorted(folder.glob("gpiochip*")):
        try:
            with gpiod.Chip(str(device)) as chip:
                label = chip.get_info().label
        except OSError:
            continue
        if label.startswith(LABEL):
            return ChipFactory(gpiod, str(device))
    return None
