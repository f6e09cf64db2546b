"""The weaker design, as a control: it says *Merci* first and keeps the check-in a moment later."""

import sys
from pathlib import Path

from protocol.event import Event, Key
from ui import cli
from ui.house import House

_keep = House.keep


def _keep_later(house: House, event: Event) -> Key:
    from kivy.clock import Clock

    Clock.schedule_once(lambda _: _keep(house, event), 2)
    return Key(1, 1)


if __name__ == "__main__":
    House.keep = _keep_later
    sys.exit(cli.main(["--config", str(Path(sys.argv[2]))]))
