"""The life of a process: its loop, its signals, its orderly end. Knows no work.

The service loop is one of the three doors with a broad `except` (CONTRIBUTING.md): a bug is
logged once with its traceback, what was open is closed, and systemd starts the process again.
"""

import logging
import os
import signal
import socket
import time
from collections.abc import Callable

from .errors import OperatorError


def run(step: Callable[[float], None], *, close: Callable[[], None], name: str) -> int:
    """Calls `step(monotonic seconds)`, which waits for its own work, until SIGTERM or SIGINT.

    Returns the exit code; lets OperatorError through. systemd is told that it is there, and
    after each step that it still is.
    """
    asked: list[int] = []
    former = {
        which: signal.signal(which, lambda number, _frame: asked.append(number))
        for which in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        notify("READY=1")
        while not asked:
            step(time.monotonic())
            notify("WATCHDOG=1")
    except OperatorError:
        raise
    except Exception:
        logging.getLogger(name).exception("stopped by a fault of its own")
        return 1
    finally:
        notify("STOPPING=1")
        close()
        for which, handler in former.items():
            signal.signal(which, handler)
    return 0


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
