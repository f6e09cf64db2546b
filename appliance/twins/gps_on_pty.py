"""A GPS receiver on a pseudo terminal: to the program under test, a serial port like any other.

    python -m appliance.twins.gps_on_pty FILE --link PATH [--speed 10] [--baud 9600] [--loop]

A pty has no line speed, but its master can read the one the other side has set: while that differs
from the receiver's own, random bytes are sent, as a wrong speed gives. Linux only.
"""

import argparse
import itertools
import os
import random
import re
import signal
import sys
import termios
import time
import tty
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from ..gps.doubt import step as seconds_between
from ..gps.report import read

BAUDS = {getattr(termios, f"B{baud}"): baud for baud in (4800, 9600, 19200, 38400, 57600, 115200)}
LONGEST_GAP = 6 * 3600.0
"""Seconds: more than that between two epochs is a log's own leap, not a pause to be played."""


class Burst(NamedTuple):
    """What a receiver sends at one instant."""

    after: float
    """Seconds since the burst before it."""
    data: bytes


def bursts(log: bytes) -> Iterator[Burst]:
    """The log cut into its epochs, with their distance in time."""
    clock, lines, after = None, [], 0.0
    for line in re.findall(rb"[^\n]*\n?", log):
        if line.startswith(b"#") or not line:
            continue
        text = line.rpartition(b"$")[2].partition(b"*")[0].decode("latin-1")
        report = read(text)
        told = report.clock if report is not None else None
        if told is not None and told != clock and clock is not None:
            yield Burst(after, b"".join(lines))
            gap = seconds_between(clock, told)
            lines, after = [], gap if 0 < gap < LONGEST_GAP else 1.0
        clock = told if told is not None else clock
        lines.append(line.rstrip(b"\r\n") + b"\r\n")
    if lines:
        yield Burst(after, b"".join(lines))


class GpsOnPty:
    """A receiver that plays a log; driven by `step(now)`, with any clock."""

    def __init__(
        self, log: bytes, link: Path, *, speed: float = 1.0, baud: int = 0, loop: bool = False
    ) -> None:
        """`link` plays /dev/serial/by-id/…; `speed` is how many times faster than life to play;
        `baud` is the only line speed it is understood at (0: any)."""
        played = list(bursts(log))
        self._bursts = itertools.cycle(played) if loop else iter(played)
        self._link = link
        self._speed = speed
        self._baud = baud
        self._random = random.Random(1)  # noqa: S311
        self._ends: tuple[int, int] | None = None
        self._pending = next(self._bursts, None)
        self._due: float | None = None
        self.stalled = False
        """Plugged in, and saying nothing."""
        self.noisy = False
        """Plugged in, and unintelligible."""

    @property
    def ended(self) -> bool:
        return self._pending is None

    def plug(self, link: Path | None = None) -> str:
        """Appear, under the same link or another; the device's path."""
        self._link = link or self._link
        master, slave = os.openpty()
        tty.setraw(slave)
        os.set_blocking(master, False)
        self._ends = master, slave
        self._link.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            self._link.unlink()
        self._link.symlink_to(os.ttyname(slave))
        return os.ttyname(slave)

    def unplug(self) -> None:
        """Vanish: whoever reads gets an error, and the link is gone."""
        for end in self._ends or ():
            os.close(end)
        self._ends = None
        with suppress(FileNotFoundError):
            self._link.unlink()

    def baud_chosen(self) -> int:
        """The line speed the program under test has set; 0 when it is none a receiver knows."""
        return BAUDS.get(termios.tcgetattr(self._ends[0])[4], 0) if self._ends else 0

    def step(self, now: float) -> float:
        """Send what is due at `now` (seconds); the seconds until the next burst."""
        if self._due is None:
            self._due = now
        while self._pending is not None and self._due <= now:
            self._send(self._pending.data)
            self._pending = next(self._bursts, None)
            if self._pending is not None:
                self._due += self._pending.after / self._speed
        return max(0.0, self._due - now)

    def _send(self, data: bytes) -> None:
        if self._ends is None or self.stalled:
            return
        if self.noisy or (self._baud and self.baud_chosen() != self._baud):
            data = self._random.randbytes(max(8, len(data) // 4))
        with suppress(OSError):  # nobody reads: the bytes are lost, as on a real line
            os.write(self._ends[0], data)


def main(arguments: list[str] | None = None) -> int:
    """Play a file until it ends, or until a signal."""
    parser = argparse.ArgumentParser(description="A GPS receiver on a pseudo terminal.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--link", type=Path, required=True)
    parser.add_argument("--speed", type=float, default=1.0, help="times faster than life")
    parser.add_argument("--baud", type=int, default=0, help="the only right line speed; 0: any")
    parser.add_argument("--loop", action="store_true")
    chosen = parser.parse_args(arguments)
    twin = GpsOnPty(
        chosen.file.read_bytes(),
        chosen.link,
        speed=chosen.speed,
        baud=chosen.baud,
        loop=chosen.loop,
    )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    twin.plug()
    try:
        while not twin.ended:
            time.sleep(min(twin.step(time.monotonic()), 0.2) or 0.001)
    except KeyboardInterrupt:
        return 0
    finally:
        twin.unplug()
    return 0


if __name__ == "__main__":
    sys.exit(main())
