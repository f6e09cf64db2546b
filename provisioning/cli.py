"""The `escale-provision` command: reads arguments, says errors. Does no work."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from protocol import __version__

from . import cli_authority, cli_broker, cli_units
from .errors import OperatorError

# Each command imports what it needs when it runs: `list` must not wait for a broker's library.


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point. An error a person can mend is one sentence on stderr and exit code 1."""
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except OperatorError as error:
        sys.stderr.write(f"escale-provision: {error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("escale-provision: stopped\n")
        return 130
    except BrokenPipeError:
        # The reader of our output had enough; say nothing more, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="escale-provision", description="Who a unit is: keys, bundles, certificates."
    )
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument("--folder", type=Path, required=True, help="the federation's folder")
    parser.add_argument(
        "--offline", type=Path, help="where offline/ is when it is not in the folder"
    )
    parser.add_argument(
        "--passphrase-file", type=Path, help="holds the authority's passphrase: it is not asked"
    )
    parser.add_argument("--root-passphrase-file", type=Path, help="holds the root's")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    cli_authority.add(commands)
    cli_units.add(commands)
    cli_broker.add(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
