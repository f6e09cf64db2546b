"""`escale-screen`: configuration, desk, window, and begun anew after a fault. Draws nothing."""

import argparse
import logging
import os
import sys
import time
from pathlib import Path

from appliance import config as unit_config
from appliance.clock import BootClock
from appliance.config import UnitConfig
from appliance.errors import OperatorError
from appliance.service import StopSignals, notify

from . import bootstrap, sound
from .desk import Desk
from .display import PROFILES
from .text import catalogue
from .voice import Voice

NO_SETTINGS = 78
"""Exit code (EX_CONFIG): the notice on the panel says that this is why (ui/notice.py)."""
LIVED = 60.0
"""Seconds: a screen that broke sooner is left to systemd, which counts and waits."""


def main(argv: list[str] | None = None) -> int:
    """The command line. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="escale-screen", description="The touch screen.")
    parser.add_argument("--config", type=Path, required=True, help="the unit's TOML file")
    parser.add_argument("--shots", type=Path, help="write a picture of each screen there, and end")
    arguments = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s")
    try:
        config = unit_config.load(arguments.config)
    except OperatorError as error:
        print(f"escale-screen: {error}", file=sys.stderr)  # noqa: T201
        return NO_SETTINGS
    try:
        if arguments.shots:
            return _shoot(config, arguments.shots)
        return _run(config)
    except OperatorError as error:
        print(f"escale-screen: {error}", file=sys.stderr)  # noqa: T201
        return 1


def _run(config: UnitConfig) -> int:
    if not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")):
        raise OperatorError(
            "there is no display here: start it where there is one, set SDL_VIDEODRIVER=kmsdrm on "
            "a machine that has a panel and no desktop, or give --shots FOLDER for pictures."
        )
    started = time.monotonic()
    with StopSignals() as signals:
        # Before Kivy: SDL leaves alone the signals that somebody has taken already.
        bootstrap.prepare(
            PROFILES[config.screen.panel],
            fullscreen=config.screen.fullscreen,
            rotation=config.screen.rotation,
        )
        voice = Voice(sound.load, unheard=config.screen.unread_languages)
        desk = Desk(config, clock=BootClock(rate=config.twin.clock_rate), voice=voice)
        if config.twin.pins == "real":
            # Whoever simulates a unit has set it up.
            desk.begin()
        try:
            crashed = _show(desk, signals)
        finally:
            notify("STOPPING=1")
            desk.close()
    if crashed and time.monotonic() - started >= LIVED:
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606
    return int(crashed)


def _show(desk: Desk, signals: StopSignals) -> bool:
    from .app import EscaleApp, run

    def stepped() -> bool:
        notify("WATCHDOG=1")
        return signals.asked

    app = EscaleApp(desk, catalogue.load("fr"), stepped=stepped)
    app.bind(on_start=lambda _: notify("READY=1"))
    run(app)
    return app.crashed


def _shoot(config: UnitConfig, folder: Path) -> int:
    os.environ["SDL_VIDEODRIVER"] = "offscreen"
    bootstrap.prepare(PROFILES[config.screen.panel], fullscreen=False)
    from .gallery.pictures import shoot

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OperatorError(
            f"{folder} cannot be made ({error.strerror}): give --shots another folder."
        ) from error
    for path in shoot(config, folder):
        print(path)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
