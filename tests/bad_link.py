"""A radio link between two network namespaces of our own: slow, far, and losing packets.

Loss acts on IP packets, below TCP, as on the air. Nothing outside is touched: the namespaces,
their two tun devices and this pump vanish with the processes. Needs /dev/net/tun and the right
to make a namespace; `refused` says in one sentence when there is none.
"""

import ctypes
import fcntl
import json
import os
import random
import select
import socket
import struct
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FEDERATION, UNIT = "10.99.0.1", "10.99.0.2"
"""Addresses of the two ends."""

_CLONE_NEWNET = 0x40000000
_TUNSETIFF = 0x400454CA
_IFF_TUN_NO_PI = 0x1001
_libc = ctypes.CDLL(None, use_errno=True)


class Direction:
    """One way: a queue that overflows, a rate, a distance, and packets that never arrive."""

    def __init__(self, *, rate: float, delay: float, loss: float, dice: random.Random) -> None:
        self.rate, self.delay, self.loss = rate / 8, delay, loss
        self.taken = self.arrived = self.lost = self.overflowed = 0
        """Bytes that used the link, bytes at the far end; packets lost on it or before it."""
        self._dice = dice
        self._free_at = 0.0
        self._air: deque[tuple[float, bytes]] = deque()

    def push(self, packet: bytes, now: float) -> None:
        """A packet wants to cross."""
        start = max(now, self._free_at)
        if start - now > QUEUE_SECONDS:
            self.overflowed += 1
            return
        self._free_at = start + len(packet) / self.rate
        self.taken += len(packet)
        if self._dice.random() < self.loss:
            self.lost += 1
        else:
            self._air.append((self._free_at + self.delay, packet))

    def due(self, now: float) -> Iterator[bytes]:
        """Packets that have crossed by now."""
        while self._air and self._air[0][0] <= now:
            packet = self._air.popleft()[1]
            self.arrived += len(packet)
            yield packet

    @property
    def next_at(self) -> float:
        """When the next one will have."""
        return self._air[0][0] if self._air else float("inf")


def as_on_a_pi(line: socket.socket) -> None:
    """Lets a socket share the link by the rules of a Pi's kernel, whatever this machine's are."""
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, b"cubic")


QUEUE_SECONDS = 0.3
"""What a base station holds before it drops: more would hide the loss, less is unkind."""


def pump(federation: int, unit: int, link: dict[str, float]) -> None:
    """Carries packets between two tun devices; each line on stdin is answered by the counts."""
    dice = random.Random(int(link["seed"]))
    ends = {"delay": link["rtt"] / 2, "loss": link["loss"], "dice": dice}
    up = Direction(rate=link["rate"], **ends)
    down = Direction(rate=4 * link["rate"], **ends)
    ways = {unit: (up, federation), federation: (down, unit)}
    while True:
        wait = min(up.next_at, down.next_at) - time.monotonic()
        ready, _, _ = select.select([unit, federation, 0], [], [], min(max(wait, 0), 1))
        now = time.monotonic()
        for source in ways.keys() & set(ready):
            ways[source][0].push(os.read(source, 65536), now)
        for way, target in ways.values():
            for packet in way.due(now):
                os.write(target, packet)
        if 0 in ready:
            if not os.read(0, 100):
                return
            counts = ("taken", "arrived", "lost", "overflowed")
            told = {name: getattr(up, name) for name in counts}
            sys.stdout.write(json.dumps({**told, "at": now}) + "\n")
            sys.stdout.flush()


class BadLink:
    """Two namespaces and what is between them; `rate` in bit/s up (down is 4 times that)."""

    def __init__(self, *, rate: float, rtt: float, loss: float, seed: int = 1) -> None:
        self.rate = rate
        self._shape = {"rate": rate, "rtt": rtt, "loss": loss, "seed": seed}
        self._namespaces: dict[str, int] = {}
        self._pump: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "BadLink":
        home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        self._namespaces["home"] = home
        try:
            ends = [self._end(where) for where in (FEDERATION, UNIT)]
        finally:
            _check(_libc.setns(home, _CLONE_NEWNET))
        command = [sys.executable, "-m", "tests.bad_link", *map(str, ends), json.dumps(self._shape)]
        self._pump = subprocess.Popen(
            command, pass_fds=ends, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for end in ends:
            os.close(end)
        return self

    def __exit__(self, *_: object) -> None:
        if self._pump is not None:
            self._pump.communicate()
        for descriptor in self._namespaces.values():
            os.close(descriptor)

    @contextmanager
    def at(self, where: str) -> Iterator[None]:
        """Sockets and processes begun meanwhile are at that end (FEDERATION or UNIT)."""
        _check(_libc.setns(self._namespaces[where], _CLONE_NEWNET))
        try:
            yield
        finally:
            _check(_libc.setns(self._namespaces["home"], _CLONE_NEWNET))

    def counts(self) -> dict[str, float]:
        """Of the way up, so far: bytes taken and arrived, packets lost and overflowed, and when."""
        assert self._pump is not None
        assert self._pump.stdin is not None
        assert self._pump.stdout is not None
        self._pump.stdin.write(b"\n")
        self._pump.stdin.flush()
        told: dict[str, float] = json.loads(self._pump.stdout.readline())
        return told

    def _end(self, where: str) -> int:
        """A new namespace with a tun device in it; the device's descriptor."""
        _check(_libc.unshare(_CLONE_NEWNET))
        self._namespaces[where] = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        device = os.open("/dev/net/tun", os.O_RDWR | os.O_CLOEXEC)
        fcntl.ioctl(device, _TUNSETIFF, struct.pack("16sH22x", b"air", _IFF_TUN_NO_PI))
        for command in (
            "ip link set lo up",
            f"ip addr add {where}/24 dev air",
            "ip link set air up mtu 1500",
        ):
            subprocess.run(command.split(), check=True)
        return device


def refused() -> str:
    """Why no such link can be made here; empty when it can."""
    if not Path("/dev/net/tun").exists():
        return "there is no /dev/net/tun"
    try:
        with BadLink(rate=1e6, rtt=0.0, loss=0.0):
            return ""
    except (OSError, subprocess.CalledProcessError) as error:
        return f"no network namespace can be made here ({error})"


def _check(result: int) -> None:
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


if __name__ == "__main__":
    pump(int(sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3]))
