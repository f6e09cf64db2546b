"""The code lists, by version: codes that are exact, labels in French. Refuses no unknown code.

A record says which version its codes are from; a code from a newer unit is kept and shown as it is.
"""

import tomllib
from importlib.resources import files
from typing import Any, Final

CURRENT: Final = 1
"""The version that new events are written with (`Event.codes`)."""


def _read(version: int) -> dict[str, Any]:
    path = files(__package__) / "code_lists" / f"v{version}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


_FILES: Final = {version: _read(version) for version in range(1, CURRENT + 1)}

LISTS: Final[dict[int, dict[str, dict[str, str]]]] = {
    version: content["lists"] for version, content in _FILES.items()
}
"""Version → list → code → label."""
CODES: Final = LISTS[CURRENT]
"""List → code → label, as of today."""
ADMINISTRATIVE: Final = frozenset(_FILES[CURRENT]["administrative"])
"""Themes that are administrative procedures."""
NOT_STATED: Final = "non_communique"
"""Absence is a value."""

_THEMES: Final[dict[str, str]] = _FILES[CURRENT]["door_theme"]


def known(list_name: str, code: str, version: int = CURRENT) -> bool:
    """Whether this code is in that list; False also for a list or version not known here."""
    return code in LISTS.get(version, {}).get(list_name, {})


def label(list_name: str, code: str, version: int = CURRENT) -> str:
    """What people read for a code; the code itself when it is not known here."""
    return LISTS.get(version, {}).get(list_name, {}).get(code, code)


def theme_of_door(door: str) -> str:
    """What touching a door counts as, until staff say otherwise; NOT_STATED when not known."""
    return _THEMES.get(door, NOT_STATED)
