"""Whose turn it is to have a report made: few at once, so that nobody's asking slows all pages."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from ...errors import OperatorError

AT_ONCE: Final = 2
"""Each takes a processor for seconds, and a printed page a hundred megabytes."""
PATIENCE = 20.0
"""Seconds that somebody waits for the others."""
turns: Final = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def turn() -> Iterator[None]:
    """Only in here is a report made. Raises OperatorError: too many wait."""
    if not turns.acquire(timeout=PATIENCE):
        raise OperatorError(
            f"reports: {AT_ONCE} are being made and another waited {PATIENCE:.0f} s; it was "
            "refused. If nobody asks for that many, give the pages a faster machine."
        )
    try:
        yield
    finally:
        turns.release()
