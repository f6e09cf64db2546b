"""A screen with a fault: the first time somebody chooses a door, it breaks."""

import sys
from pathlib import Path

from ui import cli
from ui.desk import Desk

BROKEN = "broken-once"
_touch = Desk.touch


def _breaks_once(desk: Desk, touch: str, value: str = "") -> None:
    told = desk.house.run / BROKEN
    if touch == "chose" and not told.exists():
        told.touch()
        raise ZeroDivisionError("a fault of our own")
    _touch(desk, touch, value)


if __name__ == "__main__":
    cli.LIVED = 0.0
    Desk.touch = _breaks_once
    sys.exit(cli.main(["--config", str(Path(sys.argv[2]))]))
