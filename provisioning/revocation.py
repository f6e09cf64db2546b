"""Revoking what a unit holds: registry, list, rights, and its live session. The name stays free.

Whatever fails half way, the registry has it: `serve` makes lists and rights follow, and the same
command again does all of it.
"""

from datetime import datetime
from typing import Final

from protocol.certificates import BOOTSTRAP

from . import broker_files, facts, kick, registry, units
from .broker import Settings
from .broker_files import Authorities
from .errors import OperatorError
from .keys import Folder

MAX_WHY: Final = 80


def note(folder: Folder, unit: str, why: str, now: datetime) -> int:
    """Writes it into the registry, and ends the unit's code; how many certificates were in force.

    Raises OperatorError.
    """
    if len(why) > MAX_WHY:
        raise OperatorError(f"the reason has {len(why)} characters: take {MAX_WHY} or fewer")
    with registry.writing(folder.registry) as log:
        units.known_unit(log.state, unit)
        # Those that ran out too: one of them could still ask for an approval.
        known = log.state
        held = [
            known.certificates[serial]
            for name in (unit, BOOTSTRAP + unit)
            for serial in known.names.get(name, ())
            if serial not in known.revoked
        ]
        if held:
            log.append(*(facts.revoked(one.serial, why, now) for one in held))
        folder.code(unit).unlink(missing_ok=True)
    return sum(now < one.not_after for one in held)


def enforce(folder: Folder, told: Settings, signers: Authorities, unit: str, now: datetime) -> None:
    """Makes the broker refuse the unit, and ends its sessions. Raises OperatorError.

    Nobody else changes the broker's files until it has taken them.
    """
    probe = kick.Probe(signers.devices[0], now)
    with registry.writing(folder.registry) as log:
        broker_files.lay_out(folder, told, log, signers, now, probe.serials)
        broker_files.reload(told)
        probe.wait(folder, told)
    for name in (unit, BOOTSTRAP + unit):
        kick.throw_out(folder, told, signers.devices[0], name, now)
