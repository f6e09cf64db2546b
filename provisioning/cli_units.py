"""Commands about units: arguments, passphrases, what is said."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .cli_common import authority_passphrase, command, folder_of
from .errors import OperatorError

if TYPE_CHECKING:
    from .bundles import Wanted
    from .units import Asked


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Registers them."""
    _unit_commands(commands.add_parser("unit", help="add units, show one"))
    listed = command(commands, "list", "how each unit stands", _list)
    listed.add_argument("--json", action="store_true")
    bundle = command(commands, "bundle", "what a blank card must be told, and its code", _bundle)
    bundle.add_argument("id", nargs="*", help="of the units")
    bundle.add_argument("--all-new", action="store_true", help="every unit that never had one")
    bundle.add_argument("--for-spare", action="store_true", help="for a spare card: no file")
    _wanted(bundle)
    spare = command(commands, "spare", "bundles of spare cards, for the drawer", _spare)
    spare.add_argument("--count", type=int, default=1, help="how many cards")
    _wanted(spare)
    listed = command(commands, "spares", "which spare cards there are", _spares)
    listed.add_argument("--json", action="store_true")
    approve = command(commands, "approve", "an expired unit may enrol again, once", _approve)
    approve.add_argument("id")
    pin = command(commands, "pin-code", "the answer for a forgotten PIN, by phone", _pin_code)
    pin.add_argument("id")
    pin.add_argument("challenge", help="what the screen shows")
    pin.add_argument("--bundle", type=int, help="number of the one on that card: else the latest")


def _wanted(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--broker", required=True, metavar="HOST[:PORT]")
    parser.add_argument("--apn", default="", help="access point of the 4G contract")
    parser.add_argument("--wifi", default="", metavar="NAME", help="of the network at the depot")
    parser.add_argument("--wifi-password-file", type=Path, help="holds its password: else asked")
    parser.add_argument("--equipment", type=Path, help="TOML: display and wires of the vehicle")
    parser.add_argument("--out", type=Path, help="folder for the files")


def _unit_commands(unit: argparse.ArgumentParser) -> None:
    commands = unit.add_subparsers(required=True, metavar="COMMAND")
    add_one = command(commands, "add", "a unit, or as many as a file holds", _add)
    add_one.add_argument("id", nargs="?", help="3 to 26 of a-z, 0-9 and -")
    add_one.add_argument("--territory")
    add_one.add_argument("--centre")
    add_one.add_argument("--vehicle-name", help="such as 'Camion Germaine'")
    add_one.add_argument("--vehicle", help="camion, camping-car or triporteur")
    add_one.add_argument("--zone", help="IANA time zone, Europe/Paris if left out")
    add_one.add_argument("--from", type=Path, dest="file", help="CSV with one line per unit")
    show = command(commands, "show", "all that is known of a unit, as JSON", _show)
    show.add_argument("id")


def _add(arguments: argparse.Namespace) -> int:
    from . import facts, units

    asked = _asked(arguments)
    units.add(folder_of(arguments), asked, facts.now())
    sys.stdout.write(f"added: {', '.join(one.id for one in asked)}\n")
    return 0


def _list(arguments: argparse.Namespace) -> int:
    from . import facts, registry, units

    known, now = registry.read(folder_of(arguments).registry), facts.now()
    told = [units.told(known, unit, now) for unit in known.units]
    sys.stdout.write(_json(told) if arguments.json else units.table(told))
    return 0


def _show(arguments: argparse.Namespace) -> int:
    from . import facts, registry, units

    known = registry.read(folder_of(arguments).registry)
    sys.stdout.write(_json(units.told_whole(known, arguments.id, facts.now())))
    return 0


def _bundle(arguments: argparse.Namespace) -> int:
    from . import bundles, facts, keys, registry, units

    folder, now = folder_of(arguments), facts.now()
    if bool(arguments.id) == arguments.all_new:
        raise OperatorError("for which units is the bundle: give ids, or --all-new")
    known = registry.read(folder.registry)
    wanted = _wants(arguments)
    if arguments.for_spare:
        wanted = wanted._replace(out=None)
    elif wanted.out is None:
        raise OperatorError("where is the bundle to go: give --out, or --for-spare")
    chosen = bundles.without_one(known, now) if arguments.all_new else arguments.id
    for unit in chosen:
        units.known_unit(known, unit)
    devices = keys.read_issuer(folder, "devices", authority_passphrase(arguments))
    for unit in chosen:
        # Each is said before the next is made: a code that is not printed is lost.
        sys.stdout.write(bundles.make(folder, unit, wanted, devices, now) + "\n")
        sys.stdout.flush()
    return 0


def _spare(arguments: argparse.Namespace) -> int:
    from . import facts, keys, spares

    folder, wanted = folder_of(arguments), _wants(arguments)
    if not 1 <= arguments.count <= 100:
        raise OperatorError("how many spare cards: --count takes 1 to 100")
    devices = keys.read_issuer(folder, "devices", authority_passphrase(arguments))
    for _ in range(arguments.count):
        name = spares.make(folder, wanted, devices, facts.now())
        sys.stdout.write(f"{name}\n")
    return 0


def _spares(arguments: argparse.Namespace) -> int:
    from . import facts, registry, spares

    told = spares.told(registry.read(folder_of(arguments).registry), facts.now())
    sys.stdout.write(_json(told) if arguments.json else spares.table(told))
    return 0


def _wants(arguments: argparse.Namespace) -> "Wanted":
    from . import bundles, passphrase

    wifi = bundles.Wifi()
    if arguments.wifi:
        password = passphrase.of_wifi(arguments.wifi, arguments.wifi_password_file)
        wifi = bundles.read_wifi(arguments.wifi, password)
    elif arguments.wifi_password_file:
        raise OperatorError("a password of which network: give --wifi NAME")
    broker = bundles.read_broker(arguments.broker)
    access_point = bundles.read_access_point(arguments.apn)
    named = arguments.equipment
    equipment = bundles.read_equipment(named) if named else None
    return bundles.Wanted(broker, access_point, wifi, equipment, arguments.out)


def _approve(arguments: argparse.Namespace) -> int:
    from . import facts, units

    units.approve(folder_of(arguments), arguments.id, facts.now())
    sys.stdout.write(f"{arguments.id} may enrol once without a code\n")
    return 0


def _pin_code(arguments: argparse.Namespace) -> int:
    from . import bundles

    told = bundles.pin_code(
        folder_of(arguments), arguments.id, arguments.challenge, arguments.bundle
    )
    sys.stdout.write(f"{told}\n")
    return 0


def _asked(arguments: argparse.Namespace) -> "list[Asked]":
    from . import units

    values = {
        name: getattr(arguments, name)
        for name in ("id", "territory", "centre", "vehicle_name", "vehicle")
    }
    if arguments.file:
        if any(values.values()) or arguments.zone:
            raise OperatorError("a unit or a file of units: give an id, or --from FILE alone")
        return units.read_csv(arguments.file)
    missing = [
        "an id" if name == "id" else f"--{name.replace('_', '-')}"
        for name, value in values.items()
        if value is None
    ]
    if missing:
        raise OperatorError(f"not all is said of the unit: give {', '.join(missing)}")
    return [units.Asked(**values, zone=arguments.zone or units.ZONE)]


def _json(told: object) -> str:
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"
