"""Who the card is: what the files on it say, or a name of its own; and what follows from that.

A boot that finds everything as the last one left it mounts nothing and judges nothing.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..carrying.sticks import NoStick
from ..errors import OperatorError
from ..identity import GIVEN
from . import found, kept, machine, network
from .card import Card
from .found import Remembered
from .report import Report

log = logging.getLogger("first-boot")


def settle(card: Card, told: Report) -> None:
    """Makes it so, and tells it. Raises OperatorError."""
    judged = _as_before(card) or _looked_at(card)
    told.wrong, told.about = judged.wrong, judged.about
    told.unit = machine.unit(card.state)
    told.by_hand = not machine.is_given(told.unit, card.state)
    card.be_called(machine.host_name(told.unit))
    told.connections = tuple(network.lay_out(network.kept(card.system), card.connections))


def _as_before(card: Card) -> Remembered | None:
    """What came of it the last time, if nothing has changed since; None: it has to be looked at."""
    if (card.state / "identity" / GIVEN).exists() or not (card.state / "unit.toml").exists():
        return None
    with suppress(NoStick):
        card.stick()
        return None
    held = found.remembered(card.system)
    is_same = held is not None and held.drive == found.print_of(card.firmware)
    return held if is_same else None


def _looked_at(card: Card) -> Remembered:
    files, drive = dict[str, bytes](), found.print_of(card.firmware)
    devices = [card.firmware] if card.firmware.exists() else []
    with suppress(NoStick):
        devices.append(card.stick())
        drive = ""  # a stick is looked at each time
    for device in devices:
        try:
            with _looked_into(device, card) as folder:
                files = {**found.bundles(folder), **files}
        except OperatorError as error:
            drive = ""
            log.warning("%s is not looked into: %s", device, error)
    return _judged(card, files, drive)


def _judged(card: Card, files: dict[str, bytes], drive: str) -> Remembered:
    # Here, for most boots do without: what reads certificates takes a second to begin.
    from .bundles import Importer

    importer = Importer(card.state, card.system, card.work)
    choice = importer.take(files)
    if not importer.unit():
        importer.be_nameless(kept.four_letters(kept.machine_id(card.system)))
    told = Remembered(drive=drive, wrong=choice.wrong, about=choice.about)
    try:
        found.remember(card.system, told)
    except OperatorError as error:  # a full card needs its ways out all the more
        log.warning("%s", error)
    return told


@contextmanager
def _looked_into(device: Path, card: Card) -> Iterator[Path]:
    """A folder stands for a device where nothing may be mounted."""
    if device.is_dir():
        yield device
        return
    with found.mounted(device, card.work / "mount") as folder:
        yield folder
