"""The steps of a first boot in their order, and what is told of them. Decides none of them.

Each step is done or found done; one that fails is told, and stops no other that can do without it.
"""

import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from ..carrying import sticks
from ..carrying.sticks import NoStick
from ..errors import OperatorError
from ..identity import GIVEN
from . import data, disk, found, kept, machine, network
from .found import Remembered
from .report import Report
from .tool import call

log = logging.getLogger("first-boot")


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


def run(card: Card | None = None) -> int:
    """At each boot, before anything else of ours. The exit code is 0: nobody is there."""
    card = card or Card()
    told = Report(run=card.run)
    with told.trouble():
        told.data = data.ready(_place(card))
    if told.data in ("lost", "absent"):
        log.error("nothing can be kept on this card: its data partition is %s", told.data)
        told.publish()
        return 0
    system = card.mount / "system"
    system.mkdir(mode=0o755, exist_ok=True)
    with told.trouble():
        told.machine = kept.machine_id(system)
        machine.wear(told.machine, card.machine, card.logs)
    with told.trouble():
        kept.stir(system)
    with told.trouble():
        disk.own(card.disk, system)
        told.grown = data.grow(_place(card))
    told.size = machine.size(card.mount)
    with told.trouble():
        _folders(card)
        _who(card, system, told)
    told.publish()
    return 0


def take_bundle(card: Card | None = None) -> int:
    """Later, when a stick is plugged in or the federation sent one; the exit code."""
    card = card or Card()
    told = Report.read(card.run)
    before = told.unit
    with told.trouble():
        _who(card, card.mount / "system", told)
    told.publish()
    if told.unit != before:
        log.info("this card is %s now: its services start anew", told.unit)
        card.begin("nmcli", "connection", "reload", good=range(256))
        # Whether each comes up again is its own affair: nobody is waited for.
        card.begin("systemctl", "try-restart", "--no-block", *OURS)
    return 0


NAMES = ("vehicle", "uplink", "keeper", "screen", "screen-cage")
OURS = tuple(f"escale-{name}.service" for name in NAMES)
"""What reads the unit's file."""


def _who(card: Card, system: Path, told: Report) -> None:
    """Who the card is: what a bundle says, or a name until there is one; and what follows."""
    files = _found(card)
    judged = None if _is_given(card) else found.remembered(system, files)
    if judged is None or not (card.state / "unit.toml").exists():
        judged = _judge(card, system, files, kept.four_letters(kept.machine_id(system)))
    told.wrong, told.about = judged.wrong, judged.about
    told.unit = machine.unit(card.state)
    told.by_hand = not machine.is_given(told.unit, card.state)
    card.be_called(machine.host_name(told.unit))
    told.connections = tuple(network.lay_out(network.kept(system), card.connections))


def _judge(card: Card, system: Path, files: dict[str, bytes], letters: str) -> Remembered:
    # Here, for most boots do without: what reads certificates takes a second to begin.
    from .bundles import Importer

    importer = Importer(card.state, system, card.work)
    choice = importer.take(files)
    if not importer.unit():
        importer.be_nameless(letters)
    return found.remember(system, files, choice.wrong, choice.about)


def _is_given(card: Card) -> bool:
    return (card.state / "identity" / GIVEN).exists()


def _found(card: Card) -> dict[str, bytes]:
    """What lies on the card's first partition and on a stick."""
    files = dict[str, bytes]()
    devices = [card.firmware] if card.firmware.exists() else []
    with suppress(NoStick):
        devices.append(card.stick())
    for device in devices:
        try:
            with _looked_into(device, card) as folder:
                files = {**found.bundles(folder), **files}
        except OperatorError as error:
            log.warning("%s is not looked into: %s", device, error)
    return files


@contextmanager
def _looked_into(device: Path, card: Card) -> Iterator[Path]:
    """A folder stands for a device where nothing may be mounted."""
    if device.is_dir():
        yield device
        return
    with found.mounted(device, card.work / "mount") as folder:
        yield folder


def _place(card: Card) -> data.Place:
    def mount() -> None:
        # It was tried before, and failed: now there is something to mount.
        card.begin("systemctl", "reset-failed", "data.mount", "systemd-fsck@*", good=range(256))
        card.begin("systemctl", "start", "data.mount")

    return data.Place(card.data, lambda: card.is_mounted(card.mount), mount)


def _folders(card: Card) -> None:
    """The folder of the journals in its place, and what tmpfiles makes in it."""
    (card.mount / "escale").mkdir(mode=0o770, exist_ok=True)
    if not card.is_mounted(card.state):
        card.begin("systemctl", "start", "var-lib-escale.mount")
    if not (card.state / "identity").exists():
        card.begin("systemd-tmpfiles", "--create", f"--prefix={card.state}")
