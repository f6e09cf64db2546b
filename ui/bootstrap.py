"""What must be said before Kivy is imported for the first time. Imports no Kivy at its top.

Kivy reads its density, its input devices and its keys from the environment and from a
configuration; a kiosk leaves none of it to a file that somebody could have changed.
"""

import logging
import os

from .display import Profile

ENVIRONMENT = {
    "KIVY_NO_ARGS": "1",
    "KIVY_NO_CONFIG": "1",
    "KIVY_NO_FILELOG": "1",
    "KIVY_NO_ENV_CONFIG": "1",
    # The clipboard providers log a traceback each where there is no desktop.
    "KIVY_CLIPBOARD": "dummy",
    "KIVY_AUDIO": "sdl2",
    # Without it Kivy takes the root logger, and hides the tracebacks of others.
    "KIVY_LOG_MODE": "PYTHON",
    "KIVY_DPI": "160",
    "KIVY_METRICS_FONTSCALE": "1",
}


BARE = "kmsdrm"
"""SDL's driver for a display with no desktop and no compositor."""


def prepare(profile: Profile, *, fullscreen: bool, rotation: int | None = None) -> None:
    """Settle the environment and Kivy's configuration for this panel, once per process.

    `rotation`: how the panel hangs, if it is not as that kind of panel usually does.
    """
    driver = os.environ.get("SDL_VIDEODRIVER", "")
    os.environ.update(ENVIRONMENT)
    os.environ["KIVY_METRICS_DENSITY"] = str(profile.density)
    # A filter, since importing Kivy sets the level anew.
    logging.getLogger("kivy").addFilter(lambda record: record.levelno >= logging.WARNING)
    from kivy.config import Config

    # One input device: two for one panel are every touch twice. No modules, no console on a key.
    for section in ("input", "modules"):
        for option in list(Config.options(section)):
            Config.remove_option(section, option)
    for section, option, value in (
        _touched_by(driver),
        ("graphics", "rotation", str(_turned(profile, driver, rotation))),
        *_settings(profile, fullscreen),
    ):
        Config.set(section, option, value)
    if driver == BARE:
        from . import touch  # noqa: F401  (Kivy must know it by its name)


def _touched_by(driver: str) -> tuple[str, str, str]:
    """One touch is one event: the panel itself, or the pointer that somebody makes of it."""
    if driver == BARE:
        return ("input", "touch", "escale_touch,/dev/input/escale-touch")
    return ("input", "mouse", "mouse,disable_multitouch")


def _turned(profile: Profile, driver: str, rotation: int | None) -> int:
    """Degrees. A desktop has turned its own panel."""
    if rotation is not None:
        return rotation
    return profile.rotation if driver in (BARE, "wayland") else 0


def _settings(profile: Profile, fullscreen: bool) -> tuple[tuple[str, str, str], ...]:
    return (
        ("kivy", "exit_on_escape", "0"),
        ("kivy", "keyboard_mode", "system"),
        ("graphics", "width", str(profile.width)),
        ("graphics", "height", str(profile.height)),
        ("graphics", "fullscreen", "auto" if fullscreen else "0"),
        ("graphics", "borderless", "1" if fullscreen else "0"),
        ("graphics", "resizable", "0"),
        # Without a window manager SDL centres the window on a larger screen.
        ("graphics", "position", "custom"),
        ("graphics", "left", "0"),
        ("graphics", "top", "0"),
        ("graphics", "multisamples", "0"),
        # How often it looks for a finger: a 20th of a second is not felt, and half the idling.
        ("graphics", "maxfps", "20"),
        ("graphics", "show_cursor", "0" if fullscreen else "1"),
        ("graphics", "allow_screensaver", "0"),
    )
