"""The machine's own clock: whether the kernel trusts it, and how it is put right.

Decides nothing about GPS. On the card chrony owns the clock and is fed through its socket; without
chrony the clock is set, if that is allowed.
"""

import ctypes
import os
import socket
import struct
import time
from pathlib import Path

STA_UNSYNC = 0x0040
TIME_ERROR = 5

SOCK_MAGIC = 0x534F434B
SOCK_SAMPLE = struct.Struct("@qqdiiii")
"""chrony's `struct sock_sample` as refclock_sock.c of chrony 4.6 has it on a 64-bit machine:
seconds and microseconds of the system clock, true time minus system time in seconds, whether it
is a pulse, leap indicator, padding, magic. chronyd drops a datagram of any other length."""


class _Timex(ctypes.Structure):
    """The head of the kernel's `struct timex` (adjtimex(2)); the rest is only room."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * 512),
    )


def synchronised_within() -> int | None:
    """Milliseconds the system clock may be wrong by; None when nothing keeps it right."""
    timex = _Timex()
    state = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.byref(timex))
    if state < 0 or state == TIME_ERROR or timex.status & STA_UNSYNC:
        return None
    return max(1, int(timex.maxerror) // 1000)


def sock_sample(system_ns: int, true_ms: int) -> bytes:
    """The datagram that tells chrony: at system time `system_ns` it truly was `true_ms`."""
    seconds, nanoseconds = divmod(system_ns, 1_000_000_000)
    microseconds = nanoseconds // 1000
    offset = true_ms / 1000 - seconds - microseconds / 1_000_000
    return SOCK_SAMPLE.pack(seconds, microseconds, offset, 0, 0, 0, SOCK_MAGIC)


def feed_chrony(path: Path, true_ms: int) -> bool:
    """Tell chrony what time it is now; False when it does not listen there."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as sender:
        try:
            sender.sendto(sock_sample(time.time_ns(), true_ms), os.fspath(path))
        except OSError:
            return False
    return True


def set_to(true_ms: int) -> bool:
    """Set the system clock; False when this process has no right to."""
    try:
        time.clock_settime_ns(time.CLOCK_REALTIME, true_ms * 1_000_000)
    except PermissionError:
        return False
    return True
