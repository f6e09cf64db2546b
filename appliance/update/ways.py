"""Which way the unit reaches the network, and whether its bytes are counted. Reads; decides little.

Whatever is not the depot's Wi-Fi or a socket in the wall counts as mobile: a modem that plays a
network card hangs on USB. A phone that plays Wi-Fi cannot be told from the depot's.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

SYS: Final = Path("/sys/class/net")
PROC: Final = Path("/proc/net")
UP, REJECT = 0x1, 0x200
"""Flags of a route (linux/route.h, linux/ipv6_route.h)."""
MODEMS: Final = ("ww", "ppp", "usb")
"""How the names of their devices begin."""


class Way(NamedTuple):
    """A device that leads out; empty: whichever."""

    device: str
    mobile: bool


def out(sys: Path = SYS, proc: Path = PROC) -> Way | None:
    """The way that packets take; None: there is none."""
    found = sorted((*_routes(proc / "route"), *_routes6(proc / "ipv6_route")))
    if not found:
        return None
    device = found[0][1]
    return Way(device, _is_mobile(sys / device))


def _is_mobile(device: Path) -> bool:
    uevent = _text(device / "uevent").splitlines()
    if "DEVTYPE=wlan" in uevent:
        return False
    on_usb = any(part.startswith("usb") for part in device.resolve().parts)
    return on_usb or "DEVTYPE=wwan" in uevent or device.name.startswith(MODEMS)


def _routes(path: Path) -> Iterator[tuple[int, str]]:
    """Metric and device of each default route."""
    for line in _text(path).splitlines()[1:]:
        device, target, _, flags, _, _, metric, mask = line.split()[:8]
        if int(target, 16) == int(mask, 16) == 0 and int(flags, 16) & UP:
            yield int(metric), device


def _routes6(path: Path) -> Iterator[tuple[int, str]]:
    for line in _text(path).splitlines():
        target, length, _, _, _, metric, _, _, flags, device = line.split()
        leads = int(flags, 16) & (UP | REJECT) == UP
        if int(target, 16) == int(length, 16) == 0 and leads and device != "lo":
            yield int(metric, 16), device


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
