"""The commands about people: names, erasure, audit, backups, rosters. Reads arguments only."""

import argparse
import getpass
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from .. import carried, keys
from ..config import FederationConfig, Store
from ..database import reading_ledger
from ..errors import OperatorError
from . import account, backups, desk, erasing, export, held, opening, sending, store
from .store import Deed

PATIENCE = 30.0
"""Seconds to wait for ingest to erase."""

Run = Callable[[FederationConfig, argparse.Namespace], int]


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the commands to `escale-federation`."""
    for name, run, words in (
        ("export", _export, "all that is held about one sign-up, names too, as JSON"),
        ("erase", _erase, "forgets the names of one sign-up, in backups too"),
    ):
        command = _command(commands, name, run, words)
        command.add_argument("--signup", type=int, required=True, metavar="NUMBER")
        command.add_argument("--unit", help="where it was made, when the number is not enough")
        command.add_argument("--workshop", help="for which workshop")
        command.add_argument("--reason", required=True, help="kept in the audit, without a name")
        if run is _export:
            command.add_argument("--key", type=Path, help="an older key, or the recovery key")
            _may_have_passphrase(command)
    _command(commands, "audit", _audit, "who opened or erased what, and why")
    _command(commands, "backup", _backup, "verified copies of the ledger and of web.sqlite")
    take = _command(commands, "take", _take, "the copy of a vehicle that was carried by hand")
    take.add_argument("file", type=Path, help="ESCALE/….escale from the stick")
    take.add_argument("--reason", default="carried by hand", help="kept in the audit")
    take.add_argument("--key", type=Path, help="an older key, or the recovery key")
    _may_have_passphrase(take)
    rosters = _command(commands, "rosters", _rosters, "today's and tomorrow's names, to the vans")
    rosters.add_argument("--reason", default="roster", help="kept in the audit")
    rosters.add_argument(
        "--key", type=Path, action="append", default=[],
        help="an older key, for names sealed before it was rotated; may be given again",
    )  # fmt: skip
    _may_have_passphrase(rosters)


def _may_have_passphrase(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help="of the key: it is not asked then"
    )


def _asking(arguments: argparse.Namespace) -> Callable[[str], str]:
    path: Path | None = arguments.passphrase_file
    if path is None:
        return getpass.getpass
    try:
        said = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise OperatorError(f"{path} cannot be read as a passphrase: {error}.") from error
    return lambda _prompt: said


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    run: Run,
    words: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=words, description=words)
    parser.set_defaults(run=run)
    return parser


def _export(settings: FederationConfig, arguments: argparse.Namespace) -> int:
    who = account.login()
    account.demand(settings.people, "open_names", who)
    web = settings.store
    with reading_ledger(settings.store) as database:
        found = held.find(
            database, settings.store, arguments.signup, arguments.unit, arguments.workshop
        )
        opened_with = []
        if found.envelope is not None:
            which = arguments.key or settings.keys.sealing
            opened_with.append(opening.private_key(which, _asking(arguments)))
        deed = Deed(_utc(), who, "exported", opening.name_of(found), arguments.reason)
        names = opening.open_audited(web, found, opened_with, deed)
        deeds = [line for line in store.audit(web) if line.about == deed.about]
        document = export.document(database, found, names, deeds)
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(document)).decode() + "\n")
    return 0


def _erase(settings: FederationConfig, arguments: argparse.Namespace) -> int:
    who = account.login()
    account.demand(settings.people, "erase", who)
    with reading_ledger(settings.store) as database:
        found = held.find(
            database, settings.store, arguments.signup, arguments.unit, arguments.workshop
        )
    deed = Deed(_utc(), who, "erased", opening.name_of(found), arguments.reason)
    erasure = held.erase(settings.store, found, deed)
    if not desk.is_of(found) and not erasing.carry_out(settings.store, [erasure]):
        _wait_for_ingest(settings.store, erasure)
    copies = erasing.from_backups(settings.store.backups, [erasure])
    sys.stdout.write(
        f"sign-up {arguments.signup} of {found.unit}: its names are gone from the ledger and from "
        f"{copies} backups; that it took place still counts\n{_left(settings.store)}"
    )
    return 0


def _left(kept: Store) -> str:
    """What an erasure does not reach, said plainly."""
    if kept.postgresql is None:
        return ""
    dumps = len(list(kept.backups.glob(backups.DUMPS))) if kept.backups is not None else 0
    return (
        f"PostgreSQL: {dumps} dumps from before, the server's own archive and its standbys still "
        "hold them: throw away those that are older than this; a dump that is put back is erased "
        "again when ingest starts\n"
    )


def _wait_for_ingest(ledger: Store, erasure: store.Erasure) -> None:
    limit = time.monotonic() + PATIENCE
    while not erasing.is_done(ledger, erasure):
        if time.monotonic() > limit:
            raise OperatorError(
                "ingest did not erase it yet: the request is kept and will be carried out when "
                "ingest runs; ask again with the same command to see it done."
            )
        time.sleep(0.2)


def _audit(settings: FederationConfig, _arguments: argparse.Namespace) -> int:
    for deed in store.audit(settings.store):
        when = datetime.fromtimestamp(deed.at / 1000, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
        sys.stdout.write(f"{when} {deed.who} {deed.deed} {deed.about}: {deed.reason}\n")
    return 0


def _backup(settings: FederationConfig, _arguments: argparse.Namespace) -> int:
    if settings.store.backups is None:
        raise OperatorError("no folder for copies: name one in [store] backups.")
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    made = backups.make(settings.store, settings.store.backups, stamp)
    sys.stdout.write("".join(f"{path}\n" for path in made))
    return 0


def _take(settings: FederationConfig, arguments: argparse.Namespace) -> int:
    who = account.login()
    account.demand(settings.people, "open_names", who)
    key = opening.private_key(arguments.key or settings.keys.sealing, _asking(arguments))
    try:
        with arguments.file.open("rb") as copy:
            unit, left = carried.unpack(copy, [key], carried.folder_of(settings.store))
    except OSError as error:
        raise OperatorError(f"{arguments.file} cannot be read ({error.strerror}).") from error
    with store.writing(settings.store) as database:
        store.record(database, Deed(_utc(), who, "carried", unit, arguments.reason))
    sys.stdout.write(f"{unit}: its copy is here; ingest takes it into the ledger ")
    limit = time.monotonic() + PATIENCE
    while any(path.exists() for path in left):
        if time.monotonic() > limit:
            sys.stdout.write("when it runs\n")
            return 0
        time.sleep(0.1)
    sys.stdout.write("now: done\n")
    return 0


def _rosters(settings: FederationConfig, arguments: argparse.Namespace) -> int:
    who = account.login()
    account.demand(settings.people, "open_names", who)
    named, ask = (settings.keys.sealing, *arguments.key), _asking(arguments)
    opened_with = [opening.private_key(path, ask) for path in named]
    signer = keys.ed25519(settings.keys.documents, "[keys] documents", ask)
    deed, failed = Deed(_utc(), who, "roster", "", arguments.reason), 0
    for sent in sending.send_due(settings.store, opened_with, signer, deed):
        if sent.fault:
            sys.stderr.write(f"escale-federation: no roster for {sent.unit}: {sent.fault}\n")
            failed = 1
            continue
        sys.stdout.write(f"{sent.unit}: a roster of {sent.lines} lines will be sent\n")
        if sent.closed:
            sys.stdout.write(
                f"{sent.unit}: {sent.closed} of them have no name, their envelopes do not open: "
                "give the key that was in force when they were made with --key, or look at who "
                "sealed them\n"
            )
    return failed


def _utc() -> int:
    return time.time_ns() // 1_000_000
