"""What may be plugged into the unit: told from the descriptors that a device tells of itself."""

import re
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from appliance import usb_gate
from appliance.usb_gate import Interface, may_come_in, read

ROOT = Path(__file__).parents[2]
STICK = Interface(0x08, 0x06, 0x50)
UAS_STICK = Interface(0x08, 0x06, 0x62)
HUB = Interface(0x09, 0, 0)
TYPING, QUIETLY_TYPING = Interface(0x03, 1, 1), Interface(0x03, 0, 1)
TOUCH, MOUSE = Interface(0x03, 0, 0), Interface(0x03, 1, 2)
COMMANDS, LINE = Interface(0x02, 0x02, 0x01), Interface(0x0A, 0, 0)
BROADBAND = Interface(0x02, 0x0E, 0)
NETWORK_CARD, RNDIS = Interface(0x02, 0x06, 0), Interface(0xE0, 0x01, 0x03)
BLUETOOTH, CAMERA, PRINTER = Interface(0xE0, 1, 1), Interface(0x0E, 1, 0), Interface(0x07, 1, 2)
LOUDSPEAKER, SPEECH = Interface(0x01, 0x01, 0), Interface(0x01, 0x02, 0)
OWN_KIND = Interface(0xFF, 0, 0)
NOBODY, U_BLOX, FTDI, QUECTEL, HUAWEI = 0x1234, 0x1546, 0x0403, 0x2C7C, 0x12D1


def told(vendor: int, *interfaces: Interface, product: int = 1, split: int = 99) -> bytes:
    """As the kernel has it in `descriptors` (chapter 9 of USB 2.0): a device, its configurations.

    `split`: how many interfaces the first configuration has; the others are in a second one.
    """
    device = struct.pack(
        "<BBHBBBBHHHBBBB", 18, 1, 0x0200, 0, 0, 0, 64, vendor, product, 0x0100, 1, 2, 3, 2
    )
    return device + b"".join(
        _configuration(part) for part in (interfaces[:split], interfaces[split:]) if part
    )


def _configuration(interfaces: tuple[Interface, ...]) -> bytes:
    inside = b"".join(
        struct.pack("<9B", 9, 4, number, 0, 1, *each, 0)
        + struct.pack("<BBBBHB", 7, 5, 0x81, 3, 8, 10)
        for number, each in enumerate(interfaces)
    )
    head = struct.pack("<BBHBBBBB", 9, 2, 9 + len(inside), len(interfaces), 1, 0, 0x80, 50)
    return head + inside


@pytest.mark.parametrize(
    ("what", "vendor", "interfaces"),
    [
        ("a stick", NOBODY, [STICK]),
        ("a fast stick", NOBODY, [UAS_STICK, STICK]),
        ("a hub", NOBODY, [HUB]),
        ("a touch panel", NOBODY, [TOUCH]),
        ("a touch panel that is a mouse for old systems", NOBODY, [TOUCH, MOUSE]),
        ("a receiver", U_BLOX, [COMMANDS, LINE]),
        ("a receiver behind a serial line", FTDI, [OWN_KIND]),
        ("a modem", QUECTEL, [OWN_KIND, OWN_KIND, COMMANDS, LINE, BROADBAND]),
        ("a modem that looks like a network card", HUAWEI, [RNDIS, LINE]),
        ("another one", HUAWEI, [NETWORK_CARD, LINE]),
        ("a modem that is a stick until it is switched", HUAWEI, [STICK]),
        ("a loudspeaker", NOBODY, [LOUDSPEAKER, SPEECH]),
        ("a loudspeaker with a knob, as most have", NOBODY, [LOUDSPEAKER, SPEECH, TOUCH]),
    ],
)
def test_what_the_unit_has_a_use_for_comes_in(
    what: str, vendor: int, interfaces: list[Interface]
) -> None:
    assert may_come_in(read(told(vendor, *interfaces))), what


