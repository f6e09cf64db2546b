"""One call of a program of the system, and its complaint as a sentence. Decides nothing."""

import subprocess
from collections.abc import Container
from typing import Final

from ..errors import OperatorError

LONGEST: Final = 900.0
"""Seconds: the longest of them makes a file system as large as a card."""


def call(*command: str, good: Container[int] = (0,)) -> int:
    """Runs it; the exit code. Raises OperatorError when that is not one of `good`."""
    try:
        done = subprocess.run(  # noqa: S603 (programs of the system, on names of our own)
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LONGEST,
            check=False,
        )  # fmt: skip
    except OSError as error:
        raise OperatorError(f"{command[0]} cannot be run: {error.strerror}.") from error
    except subprocess.TimeoutExpired as error:
        raise OperatorError(f"{command[0]} does not come to an end: try another card.") from error
    if done.returncode not in good:
        lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
        # What is set in is only advice on where else to look.
        said = next((line for line in reversed(lines) if not line.startswith(" ")), "")
        raise OperatorError(f"{' '.join(command)} failed ({said or done.returncode}).")
    return done.returncode
