"""Asking for the unit to stop or start again, and whether it may: two files in /run. Stops nothing.

The vehicle service and an update may not reach systemd from their sandboxes: each leaves a wish,
which starts a one-shot (a `.path` unit); that asks here, and systemd does the rest.
"""

import logging
import os
import pwd
import time
from pathlib import Path
from typing import Any, Final, Literal

from . import runtime
from .clock import BootClock
from .errors import OperatorError
from .placing import begin, opened

What = Literal["poweroff", "reboot"]
REASONS: Final = ("ignition", "battery")
"""Why the vehicle service stops a unit (panel_rules.py): off duty, or warned for ten minutes."""
JUST_NOW: Final = 30.0
"""Seconds after which a wish to start again is none: whoever decided it would ask once more."""
VEHICLE: Final = "escale-vehicle"

log = logging.getLogger("stopping")


def ask(run: Path, what: What) -> None:
    """Leaves the wish. Raises OSError when the folder takes nothing."""
    path = wanted(run, what)
    fresh = path.with_suffix(f".{os.getpid()}.new")
    with begin(fresh, 0o640) as file:
        file.write(f"{what} {BootClock().boot_id} {_boottime():.0f}".encode())
    fresh.replace(path)


def wanted(run: Path, what: What) -> Path:
    """The file that the `.path` unit waits for."""
    return run / f"{what}.wanted"


def refusal(run: Path, what: What, owner: int) -> str:
    """Why it may not be now, in a sentence; empty: it may. `owner`: the user whose word counts."""
    if what == "reboot":
        # Root alone decides on updates, and has waited until nobody is there (appliance/update).
        return "" if _is_asked(wanted(run, what), owner) else "nobody who may asked for it"
    if _owner(runtime.file_of(run, "vehicle")) != owner:
        return "the vehicle service has not said anything"
    return _unsaid(runtime.read(run, "vehicle"))


def _is_asked(wish: Path, owner: int) -> bool:
    """Whether that user wrote these very words, just now.

    The folder is everybody's: whoever may write there can give another file of root's this name.
    """
    try:
        with opened(wish) as file:
            told = file.read(200).decode("ascii", "replace").split()
            is_theirs = os.fstat(file.fileno()).st_uid == owner
    except OSError:
        return False
    match told:
        case ["reboot", boot_id, at] if at.isdecimal():
            age = _boottime() - int(at)
            return is_theirs and boot_id == BootClock().boot_id and -1 <= age <= JUST_NOW
    return False


def _boottime() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def _unsaid(told: dict[str, Any] | None) -> str:
    power = (told or {}).get("power")
    reason = power.get("shutdown") if isinstance(power, dict) else None
    return "" if reason in REASONS else "the vehicle service sees no reason for it now"


def _owner(path: Path) -> int | None:
    try:
        return path.lstat().st_uid
    except OSError:
        return None


def may(run: Path, what: What) -> int:
    """The exit code for the one-shot: 0, and systemd does it; 1, and nothing happens."""
    why_not = refusal(run, what, _user(VEHICLE) if what == "poweroff" else 0)
    if why_not:
        log.warning("%s was asked for and is refused: %s", what, why_not)
        return 1
    log.warning("%s: asked for, and allowed", what)
    return 0


def _user(name: str) -> int:
    try:
        return pwd.getpwnam(name).pw_uid
    except KeyError as error:
        raise OperatorError(
            f"there is no user {name}: make the users of systemd/escale.sysusers."
        ) from error
