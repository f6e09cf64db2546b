"""The commands that need the site's tables: web, vehicles, account. Reads arguments only."""

import argparse
import sys
from pathlib import Path

from ..config import FederationConfig
from .accounts import commands as accounts


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds them to `escale-federation`; Django is met when one runs, no sooner."""
    web = commands.add_parser("web", help="the federation's pages, until stopped")
    web.add_argument(
        "--passphrase-file", type=Path, metavar="FILE",
        help="of the keys that lie closed; without it names cannot be opened on the pages",
    )  # fmt: skip
    web.set_defaults(run=_web)
    vehicles = commands.add_parser("vehicles", help="vehicles and their units, from units.csv")
    vehicles.add_argument("file", type=Path)
    vehicles.set_defaults(run=_vehicles)
    accounts.add(commands)


def _web(settings: FederationConfig, arguments: argparse.Namespace) -> int:
    import logging

    from . import keyring, site

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    keyring.hold(keyring.load(settings, arguments.passphrase_file))
    return site.serve(settings)


def _vehicles(settings: FederationConfig, arguments: argparse.Namespace) -> int:
    from . import site

    site.prepare(settings)
    from .fleet import importing

    made, boxes = importing.take(importing.read(arguments.file))
    sys.stdout.write(f"{made} vehicles and {boxes} units are new\n")
    return 0
