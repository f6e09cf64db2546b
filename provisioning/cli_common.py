"""What all commands share: how one is registered, the folder, two passphrases. Runs none."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .keys import Folder
    from .passphrase import Passphrase

AUTHORITY: Final = "the authorities and the sealing key"
ROOT: Final = "the root and the recovery key"


def command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    explanation: str,
    run: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    """One command; its `run` gets all arguments and returns the exit code."""
    parser = commands.add_parser(name, help=explanation, description=explanation)
    parser.set_defaults(run=run)
    return parser


def folder_of(arguments: argparse.Namespace) -> "Folder":
    """The federation's folder."""
    from .keys import Folder

    return Folder(arguments.folder, arguments.offline)


def authority_passphrase(arguments: argparse.Namespace) -> "Passphrase":
    """Asked for, or read from its file."""
    from . import passphrase

    return passphrase.ask(AUTHORITY, arguments.passphrase_file)


def root_passphrase(arguments: argparse.Namespace) -> "Passphrase":
    """Asked for, or read from its file."""
    from . import passphrase

    return passphrase.ask(ROOT, arguments.root_passphrase_file)
