"""Where a card has what it has, and what only a whole system can do for it. Does nothing itself."""

import socket
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from ..carrying import sticks
from . import network
from .data import Place
from .tool import call


class Card(NamedTuple):
    """Where this card has what it has; a test has its own."""

    disk: Path = Path("/dev/escale/disk")
    firmware: Path = Path("/dev/escale/firmware")
    data: Path = Path("/dev/escale/data")
    mount: Path = Path("/data")
    state: Path = Path("/var/lib/escale")
    """Journals, identity, trust: a folder of the data partition."""
    run: Path = Path("/run/escale")
    work: Path = Path("/run/escale-first-boot")
    """For root alone, in memory."""
    machine: Path = Path("/run/machine-id")
    logs: Path = Path("/run/log/journal")
    connections: Path = network.FOLDER
    stick: Callable[[], Path] = lambda: sticks.only_one().device
    """Raises NoStick."""
    is_mounted: Callable[[Path], bool] = Path.is_mount
    begin: Callable[..., int] = call
    """Runs what only a whole system has: systemctl, systemd-tmpfiles, nmcli."""
    be_called: Callable[[str], None] = socket.sethostname

    def place(self) -> Place:
        """The data partition, and how it comes into its place."""
        return Place(self.data, lambda: self.is_mounted(self.mount), self._mount)

    @property
    def system(self) -> Path:
        """What the card keeps for the system rather than for the unit."""
        return self.mount / "system"

    def _mount(self) -> None:
        # It was tried before, and failed: now there is something to mount.
        self.begin("systemctl", "reset-failed", "data.mount", "systemd-fsck@*", good=range(256))
        self.begin("systemctl", "start", "data.mount")
