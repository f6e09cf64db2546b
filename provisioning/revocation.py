"""Revoking what a unit or a service holds: registry, list, rights, live session. Frees the name.

Whatever fails half way, the registry has it: `serve` makes lists and rights follow, and the same
command again does all of it.
"""

from datetime import datetime
from typing import Final

from protocol.certificates import BOOTSTRAP, SERVICE

from . import broker_files, facts, kick, registry, units
from .broker import Settings
from .broker_files import Authorities
from .errors import OperatorError
from .keys import Folder
from .state import State

MAX_WHY: Final = 80


def note(folder: Folder, who: str, why: str, now: datetime) -> int:
    """Writes it into the registry, and ends a unit's code; how many certificates were in force.

    `who`: a unit, or `service-` and the name of a service. Raises OperatorError.
    """
    if len(why) > MAX_WHY:
        raise OperatorError(f"the reason has {len(why)} characters: take {MAX_WHY} or fewer")
    with registry.writing(folder.registry) as log:
        # Those that ran out too: one of them could still ask for an approval.
        known = log.state
        held = [
            known.certificates[serial]
            for name in _names(known, who)
            for serial in known.names.get(name, ())
            if serial not in known.revoked
        ]
        if held:
            log.append(*(facts.revoked(one.serial, why, now) for one in held))
        folder.code(who).unlink(missing_ok=True)
        folder.installation(who).unlink(missing_ok=True)
    return sum(now < one.not_after for one in held)


def enforce(folder: Folder, told: Settings, signers: Authorities, who: str, now: datetime) -> None:
    """Makes the broker refuse the same, and ends its sessions. Raises OperatorError.

    Nobody else changes the broker's files until it has taken them.
    """
    probe = kick.Probe(signers.devices[0], now)
    with registry.writing(folder.registry) as log:
        broker_files.lay_out(folder, told, log, signers, now, probe.serials)
        broker_files.reload(told)
        probe.wait(folder, told)
        names = _names(log.state, who)
    for name in names:
        kick.throw_out(folder, told, signers.devices[0], name, now)


def _names(known: State, who: str) -> tuple[str, ...]:
    """What stands in its certificates."""
    if who.startswith(SERVICE) and who.removeprefix(SERVICE) in known.services:
        return (who,)
    if who in known.spares:
        return (BOOTSTRAP + who,)
    unit = units.known_unit(known, who)
    return unit, BOOTSTRAP + unit
