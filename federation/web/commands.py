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
    move = commands.add_parser("move", help="both stores from SQLite into PostgreSQL, once")
    move.add_argument("--to", required=True, metavar="ADDRESS", help="what [store] postgresql gets")
    move.set_defaults(run=_move)


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


def _move(settings: FederationConfig, arguments: argparse.Namespace) -> int:
    import msgspec

    from .. import moving
    from ..database import open_ledger, writing_web
    from ..errors import OperatorError
    from . import site

    store = settings.store
    if store.postgresql is not None:
        raise OperatorError("[store] postgresql is set already: move from the files, before that.")
    target = msgspec.structs.replace(store, postgresql=arguments.to)
    open_ledger(target).close()  # its tables, of this version
    moving.demand_empty(arguments.to)
    site.prepare(msgspec.structs.replace(settings, store=target))
    # Whoever writes is kept out meanwhile: ingest by its lock, the pages by a transaction.
    ledger = open_ledger(store)
    try:
        with writing_web(store, ""):
            moved = moving.move(store.ledger, store.outbox, arguments.to, _say)
    finally:
        ledger.close()
    sys.stdout.write(f"{moved:,} rows moved; now set [store] postgresql and start again\n")
    return 0


def _say(line: str) -> None:
    sys.stderr.write(f"escale-federation: {line}\n")
