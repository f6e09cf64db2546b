"""The life of a service: its loop, its signals, its watchdog, its orderly end. Knows no work.

One of the three doors with a broad `except`: a bug is logged once with its traceback, what was
open is closed, and systemd starts the process again.
"""

import logging
import os
import select
import signal
import socket
import time
from collections.abc import Callable
from types import FrameType

from .errors import OperatorError

LONGEST_PAUSE = 10.0
"""Seconds: the watchdog is petted from the loop, at least this often."""


def run(step: Callable[[float], float], *, close: Callable[[], None], name: str) -> int:
    """Call `step(monotonic seconds)` until SIGTERM or SIGINT; it returns how long it may sleep.

    `close` is called once, whatever happened. Returns the exit code; lets OperatorError through.
    """
    with StopSignals() as signals:
        try:
            notify("READY=1")
            while not signals.asked:
                pause = step(time.monotonic())
                notify("WATCHDOG=1")
                signals.wait(min(pause, LONGEST_PAUSE))
        except OperatorError:
            raise
        except Exception:
            logging.getLogger(name).exception("stopped by a fault of its own")
            return 1
        finally:
            notify("STOPPING=1")
            close()
    return 0


class StopSignals:
    """SIGTERM and SIGINT as a question to the loop: a step is never cut in two."""

    def __init__(self) -> None:
        self.asked = False

    def wait(self, seconds: float) -> None:
        """Sleep that long, or until asked to stop."""
        if self.asked or seconds <= 0:
            return
        if select.select([self._woken], [], [], seconds)[0]:
            self._woken.recv(64)

    def __enter__(self) -> "StopSignals":
        # The kernel writes to the socket whichever thread or call the signal falls into.
        self._woken, self._waker = socket.socketpair()
        self._waker.setblocking(False)
        self._former_waker = signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)
        self._former = {
            which: signal.signal(which, self._ask) for which in (signal.SIGTERM, signal.SIGINT)
        }
        return self

    def __exit__(self, *_: object) -> None:
        for which, handler in self._former.items():
            signal.signal(which, handler)
        signal.set_wakeup_fd(self._former_waker)
        self._woken.close()
        self._waker.close()

    def _ask(self, _signal: int, _frame: FrameType | None) -> None:
        self.asked = True


def notify(state: str) -> None:
    """One word to systemd, when it is there to listen (sd_notify(3))."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.connect(address)
        sender.sendall(state.encode())
