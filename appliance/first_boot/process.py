"""The steps of a first boot in their order, and what is told of them. Decides none of them.

Each step is done or found done; one that fails is told, and stops no other that can do without it.
"""

import logging
from typing import Final

from . import data, disk, kept, machine, who
from .card import Card
from .report import Report

NAMES: Final = ("vehicle", "uplink", "keeper", "screen", "screen-cage")
OURS: Final = tuple(f"escale-{name}.service" for name in NAMES)
"""What reads the unit's file."""

log = logging.getLogger("first-boot")


def run(card: Card | None = None) -> int:
    """At each boot, before anything else of ours. The exit code is 0: nobody is there."""
    card = card or Card()
    told = Report(run=card.run)
    with told.trouble():
        told.data = data.ready(card.place())
    if told.data in ("lost", "absent"):
        log.error("nothing can be kept on this card: its data partition is %s", told.data)
        told.publish()
        return 0
    card.system.mkdir(mode=0o755, exist_ok=True)
    with told.trouble():
        told.machine = kept.machine_id(card.system)
        machine.wear(told.machine, card.machine, card.logs)
    with told.trouble():
        kept.stir(card.system)
    with told.trouble():
        disk.own(card.disk, card.system)
        told.grown = data.grow(card.place())
    told.size = machine.size(card.mount)
    with told.trouble():
        _folders(card)
        who.settle(card, told)
    told.publish()
    return 0


def take_bundle(card: Card | None = None) -> int:
    """Later, when a stick is plugged in or the federation sent one; the exit code."""
    card = card or Card()
    if not card.is_mounted(card.state):
        # A unit whose journals are in memory would say yes to visitors and lose them all.
        log.error("%s is not on the data partition: no bundle is taken", card.state)
        return 0
    told = Report.read(card.run)
    before = told.unit
    with told.trouble():
        who.settle(card, told)
    told.publish()
    if told.unit != before:
        log.info("this card is %s now: its services start anew", told.unit)
        card.begin("nmcli", "connection", "reload", good=range(256))
        # Whether each comes up again is its own affair: nobody is waited for.
        card.begin("systemctl", "try-restart", "--no-block", *OURS)
    return 0


def _folders(card: Card) -> None:
    """The folder of the journals in its place, and what tmpfiles makes in it."""
    (card.mount / "escale").mkdir(mode=0o770, exist_ok=True)
    if not card.is_mounted(card.state):
        card.begin("systemctl", "start", "var-lib-escale.mount")
    if not (card.state / "identity").exists():
        # They were made before, beneath a partition that could not be mounted.
        places = (f"--prefix={card.mount}", f"--prefix={card.state}")
        card.begin("systemd-tmpfiles", "--create", *places)
