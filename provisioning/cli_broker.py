"""Commands about the broker, revoking and serving: arguments, passphrases, what is said."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .cli_common import authority_passphrase, command, folder_of
from .errors import OperatorError

if TYPE_CHECKING:
    from datetime import datetime

    from .broker import Settings
    from .connection import Connection


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Registers them."""
    broker = command(commands, "broker", "writes the broker's files, or checks them", _broker)
    broker.add_argument("check", nargs="?", choices=("check",), help="prove them on a real broker")
    broker.add_argument("--out", type=Path, help="folder that the broker reads its files from")
    broker.add_argument("--host", action="append", help="a name or address it is known by")
    broker.add_argument("--listen", help="address it listens on: all, when left out")
    broker.add_argument("--port", type=int)
    broker.add_argument("--state", type=Path, help="folder where it keeps its queues")
    broker.add_argument("--pid", type=Path, help="file that names its process")
    broker.add_argument("--reload", help="command that makes it read its files again")
    revoke = command(commands, "revoke", "ends all that a unit or service holds, at once", _revoke)
    revoke.add_argument("id", help="of a unit, or service-NAME")
    revoke.add_argument("--why", default="", help="is kept in the registry: no names of people")
    command(commands, "serve", "answers requests for certificates, until stopped", _serve)
    command(commands, "status", "what runs out; exit code 1 when somebody must act", _status)


def _broker(arguments: argparse.Namespace) -> int:
    if arguments.check:
        return _check(arguments)
    from . import broker_files, facts, registry

    folder = folder_of(arguments)
    told = _settings(arguments)
    signers = broker_files.authorities(folder, authority_passphrase(arguments))
    with registry.writing(folder.registry) as log:
        changed = broker_files.lay_out(folder, told, log, signers, facts.now())
    broker_files.keep_settings(folder, told)
    sys.stdout.write(f"{told.folder}: {', '.join(changed) or 'nothing'} changed\n")
    if changed:
        sys.stdout.write(
            "If mosquitto.conf changed, restart the broker, else reload it. systemd.conf and "
            "nftables.conf beside it say where they belong.\n"
        )
    return 0


def _settings(arguments: argparse.Namespace) -> "Settings":
    """What was said before, with what is said now in its place."""
    import msgspec

    from . import broker_files
    from .broker import Settings

    said: dict[str, object] = {
        "folder": arguments.out and str(arguments.out.absolute()),
        "hosts": arguments.host,
        "listen": arguments.listen,
        "port": arguments.port,
        "state": arguments.state and str(arguments.state.absolute()),
        "pid": arguments.pid and str(arguments.pid.absolute()),
        "reload": arguments.reload and arguments.reload.split(),
    }
    said = {name: value for name, value in said.items() if value is not None}
    if not {"folder", "hosts"} <= said.keys():
        before = msgspec.to_builtins(broker_files.settings(folder_of(arguments)), enc_hook=str)
        said = {**before, **said}
    try:
        return msgspec.convert(said, Settings, dec_hook=lambda kind, value: kind(value))
    except msgspec.ValidationError as error:
        raise OperatorError(f"the broker cannot be like that: {error}") from error


def _check(arguments: argparse.Namespace) -> int:
    from . import broker_files, check, check_cast, facts, keys

    if arguments.out is None:
        authority = check_cast.throw_away(facts.now())
        hosts: tuple[str, ...] = ("localhost",)
        files = check_cast.rendered(authority, facts.now())
        sys.stdout.write("Checking what would be written, with an authority made on the spot.\n")
    else:
        folder = folder_of(arguments)
        told = broker_files.settings(folder)
        signers = broker_files.authorities(folder, authority_passphrase(arguments))
        root = keys.read_certificates(folder.certificate("root"))[0]
        authority = check_cast.Authority(root, signers.devices[0], signers.servers)
        files, hosts = broker_files.read(arguments.out), told.hosts
    failed = 0
    for proof in check.prove(files, authority, hosts):
        failed += bool(proof.fault)
        sys.stdout.write(f"{'FAILS' if proof.fault else 'ok   '} {proof.says}")
        sys.stdout.write(f": {proof.fault}\n" if proof.fault else "\n")
        sys.stdout.flush()
    sys.stdout.write(f"{len(check.LINES) - failed} of {len(check.LINES)} are so\n")
    return int(failed > 0)


def _revoke(arguments: argparse.Namespace) -> int:
    from . import broker_files, facts, revocation

    folder = folder_of(arguments)
    closed = authority_passphrase(arguments)
    # First, for no slip of the finger and no lost key may keep a thief in: `serve` follows it.
    count = revocation.note(folder, arguments.id, arguments.why, facts.now())
    sys.stdout.write(f"{arguments.id}: {count} certificates are revoked\n")
    sys.stdout.flush()
    signers = broker_files.authorities(folder, closed)
    told = broker_files.settings(folder)
    revocation.enforce(folder, told, signers, arguments.id, facts.now())
    sys.stdout.write(
        f"{arguments.id} is out: the broker refuses it, and whoever was connected as it is not "
        "any more. The name may be given a new bundle, or made again.\n"
    )
    return 0


def _serve(arguments: argparse.Namespace) -> int:
    import logging

    from . import broker_files, broker_line, broker_rights, broker_watch, facts, server, server_life
    from .server_office import Office

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    folder = folder_of(arguments)
    told = broker_files.settings(folder)
    signers = broker_files.authorities(folder, authority_passphrase(arguments))
    office = Office(folder, told, signers)

    def connect(now: "datetime") -> "Connection":
        shown = broker_line.identity(signers.devices[0], broker_rights.SELF, now)
        return broker_line.connection(folder, told, shown, broker_rights.SELF)

    def warnings(now: "datetime") -> list[str]:
        return broker_watch.warnings(broker_watch.look(folder, told, office.known(), now), now)

    work = server.Server(office, connect, warnings, utc=facts.now)
    return server_life.run(work.step, close=work.close, name="provisioning")


def _status(arguments: argparse.Namespace) -> int:
    from . import broker_files, broker_watch, facts, registry

    folder, now = folder_of(arguments), facts.now()
    known = registry.read(folder.registry)
    seen = broker_watch.look(folder, broker_files.settings(folder), known, now)
    sys.stdout.write(broker_watch.report(seen, now))
    return int(bool(broker_watch.warnings(seen, now)))
