"""Who acts, and whether they may. Believes the system's login, never a name somebody gives."""

import os
import pwd
from pathlib import Path
from typing import Final, Literal

from ..config import People
from ..errors import OperatorError

Right = Literal["open_names", "erase"]


_AT_LOGIN: Final = Path("/proc/self/loginuid")
_NOBODY: Final = 2**32 - 1


def login() -> str:
    """The person at the keyboard, also behind sudo."""
    try:
        kept = _AT_LOGIN.read_text(encoding="ascii").strip()
    except OSError:
        kept = ""  # a kernel that notes none
    user = person(kept, os.getuid(), os.environ.get("SUDO_UID", ""))
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)


def person(kept: str, user: int, behind: str) -> int:
    """The number of the login that acts.

    `kept`: what the kernel noted when somebody came in, which neither sudo nor root's environment
    changes; where it noted nobody, `user`, or for root whoever sudo says is `behind`.
    """
    if kept.isdecimal() and int(kept) != _NOBODY:
        return int(kept)
    return int(behind) if user == 0 and behind.isdecimal() else user


def demand(people: People, right: Right, who: str) -> None:
    """Raises OperatorError unless that person has the right."""
    if who not in getattr(people, right):
        raise OperatorError(
            f"{who} may not do this: whoever answers for personal data adds the name to "
            f"[people] {right} in the federation's file."
        )
