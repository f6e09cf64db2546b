"""`publish update` and `update …` of the command line: begin, show, stop a rollout. Decide none."""

import argparse
import getpass
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from protocol.documents import Update

from .. import keys, table
from ..config import FederationConfig
from ..errors import OperatorError
from ..people import store as people
from ..people.account import login
from . import bundle, reports, rollouts, stepping, waves
from .rollouts import Rollout

WORDS: Final = {
    "planned": "not told yet", "already": "ran it before", "told": "told", "applied": "runs it",
    "passed": "runs it well", "silent": "not heard", "refused": "refused it",
    "rolled_back": "went back", "trouble": "in trouble since", "aside": "left aside",
}  # fmt: skip
HEADINGS: Final = ("unit", "vehicle", "territory", "wave", "state", "reason")


def add_options(publish: argparse.ArgumentParser) -> None:
    """Those of `publish update` alone."""
    of_update = publish.add_argument_group("of an update, which goes to all units by waves")
    of_update.add_argument("--version", help="what the bundle must hold")
    of_update.add_argument("--first", metavar="ID", help="the unit that is told before all others")
    of_update.add_argument("--mobile", action="store_true", help="may be fetched over 4G too")
    of_update.add_argument(
        "--mobile-megabytes", type=_megabytes, default=Update().mobile_megabytes, metavar="N",
        help="of 4G a day at the most (%(default)s)",
    )  # fmt: skip


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds `update` to `escale-federation`."""
    update = commands.add_parser("update", help="the update that is on its way to the units")
    deeds = update.add_subparsers(required=True, metavar="COMMAND")
    deeds.add_parser("status", help="how far it came").set_defaults(run=_status)
    resume = deeds.add_parser("resume", help="goes on after it stopped")
    resume.add_argument("--retry", action="store_true", help="those that failed try again")
    resume.set_defaults(run=_resume)
    deeds.add_parser("stop", help="nobody else takes it").set_defaults(run=_stop)
    deeds.add_parser("mobile", help="allows 4G for it").set_defaults(run=_mobile)


def publish(settings: FederationConfig, arguments: argparse.Namespace) -> int:
    """Serves the bundle and begins its rollout. Raises OperatorError, having told nobody."""
    served = settings.updates
    if served.folder is None or not served.address:
        raise OperatorError("[updates] folder and address are missing: say where units fetch it.")
    if arguments.unit or arguments.all:
        raise OperatorError("an update goes to all units by waves: leave out --unit and --all.")
    found = bundle.read(arguments.file, arguments.version, served.keyring)
    now, first, key = _now(), arguments.first or "", _key(settings)
    known = [told.unit for told in reports.read(settings.store, None, {}, now)]
    if first and first not in known:
        raise OperatorError(f"{first} is no unit of the fleet: --first names one that rides.")
    update = Update(
        version=found.version, address=f"{served.address.rstrip('/')}/{found.name}",
        size=found.size, digest=found.digest,
        mobile=arguments.mobile, mobile_megabytes=arguments.mobile_megabytes,
    )  # fmt: skip
    place = bundle.place(found, served.folder)
    _say(f"{place} is served as {update.address}")
    _say(
        f"its signature was not checked: {found.doubt}"
        if found.doubt
        else "its signature is of our release authority"
    )
    stepping.begin(settings.store, update, first, login(), now)
    _note(settings, "update_begun", found.version)
    return _go_on(settings, key)


def _status(settings: FederationConfig, _arguments: argparse.Namespace) -> int:
    known = rollouts.read(settings.store)
    if known is None:
        raise OperatorError("no update was ever published: escale-federation publish update does.")
    now = _now()
    told = reports.read(settings.store, *known, now)
    for line in _lines(known[0]):
        _say(line)
    cells = [_cells(each, known[0].version, now) for each in told]
    sys.stdout.write(table.aligned(HEADINGS, cells))
    return 0


def _resume(settings: FederationConfig, arguments: argparse.Namespace) -> int:
    key = _key(settings)
    rollout = stepping.resume(settings.store, _now(), retry=arguments.retry)
    _note(settings, "update_resumed", rollout.version)
    return _go_on(settings, key)


def _stop(settings: FederationConfig, _arguments: argparse.Namespace) -> int:
    rollout = stepping.stop(settings.store, _now())
    _note(settings, "update_stopped", rollout.version)
    return _go_on(settings, _key(settings))


def _mobile(settings: FederationConfig, _arguments: argparse.Namespace) -> int:
    key = _key(settings)
    rollout = stepping.allow_mobile(settings.store, _now())
    _note(settings, "update_mobile", rollout.version)
    return _go_on(settings, key)


def _go_on(settings: FederationConfig, key: Ed25519PrivateKey | None) -> int:
    """Tells units at once what follows; afterwards the pages' process does, every minute."""
    rollout = stepping.step(settings.store, key, _now())
    if key is None:
        _say("units are told by the pages' process, within a minute: [keys] documents is not here")
    if rollout is not None:
        for line in _lines(rollout):
            _say(line)
    return 0


def _lines(rollout: Rollout) -> Iterator[str]:
    begun = datetime.fromtimestamp(rollout.begun / 1000, UTC)
    yield f"version {rollout.version}: {rollout.state}, begun {begun:%Y-%m-%d %H:%MZ}"
    if rollout.stop == "person":
        yield "stopped by a person"
    elif rollout.stop:
        why = f": {rollout.stop_reason}" if rollout.stop_reason else ""
        yield f"stopped by {rollout.stop_unit}, which {WORDS[rollout.stop]}{why}"


def _cells(told: reports.Told, version: str, now: int) -> tuple[str | int, ...]:
    row, vehicle = told.seen.row, told.vehicle
    return (
        told.unit, vehicle.name if vehicle else "-", vehicle.territory if vehicle else "-",
        row.wave or "-", WORDS[waves.standing(told.seen, version, now)], row.reason or "-",
    )  # fmt: skip


def _key(settings: FederationConfig) -> Ed25519PrivateKey | None:
    """None: the pages' process alone has it."""
    if settings.keys.documents is None:
        return None
    return keys.ed25519(settings.keys.documents, "[keys] documents", getpass.getpass)


def _note(settings: FederationConfig, deed: str, version: str) -> None:
    with people.writing(settings.store) as database:
        people.record(database, people.Deed(_now(), login(), deed, f"version {version}", ""))


def _megabytes(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 10_000:
        raise argparse.ArgumentTypeError("give 1 to 10000")
    return value


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def _now() -> int:
    return time.time_ns() // 1_000_000
