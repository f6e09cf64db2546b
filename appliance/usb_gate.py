"""Which devices may be plugged into the unit, by what they say they are. Opens nothing else.

The kernel authorises nothing that comes from outside (`usbcore.authorized_default=2`); udev asks
here, with the device's folder in /sys, and authorises what leaves with 0. Run by the system's bare
Python, before anything of ours: it imports only what Python brings.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

DEVICE, CONFIGURATION, INTERFACE = 1, 2, 4

AUDIO, COMMUNICATION, HID, STORAGE, HUB, DATA = 0x01, 0x02, 0x03, 0x08, 0x09, 0x0A
WIRELESS, SPECIFIC, VENDOR = 0xE0, 0xFE, 0xFF
SERIAL, BROADBAND = 0x02, 0x0E
"""Of COMMUNICATION: a receiver or a modem's commands; a modem's line."""
KEYBOARD = 1
"""Of HID: what says so of itself. One that does not is met by its keys (`types`)."""
TYPED = range(1, 112)
"""Keys of a keyboard, as the kernel numbers them: what turns louder or off comes after these."""

LINES = {
    0x0403: "FTDI", 0x067B: "Prolific", 0x10C4: "Silicon Labs", 0x1A86: "WCH", 0x1546: "u-blox",
}  # fmt: skip
"""Who makes serial lines, which receivers sit behind, with an interface of their own kind."""
MODEMS = {
    0x12D1: "Huawei", 0x1199: "Sierra Wireless", 0x19D2: "ZTE", 0x1BC7: "Telit", 0x1E0E: "SIMCom",
    0x2C7C: "Quectel", 0x2CB7: "Fibocom", 0x413C: "Dell", 0x05C6: "Qualcomm",
}  # fmt: skip
"""Who makes 4G modems; theirs may also look like a network card."""
ON_BOARD = {(0x0424, 0xEC00), (0x0424, 0x7800)}
"""The network socket of a Pi 3, which is a USB device."""


class Interface(NamedTuple):
    """One thing that a device says it can be."""

    kind: int
    subkind: int
    protocol: int


class Device(NamedTuple):
    """What it says of itself, all its configurations together."""

    vendor: int
    product: int
    interfaces: tuple[Interface, ...]


def read(told: bytes) -> Device:
    """Raises ValueError when the bytes are not those of a device."""
    parts = list(_parts(told))
    if not parts or parts[0][1] != DEVICE or len(parts[0]) < 18:
        raise ValueError("not a device's descriptors")
    head = parts[0]
    interfaces = tuple(
        Interface(*part[5:8]) for part in parts if part[1] == INTERFACE and len(part) >= 9
    )
    return Device(
        int.from_bytes(head[8:10], "little"), int.from_bytes(head[10:12], "little"), interfaces
    )


def may_come_in(device: Device) -> bool:
    """Whether the unit has a use for it, in every one of its configurations."""
    if (device.vendor, device.product) in ON_BOARD:
        return True
    if not device.interfaces:
        return False
    # What is touched, or turned louder, is nothing else: neither a stick that also types, nor a
    # panel that also stores.
    if any(each.kind == HID for each in device.interfaces):
        return all(
            (each.kind == HID and each.protocol != KEYBOARD) or each.kind == AUDIO
            for each in device.interfaces
        )
    return all(_is_known(each, device.vendor) for each in device.interfaces)


def types(keys: str) -> bool:
    """Whether there is a key among these that a keyboard has, be it one; as /sys tells them.

    udev takes for a keyboard only what has all of the first 31.
    """
    has = 0
    for word in keys.split():  # 64 keys each, the last ones first
        has = has << 64 | int(word, 16)
    return any(has >> key & 1 for key in TYPED)


def _is_known(interface: Interface, vendor: int) -> bool:
    kind, subkind, _ = interface
    if kind in (HUB, STORAGE, AUDIO, DATA, SPECIFIC):
        return True
    if kind == COMMUNICATION:
        return subkind in (SERIAL, BROADBAND) or vendor in MODEMS
    return (kind == VENDOR and vendor in LINES) or (kind in (VENDOR, WIRELESS) and vendor in MODEMS)


def _parts(told: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(told):
        length = told[at]
        if length < 2 or at + length > len(told):
            raise ValueError("cut short")
        yield told[at : at + length]
        at += length


def main(argv: list[str]) -> int:
    """0: let it in; with `keys FILE`, 0: it types."""
    try:
        if argv[1] == "keys":
            return int(not types(Path(argv[2]).read_text()))
        return int(not may_come_in(read((Path(argv[1]) / "descriptors").read_bytes())))
    except (OSError, ValueError, IndexError):
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv))
