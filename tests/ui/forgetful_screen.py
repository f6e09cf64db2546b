"""The weaker design, as a control: it says *Merci* first and keeps the check-in a moment later."""

import sys
from pathlib import Path

from protocol.event import Event
from ui import cli
from ui.desk import Desk

_keep = Desk._keep


def _keep_later(desk: Desk, event: Event | None) -> None:
    from kivy.clock import Clock

    Clock.schedule_once(lambda _: _keep(desk, event), 2)


if __name__ == "__main__":
    Desk._keep = _keep_later
    sys.exit(cli.main(["--config", str(Path(sys.argv[2]))]))
