"""The command line of the federation: reads arguments, says errors. Does no work."""

import argparse
import getpass
import logging
import os
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from protocol import toml_config
from protocol.documents import TRUST

from . import config, drafts, ingest, ingest_keys, keys, listing, outbox, service
from .config import FederationConfig
from .database import open_ledger
from .errors import OperatorError
from .ledger import Ledger
from .mqtt import MqttSource
from .owntracks_publisher import Publisher
from .people import cli as people
from .people.duties import Duties
from .projections import basis, rebuilding
from .projections.projector import Projector
from .reporting import command as reporting
from .source import Source
from .updates import cli as updates
from .updates.rollouts import KIND as UPDATE
from .web import commands as pages

BUSY_SECONDS, IDLE_SECONDS = 0.05, 0.2
"""A turn of the tables for reading, while messages come and while none do."""


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point `escale-federation`. Returns the exit code."""
    arguments = _parser().parse_args(argv)
    try:
        settings = config.load(arguments.config)
        return int(arguments.run(settings, arguments))
    except OperatorError as error:
        sys.stderr.write(f"escale-federation: {error}\n")
        return 1
    except BrokenPipeError:
        # The reader of our output had enough; say nothing more, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="escale-federation", description="The receiving end of the mobile social centres."
    )
    parser.add_argument("--config", type=Path, required=True, help="the TOML file")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    receive = commands.add_parser("ingest", help="receive, store, answer, until stopped")
    receive.set_defaults(run=_ingest)
    rebuild = commands.add_parser("rebuild", help="make the tables for reading again")
    rebuild.set_defaults(run=_rebuild)
    status = commands.add_parser("status", help="one line per unit")
    status.add_argument("--json", action="store_true", help="all that is known, as JSON")
    status.set_defaults(run=_status)
    ledger = commands.add_parser("ledger", help="every event, one per line")
    ledger.add_argument("--json", action="store_true", help="JSON lines")
    ledger.add_argument("--unit", help="of this unit alone")
    ledger.set_defaults(run=_ledger)
    publish = commands.add_parser("publish", help="give units a document, signed")
    publish.add_argument("kind", help=", ".join((*drafts.TYPED, UPDATE)))
    publish.add_argument("file", type=Path, help="JSON, a trust statement, or a signed bundle")
    whom = publish.add_mutually_exclusive_group()
    whom.add_argument("--unit", action="append", metavar="ID", help="may be given again")
    whom.add_argument("--all", action="store_true", help="every unit that the ledger knows")
    updates.add_options(publish)
    publish.set_defaults(run=_publish)
    updates.add(commands)
    tracks = commands.add_parser("owntracks", help="tell a broker of stops, until stopped")
    tracks.set_defaults(run=_owntracks)
    people.add(commands)
    reporting.add(commands)
    pages.add(commands)
    # Its options are not ours: to this parser they are words like any other.
    simulate = commands.add_parser(
        "simulate", help="a fleet that does not exist", add_help=False, prefix_chars="\0"
    )
    simulate.add_argument("rest", nargs="*", help="as of escale-simulate")
    simulate.set_defaults(run=_simulate)
    show = commands.add_parser("config", help="the values in force")
    show.set_defaults(run=_config)
    return parser


def _ingest(settings: FederationConfig, _arguments: argparse.Namespace) -> int:
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    secrets = ingest_keys.load(settings)
    ledger = Ledger.open(settings.store, settings.ingest.partitions)
    source = _source(settings)
    work = ingest.Ingest(ledger, source, settings.store, secrets, utc=_utc)
    duties = Duties(settings, ledger, utc=_utc)

    projector = Projector(ledger.database, basis.Reader(settings), partitions=ledger.partitions)

    def step(now: float) -> None:
        is_busy = work.step(now)
        duties.step(now)
        projector.step(now, budget=BUSY_SECONDS if is_busy else IDLE_SECONDS)

    return service.run(step, close=work.close, name="ingest")


def _source(settings: FederationConfig) -> Source:
    if settings.broker.kind == "mqtt":
        return MqttSource(settings.broker, settings.ingest)
    from .amqp import AmqpSource  # its library is of use to nobody else

    return AmqpSource(settings.broker, settings.ingest)


def _owntracks(settings: FederationConfig, _arguments: argparse.Namespace) -> int:
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    publisher = Publisher(settings, utc=_utc, wait=time.sleep)
    return service.run(publisher.step, close=publisher.close, name="owntracks")


def _rebuild(settings: FederationConfig, _arguments: argparse.Namespace) -> int:
    with closing(open_ledger(settings.store)) as database:
        reached = rebuilding.rebuild(database, basis.read(settings))
    sys.stdout.write(f"the tables for reading are made again, up to event {reached}\n")
    return 0


def _status(settings: FederationConfig, arguments: argparse.Namespace) -> int:
    return listing.status(settings, sys.stdout, as_json=arguments.json, now=_utc())


def _ledger(settings: FederationConfig, arguments: argparse.Namespace) -> int:
    return listing.ledger(settings, sys.stdout, as_json=arguments.json, unit=arguments.unit)


def _publish(settings: FederationConfig, arguments: argparse.Namespace) -> int:
    if arguments.kind == UPDATE:
        return updates.publish(settings, arguments)
    kind = drafts.kind(arguments.kind)
    if not arguments.unit and not arguments.all:
        raise OperatorError(f"whom is this {kind} for? Name them with --unit, or give --all.")
    try:
        content = arguments.file.read_bytes()
    except OSError as error:
        raise OperatorError(f"{arguments.file} cannot be read: {error.strerror}.") from error
    units = listing.units(settings) if arguments.all else arguments.unit
    store = settings.store
    if kind == TRUST:
        revisions = outbox.publish_trust(store, keys.root_key(settings.broker), units, content)
    else:
        key = keys.ed25519(settings.keys.documents, "[keys] documents", getpass.getpass)
        revisions = outbox.publish(store, key, units, kind, content, _utc())
    for unit, revision in revisions.items():
        sys.stdout.write(f"{unit}: {kind} {revision} will be sent\n")
    return 0


def _simulate(_settings: FederationConfig, arguments: argparse.Namespace) -> int:
    """Becomes `escale-simulate`: what is on board is nothing that this program knows."""
    program = [sys.executable, "-m", "simulation.cli", "--config", str(arguments.config)]
    os.execv(sys.executable, [*program, *arguments.rest])  # noqa: S606 (of this very program)


def _config(settings: FederationConfig, _arguments: argparse.Namespace) -> int:
    sys.stdout.write(toml_config.effective(settings))
    return 0


def _utc() -> int:
    return time.time_ns() // 1_000_000


if __name__ == "__main__":
    sys.exit(main())
