"""The `escale` command: reads arguments and the one file, then hands over. Decides nothing else."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from protocol import __version__

from .errors import OperatorError

if TYPE_CHECKING:
    from .config import UnitConfig

# Each command imports what it needs when it runs: a replay must not wait for a broker's library.


def main(argv: list[str] | None = None) -> int:
    """Runs one command; an error a person can mend is one sentence on stderr and exit code 1."""
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except OperatorError as error:
        print(f"escale: {error}", file=sys.stderr)  # noqa: T201
        return 1
    except BrokenPipeError:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="escale", description=__doc__)
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument("--config", type=Path, help="the unit's TOML file")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _command(commands, "vehicle", "GPS, stops, clock and vehicle panel", _vehicle)
    _command(commands, "uplink", "sends the journals to the federation", _uplink)
    _command(commands, "keeper", "daily chores: backups, disk, integrity", _keeper)
    _command(commands, "config", "prints the values in force", _show_config)
    replay = _command(commands, "replay", "fixes or stops of a recorded log", _replay)
    what = replay.add_mutually_exclusive_group(required=True)
    what.add_argument("--fixes", metavar="FILE", help="JSON lines of the fixes (- for stdin)")
    what.add_argument("--stops", metavar="FILE", help="one JSON list of the stops (- for stdin)")
    replay.add_argument("--profile", choices=("camion", "camping-car", "triporteur"))
    _identity_commands(commands)
    _journal_commands(_command(commands, "journal", "append to it, or ask how it stands", None))
    return parser


def _journal_commands(journal: argparse.ArgumentParser) -> None:
    commands = journal.add_subparsers(required=True, metavar="COMMAND")
    append = _command(commands, "append", "append one event to the journal `cli`", _append)
    append.add_argument("type", help="event type, such as duty.started")
    append.add_argument("json", help="its body, such as '{}'")
    sign_up = _command(commands, "sign-up", "one sealed sign-up, names from stdin", _sign_up)
    sign_up.add_argument("workshop", help="its id in the programme")
    sign_up.add_argument("--number", type=int, required=True, help="what the person takes home")
    status = _command(commands, "status", "per journal: epoch, head, watermark, backlog", _status)
    status.add_argument("--json", action="store_true", dest="as_json")


def _identity_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    enrol = _command(commands, "enrol", "makes this unit what its bundle says", _enrol)
    enrol.add_argument("bundle", type=Path, help="the file made by escale-provision")
    enrol.add_argument("--config", type=Path, default=argparse.SUPPRESS, help="written if absent")
    enrol.add_argument("--code", help="the printed code; asked for on a terminal")
    enrol.add_argument("--data", type=Path, default=Path("/var/lib/escale"), help="for a new file")
    enrol.add_argument("--wait", type=float, default=300.0, metavar="SECONDS", help="at the most")
    enrol.add_argument("--on-screen", action="store_true", help="the code is typed on the screen")
    enrol.add_argument("--again", action="store_true", help="though it has a certificate")
    _command(commands, "identity", "who this unit is and whom it trusts; no secret", _identity)
    secret = _command(commands, "device-secret", "the board's own, from its fuses", _secret)
    secret.add_argument("--out", type=Path, required=True, help="written for its owner alone")
    secret.add_argument("--owner", help="the user it is written for; who runs this, if not given")
    secret.add_argument("--device", type=Path, default=Path("/dev/vcio"), help="the mailbox")
    _command(commands, "first-boot", "at each boot: disk, names, bundle (root)", _first_boot)
    _command(commands, "take-bundle", "from a stick, or what was sent (root)", _take_bundle)
    _carrying_commands(commands)
    wipe = _command(commands, "wipe", "factory reset: nothing it kept is readable after", _wipe)
    wipe.add_argument("--yes", action="store_true", help="really")
    wipe.add_argument("--quick", action="store_true", help="leave free space as it is")


def _carrying_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    copy = _command(commands, "copy", "all that is on board, sealed to the federation", _copy)
    copy.add_argument("--out", type=Path, metavar="FILE", help="standard output, if not given")
    to_stick = _command(commands, "copy-to-stick", "the copy the screen asked for", _copy_to_stick)
    to_stick.add_argument("--mount", type=Path, default=Path("/run/escale-copy/stick"))
    to_stick.add_argument("--maker", help="the user who writes the copy, if this runs as root")
    _command(commands, "report", "the last log lines, if the screen asked for them", _report)
    _command(commands, "fetch", "goes on fetching the system the federation wants", _fetch)
    _command(commands, "update-from-stick", "takes the update that is on a stick", _from_stick)
    _command(commands, "update", "writes what came to the other slot, when it is time", _update)
    _command(commands, "health", "whether this system is well; keeps its slot or not", _health)
    may_stop = _command(commands, "may-stop", "whether the unit may stop now, as asked", _may_stop)
    may_stop.add_argument("what", choices=("poweroff", "reboot"))
    may_stop.add_argument("--run", type=Path, default=Path("/run/escale"), dest="folder")


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    explanation: str,
    run: Callable[[argparse.Namespace], int] | None,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=explanation, description=explanation)
    if run is not None:
        parser.set_defaults(run=run)
    return parser


def _config(arguments: argparse.Namespace) -> "UnitConfig":
    import logging

    from . import config

    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s")
    return config.load(_named(arguments))


def _vehicle(arguments: argparse.Namespace) -> int:
    from .vehicle import process

    return process.run(_config(arguments))


def _uplink(arguments: argparse.Namespace) -> int:
    from .uplink import daemon

    return daemon.run(_config(arguments))


def _keeper(arguments: argparse.Namespace) -> int:
    from . import keeper

    return keeper.run(_config(arguments))


def _show_config(arguments: argparse.Namespace) -> int:
    from protocol import toml_config

    sys.stdout.write(toml_config.effective(_config(arguments)))
    return 0


def _enrol(arguments: argparse.Namespace) -> int:
    import logging

    from .identity import command

    logging.basicConfig(level=logging.ERROR)  # what is worth telling is told below
    return command.enrol(
        arguments.bundle,
        config=_named(arguments),
        data=arguments.data,
        code=arguments.code,
        wait=arguments.wait,
        again=arguments.again,
        on_screen=arguments.on_screen,
        tell=_tell,
    )


def _identity(arguments: argparse.Namespace) -> int:
    from .identity import command

    sys.stdout.write(command.describe(_config(arguments)))
    return 0


def _secret(arguments: argparse.Namespace) -> int:
    from . import otp

    try:
        otp.write(otp.read(arguments.device), arguments.out, arguments.owner)
    except otp.NoSecret as error:
        print(f"escale: {error}", file=sys.stderr)  # noqa: T201
        return otp.NO_SECRET
    return 0


def _first_boot(arguments: argparse.Namespace) -> int:
    import logging

    from .first_boot import process

    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s")
    return process.run()


def _take_bundle(arguments: argparse.Namespace) -> int:
    import logging

    from .first_boot import process

    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s")
    return process.take_bundle()


def _copy(arguments: argparse.Namespace) -> int:
    from .carrying import PARTLY, copy

    done = copy.write_to(_config(arguments), arguments.out)
    for sentence in done.unread:
        print(f"escale: {sentence}", file=sys.stderr)  # noqa: T201
    return PARTLY if done.unread else 0


def _copy_to_stick(arguments: argparse.Namespace) -> int:
    from .carrying import to_stick

    place = to_stick.Place(arguments.mount)
    return to_stick.run(_config(arguments), _named(arguments), place, arguments.maker)


def _report(arguments: argparse.Namespace) -> int:
    from .carrying import report

    return report.run(_config(arguments))


def _may_stop(arguments: argparse.Namespace) -> int:
    from . import stopping

    return stopping.may(arguments.folder, arguments.what)


def _fetch(arguments: argparse.Namespace) -> int:
    from .update import fetch

    return fetch.run(_config(arguments))


def _from_stick(arguments: argparse.Namespace) -> int:
    from .update import stick

    return stick.run(_config(arguments))


def _update(arguments: argparse.Namespace) -> int:
    from .update import install

    return install.run(_config(arguments))


def _health(arguments: argparse.Namespace) -> int:
    import logging

    from .update import health

    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s")
    return health.run(health.settings(_named(arguments)))


def _wipe(arguments: argparse.Namespace) -> int:
    from . import wipe

    config = _config(arguments)
    if not arguments.yes:
        raise OperatorError(
            f"this ends {config.unit.id}: journals, keys, all under {config.paths.data}, and writes"
            " that disk full once: add --yes if that is meant."
        )
    wipe.wipe(config, quick=arguments.quick, tell=_tell)
    kept = f"{arguments.config} stays, and so does" if arguments.config.exists() else "there stays"
    _tell(f"{kept} a bundle on the small drive, if one is there")
    return 0


def _named(arguments: argparse.Namespace) -> Path:
    if arguments.config is None:
        raise OperatorError("no configuration: give --config FILE before the command")
    path: Path = arguments.config
    return path


def _tell(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


def _replay(arguments: argparse.Namespace) -> int:
    from . import replay

    argv = ["--fixes", arguments.fixes] if arguments.fixes else ["--stops", arguments.stops]
    if arguments.profile:
        argv += ["--profile", arguments.profile]
    return replay.main(argv)


def _append(arguments: argparse.Namespace) -> int:
    import json

    from . import journal_cli

    key = journal_cli.append(_config(arguments), arguments.type, arguments.json)
    sys.stdout.write(json.dumps({"epoch": key.epoch, "seq": key.seq}) + "\n")
    return 0


def _sign_up(arguments: argparse.Namespace) -> int:
    from . import journal_cli

    def ask(what: str) -> str:
        print(f"{what}: ", end="", file=sys.stderr, flush=True)  # noqa: T201
        return sys.stdin.readline().strip()

    names = {"first_name": ask("first name"), "phone": ask("phone")}
    journal_cli.sign_up(_config(arguments), arguments.workshop, arguments.number, names)
    return 0


def _status(arguments: argparse.Namespace) -> int:
    import json

    from . import journal_cli

    rows, unread = journal_cli.status(_config(arguments))
    if arguments.as_json:
        sys.stdout.write(json.dumps(rows) + "\n")
    else:
        sys.stdout.write(journal_cli.table(rows))
    for sentence in unread:
        print(f"escale: {sentence}", file=sys.stderr)  # noqa: T201
    return 1 if unread else 0


if __name__ == "__main__":
    sys.exit(main())
