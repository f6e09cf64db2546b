"""The commands that need the site's tables: web, vehicles, account. Reads arguments only."""

import argparse
import getpass
import sys
from pathlib import Path

from ..config import FederationConfig
from ..errors import OperatorError


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds them to `escale-federation`; Django is met when one runs, no sooner."""
    web = commands.add_parser("web", help="the federation's pages, until stopped")
    web.set_defaults(run=_web)
    vehicles = commands.add_parser("vehicles", help="vehicles and their units, from units.csv")
    vehicles.add_argument("file", type=Path)
    vehicles.set_defaults(run=_vehicles)
    account = commands.add_parser("account", help="accounts for the pages")
    deeds = account.add_subparsers(required=True, metavar="COMMAND")
    made = deeds.add_parser("add", help="a new account; its password is asked for")
    made.add_argument("login")
    made.add_argument(
        "--role", required=True, choices=("federation", "territory", "centre", "funder", "auditor")
    )
    made.add_argument("--territory", metavar="CODE", help="for a territory or a funder")
    made.add_argument("--centre", metavar="NAME", help="for a centre, with its --territory")
    made.add_argument("--email", default="")
    made.add_argument("--password-file", type=Path, metavar="FILE", help="it is not asked then")
    made.set_defaults(run=_account)


def _web(settings: FederationConfig, _arguments: argparse.Namespace) -> int:
    import logging

    from . import site

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    return site.serve(settings)


def _vehicles(settings: FederationConfig, arguments: argparse.Namespace) -> int:
    from . import site

    site.prepare(settings)
    from .fleet import importing

    made, boxes = importing.take(importing.read(arguments.file))
    sys.stdout.write(f"{made} vehicles and {boxes} units are new\n")
    return 0


def _account(settings: FederationConfig, arguments: argparse.Namespace) -> int:
    from . import site

    site.prepare(settings)
    from .accounts import making

    if arguments.password_file is None:
        password = getpass.getpass(f"Password of {arguments.login}: ")
    else:
        try:
            password = arguments.password_file.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise OperatorError(
                f"{arguments.password_file} cannot be read ({error.strerror})."
            ) from error
    making.make(
        arguments.login, arguments.role, password, territory=arguments.territory,
        centre=arguments.centre, email=arguments.email,
    )  # fmt: skip
    sys.stdout.write(f"{arguments.login} may come in as {arguments.role}\n")
    return 0