@pytest.mark.parametrize(
    ("what", "vendor", "interfaces"),
    [
        ("a keyboard", NOBODY, [TYPING]),
        ("a keyboard for no old system", NOBODY, [QUIETLY_TYPING]),
        ("a stick that types", NOBODY, [STICK, TYPING]),
        ("a stick that may type later", NOBODY, [STICK, TOUCH]),
        ("a touch panel that types", NOBODY, [TOUCH, TYPING]),
        ("a loudspeaker that types", NOBODY, [LOUDSPEAKER, TYPING]),
        ("a modem that types", QUECTEL, [COMMANDS, LINE, TYPING]),
        ("a receiver that types", U_BLOX, [COMMANDS, LINE, TYPING]),
        ("a network card of nobody's", NOBODY, [NETWORK_CARD, LINE]),
        ("another one", NOBODY, [RNDIS, LINE]),
        ("a radio", NOBODY, [BLUETOOTH]),
        ("a camera", NOBODY, [CAMERA]),
        ("a printer", NOBODY, [PRINTER]),
        ("a kind of its own, of nobody's", NOBODY, [OWN_KIND]),
        ("nothing at all", NOBODY, []),
    ],
)
def test_everything_else_stays_outside(what: str, vendor: int, interfaces: list[Interface]) -> None:
    assert not may_come_in(read(told(vendor, *interfaces))), what


def test_a_keyboard_in_a_second_configuration_is_seen() -> None:
    assert not may_come_in(read(told(NOBODY, STICK, TYPING, split=1)))


def test_the_network_socket_of_a_pi_3_is_its_own() -> None:
    assert may_come_in(read(told(0x0424, OWN_KIND, product=0xEC00)))
    assert not may_come_in(read(told(0x0424, OWN_KIND, product=0x9E00)))


def test_descriptors_that_are_cut_or_nonsense_are_refused(tmp_path: Path) -> None:
    whole = told(NOBODY, STICK)
    for length in range(len(whole)):
        (tmp_path / "descriptors").write_bytes(whole[:length])
        # Cut after its interface, what it says is said.
        assert usb_gate.main(["usb_gate", str(tmp_path)]) == int(length != 18 + 9 + 9)
    (tmp_path / "descriptors").write_bytes(whole)
    assert usb_gate.main(["usb_gate", str(tmp_path)]) == 0
    (tmp_path / "descriptors").write_bytes(b"\0" * 64)
    assert usb_gate.main(["usb_gate", str(tmp_path)]) == 1
    assert usb_gate.main(["usb_gate", str(tmp_path / "nowhere")]) == 1


def test_the_bare_python_of_the_system_is_enough(tmp_path: Path) -> None:
    """udev runs it before anything of ours is there."""
    (tmp_path / "descriptors").write_bytes(told(NOBODY, STICK))
    command = [sys.executable, "-IS", usb_gate.__file__]
    assert subprocess.run([*command, tmp_path], check=False).returncode == 0
    (tmp_path / "descriptors").write_bytes(told(NOBODY, TYPING))
    assert subprocess.run([*command, tmp_path], check=False).returncode == 1


WHOLE = "1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe"
"""A keyboard's keys, as the kernel tells them."""
LOUDER_POWER = "3800000000 e000000000000 0", "10000000000000 0"
"""A loudspeaker's, a panel's."""


@pytest.mark.parametrize("keys", [WHOLE, "fffffffffffffffc", "2", "10000000", "800000000000 0"])
def test_what_has_one_key_of_a_keyboard_types(keys: str, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{keys}\n")
    assert usb_gate.main(["usb_gate", "keys", str(tmp_path / "key")]) == 0


@pytest.mark.parametrize("keys", [*LOUDER_POWER, "400 0 0 0 0 0", "0", ""])
def test_what_is_touched_or_turned_louder_types_nothing(keys: str, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{keys}\n")
    assert usb_gate.main(["usb_gate", "keys", str(tmp_path / "key")]) == 1
    assert usb_gate.main(["usb_gate", "keys", str(tmp_path / "nowhere")]) == 1


def test_udev_asks_it_of_whatever_has_keys() -> None:
    """All that udev calls a keyboard, and what lacks one key of it, too."""
    rules = (ROOT / "image/overlay/etc/udev/rules.d/90-escale-devices.rules").read_text()
    (rule,) = re.findall(r"(?m)^SUBSYSTEM.*(?:\\\n.*)*authorized'\"$", rules)
    assert 'ENV{ID_INPUT_KEY}=="1"' in rule
    assert "usb_gate.py keys %S%p/../capabilities/key" in rule
    assert "ID_INPUT_KEYBOARD" not in rule
