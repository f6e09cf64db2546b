"""Who acts, and whether they may. Believes the system's login, never a name somebody gives."""

import os
import pwd
from typing import Literal

from ..config import People
from ..errors import OperatorError

Right = Literal["open_names", "erase"]


def login() -> str:
    """The person at the keyboard, also behind sudo."""
    user = os.getuid()
    behind = os.environ.get("SUDO_UID", "")
    if user == 0 and behind.isdigit():
        user = int(behind)
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)


def demand(people: People, right: Right, who: str) -> None:
    """Raises OperatorError unless that person has the right."""
    if who not in getattr(people, right):
        raise OperatorError(
            f"{who} may not do this: whoever answers for personal data adds the name to "
            f"[people] {right} in the federation's file."
        )
