"""The life of a process: its loop, its signals, its orderly end. Knows no work.

The service loop is one of the three doors with a broad `except` (CONTRIBUTING.md): a bug is
logged once with its traceback, what was open is closed, and systemd starts the process again.
"""

import logging
import signal
import time
from collections.abc import Callable

from .errors import OperatorError


def run(step: Callable[[float], None], *, close: Callable[[], None], name: str) -> int:
    """Calls `step(monotonic seconds)`, which waits for its own work, until SIGTERM or SIGINT.

    Returns the exit code; lets OperatorError through.
    """
    asked: list[int] = []
    former = {
        which: signal.signal(which, lambda number, _frame: asked.append(number))
        for which in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        while not asked:
            step(time.monotonic())
    except OperatorError:
        raise
    except Exception:
        logging.getLogger(name).exception("stopped by a fault of its own")
        return 1
    finally:
        close()
        for which, handler in former.items():
            signal.signal(which, handler)
    return 0
