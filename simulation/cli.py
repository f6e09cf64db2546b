"""The `escale-simulate` command: reads arguments, says errors. Does no work.

`escale-federation simulate` hands over to it: a process of its own, for the federation knows
nothing of what is on board.
"""

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from appliance.errors import OperatorError as OnBoard
from federation.errors import OperatorError as AtTheFederation

from . import running
from .errors import OperatorError
from .weather import Outages


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point. Returns the exit code."""
    arguments = _parser().parse_args(argv)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    # Every unit would tell of its own line.
    logging.getLogger("uplink").setLevel(logging.ERROR)
    try:
        return running.run(arguments)
    except (OperatorError, OnBoard, AtTheFederation) as error:
        sys.stderr.write(f"escale-simulate: {error}\n")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="escale-simulate", description=__doc__)
    parser.add_argument("--config", type=Path, required=True, help="the federation's TOML file")
    parser.add_argument("--folder", type=Path, help="where certificates and journals are kept")
    parser.add_argument(
        "--broker", metavar="HOST:PORT", help="where units speak MQTT, if not where ingest listens"
    )
    whose = parser.add_argument_group("certificates")
    whose.add_argument(
        "--authority", type=Path, metavar="FOLDER", help="of escale-provision: it issues them"
    )
    whose.add_argument("--passphrase-file", type=Path, help="the authority's")
    who = parser.add_argument_group("who")
    who.add_argument("--units", type=_positive, help="so many; without it, the twelve of the demo")
    who.add_argument(
        "--without", action="append", default=[], metavar="ID", help="but not this one"
    )
    who.add_argument(
        "--full", type=int, default=0, metavar="N", help="of them run the real unit's code alone"
    )
    what = parser.add_argument_group("what happens")
    what.add_argument("--days", type=_positive, help="then end; without it, never")
    what.add_argument("--past", type=int, default=0, metavar="DAYS", help="to tell of at first")
    what.add_argument("--speed", type=float, default=1.0, help="times faster than the clock")
    what.add_argument("--seed", type=int, default=1)
    what.add_argument(
        "--by-the-clock", action="store_true", help="at night they sleep; else all are at work now"
    )
    what.add_argument(
        "--outages", type=Outages.parse, default=Outages(), metavar="SHARE:MINUTES",
        help="a share of the time without network, in pieces of about so many minutes",
    )  # fmt: skip
    what.add_argument(
        "--storm", type=float, metavar="SECONDS", help="after that, all connections break at once"
    )
    what.add_argument("--ramp", type=float, default=200.0, help="units that begin in a second")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


if __name__ == "__main__":
    sys.exit(main())
