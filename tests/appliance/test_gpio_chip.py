"""gpiozero's devices on the kernel's lines, with a chip in memory in the place of the board's."""

import enum
from collections.abc import Mapping
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from gpiozero import InputDevice, OutputDevice
from gpiozero.exc import GPIOPinInUse

from appliance.gpio_chip import ChipFactory


class Value(enum.Enum):
    INACTIVE, ACTIVE = 0, 1


class Direction(enum.Enum):
    INPUT, OUTPUT = "input", "output"


class Bias(enum.Enum):
    PULL_UP, PULL_DOWN, DISABLED = "up", "down", "floating"


class Chip(ModuleType):
    """As much of libgpiod 2 as is used: lines that somebody may pull, one holder for each."""

    line = SimpleNamespace(Value=Value, Direction=Direction, Bias=Bias)

    def __init__(self) -> None:
        super().__init__("gpiod")
        self.outside = dict[int, Value]()
        """What the world does to a line; a line left alone is as it is pulled."""
        self.held = dict[int, Any]()

    @staticmethod
    def LineSettings(**settings: Any) -> SimpleNamespace:
        return SimpleNamespace(**{"bias": None, "output_value": None, **settings})

    def request_lines(self, device: str, *, consumer: str, config: Mapping[int, Any]) -> "Line":
        assert (device, consumer) == ("/dev/gpiochip0", "escale")
        (number,) = config
        if number in self.held:
            raise OSError(16, "Device or resource busy")
        self.held[number] = config[number]
        return Line(self, number)


class Line:
    """One that was asked for."""

    def __init__(self, chip: Chip, number: int) -> None:
        self.chip, self.number = chip, number

    def reconfigure_lines(self, config: Mapping[int, Any]) -> None:
        self.chip.held[self.number] = config[self.number]

    def get_value(self, number: int) -> Value:
        settings = self.chip.held[number]
        if settings.direction is Direction.OUTPUT:
            return Value(settings.output_value)
        alone = Value.ACTIVE if settings.bias is Bias.PULL_UP else Value.INACTIVE
        return self.chip.outside.get(number, alone)

    def set_value(self, number: int, value: Value) -> None:
        assert self.chip.held[number].direction is Direction.OUTPUT
        self.chip.held[number].output_value = value

    def release(self) -> None:
        del self.chip.held[self.number]


@pytest.fixture
def chip() -> Chip:
    return Chip()


@pytest.fixture
def factory(chip: Chip) -> ChipFactory:
    return ChipFactory(chip, "/dev/gpiochip0")


def test_the_ignition_is_read_and_pulled_down_when_nothing_is_wired(
    chip: Chip, factory: ChipFactory
) -> None:
    ignition = InputDevice(17, pin_factory=factory)
    assert chip.held[17].bias is Bias.PULL_DOWN
    assert not ignition.is_active
    chip.outside[17] = Value.ACTIVE
    assert ignition.is_active
    ignition.close()
    assert chip.held == {}


def test_a_lamp_is_dark_from_the_first_moment_and_lit_when_told(
    chip: Chip, factory: ChipFactory
) -> None:
    lamp = OutputDevice(27, pin_factory=factory)
    assert chip.held[27].output_value is Value.INACTIVE
    lamp.value = 1
    assert (chip.held[27].output_value, bool(lamp.value)) == (Value.ACTIVE, True)
    lamp.value = 0
    assert chip.held[27].output_value is Value.INACTIVE
    lamp.close()


def test_one_pin_has_one_holder_and_everything_is_given_back_twice(
    chip: Chip, factory: ChipFactory
) -> None:
    first = InputDevice(4, pin_factory=factory)
    with pytest.raises(GPIOPinInUse):
        InputDevice(4, pin_factory=factory)
    assert list(chip.held) == [4]
    first.close()
    factory.close()
    factory.close()
    assert chip.held == {}
    again = InputDevice(4, pin_factory=factory)
    assert list(chip.held) == [4]
    again.close()
