"""Commands about the federation's own keys and services: arguments, passphrases, what is said."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .cli_common import (
    AUTHORITY,
    ROOT,
    authority_passphrase,
    command,
    folder_of,
    root_passphrase,
)
from .errors import OperatorError

if TYPE_CHECKING:
    from .issuing import Issuer
    from .passphrase import Passphrase


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Registers them."""
    init = command(commands, "init", "a new federation: every key, an empty registry", _init)
    init.add_argument("--name", required=True, help="of the federation")
    service = command(commands, "service", "certificate and files of a process", _service)
    service.add_argument("name")
    service.add_argument("--role", required=True, choices=("ingest", "provisioning", "web"))
    service.add_argument("--out", type=Path, required=True, help="folder for its files")
    rotate = command(commands, "rotate", "a new key in the place of an old one", _rotate)
    rotate.add_argument(
        "key",
        choices=(
            "sealing", "recovery", "documents", "receipts", "reset", "devices", "servers", "root",
        ),
    )  # fmt: skip
    rotate.add_argument("--finish", action="store_true", help="the old one counts no more")
    rotate.add_argument("--yes", action="store_true", help="root: replace it all the same")
    statement = command(commands, "statement", "the trust statement, to be published", _statement)
    statement.add_argument("--out", type=Path, help="file to write it to")
    statement.add_argument("--sign", action="store_true", help="sign it again with the root")
    command(commands, "mend", "takes a torn last line out of the registry", _mend)


def _init(arguments: argparse.Namespace) -> int:
    from . import facts, founding, passphrase

    folder = folder_of(arguments)
    founding.check_is_new(folder, arguments.name)
    closed = founding.Passphrases(
        authority=passphrase.choose(AUTHORITY, arguments.passphrase_file),
        root=passphrase.choose(ROOT, arguments.root_passphrase_file),
    )
    founding.init(folder, arguments.name, closed, facts.now())
    sys.stdout.write(
        f"{arguments.name} is made in {folder.path}.\n"
        f"Now move {folder.offline} to two media and into two safes, its passphrase apart.\n"
    )
    return 0


def _service(arguments: argparse.Namespace) -> int:
    from . import facts, keys, services

    folder = folder_of(arguments)
    devices = keys.read_devices(folder, authority_passphrase(arguments))
    told = services.make(
        folder, arguments.name, arguments.role, arguments.out, devices, facts.now()
    )
    sys.stdout.write(told)
    return 0


def _rotate(arguments: argparse.Namespace) -> int:
    if arguments.key == "root":
        then = _new_root(arguments)
    elif arguments.finish:
        then = _finish(arguments)
    else:
        then = _new_key(arguments)
    done = "its old key counts no more" if arguments.finish else "there is a new key"
    sys.stdout.write(f"{arguments.key}: {done}. What is left: {then}.\n")
    return 0


def _new_key(arguments: argparse.Namespace) -> str:
    from . import facts, keys, rotation

    folder, key = folder_of(arguments), arguments.key
    root = _root(arguments) if rotation.needs_root(key) else None
    closed = _closing(arguments, key) if key in keys.CLOSED + keys.OFFLINE else None
    return rotation.rotate(folder, key, root, closed, facts.now())


def _finish(arguments: argparse.Namespace) -> str:
    from . import facts, rotation

    root = _root(arguments) if rotation.RULES[arguments.key].told else None
    return rotation.finish(folder_of(arguments), arguments.key, root, facts.now())


def _new_root(arguments: argparse.Namespace) -> str:
    from . import facts, founding, passphrase, rotation

    if not arguments.yes:
        raise OperatorError(
            "a new root ends every certificate and bundle there is, and every unit needs a new "
            "bundle on its card: rotate root --yes does it"
        )
    folder = folder_of(arguments)
    authority = _closing(arguments, "devices")
    # The former root's may be what was lost.
    root = passphrase.choose("the new root", arguments.root_passphrase_file)
    return rotation.replace_root(folder, founding.Passphrases(authority, root), facts.now())


def _statement(arguments: argparse.Namespace) -> int:
    from . import facts, registry, statements

    folder = folder_of(arguments)
    if arguments.sign:
        root = _root(arguments)
        with registry.writing(folder.registry) as log:
            statements.renew(folder, log, root, facts.now())
    known = registry.read(folder.registry)
    content = statements.in_force(folder, known)
    if arguments.out:
        from . import files

        files.write_public(arguments.out, content)
    sys.stdout.write(f"trust statement {known.statement}, {len(content)} bytes\n")
    return 0


def _mend(arguments: argparse.Namespace) -> int:
    from . import registry

    torn = registry.mend(folder_of(arguments).registry)
    sys.stdout.write(
        f"taken out, it was never acknowledged: {torn!r}\n" if torn else "nothing is torn\n"
    )
    return 0


def _closing(arguments: argparse.Namespace, key: str) -> "Passphrase":
    """The passphrase that closes that key, tried on one that it closes already.

    A slip of the finger would close the new one; and the old one may be what was lost.
    """
    from . import keys, passphrase

    folder = folder_of(arguments)
    group = keys.OFFLINE if key in keys.OFFLINE else keys.CLOSED
    there = [folder.key(name) for name in group if folder.key(name).exists()]
    if not there and group == keys.CLOSED:
        return passphrase.choose(AUTHORITY, arguments.passphrase_file)
    closed = (root_passphrase if group == keys.OFFLINE else authority_passphrase)(arguments)
    keys.read_key(there[0] if there else folder.key(key), closed)
    return closed


def _root(arguments: argparse.Namespace) -> "Issuer":
    from . import keys

    return keys.read_issuer(folder_of(arguments), "root", root_passphrase(arguments))
