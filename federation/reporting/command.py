"""The command `escale-federation report`. Reads arguments, writes a folder, shows progress."""

import argparse
import shutil
import sys
import time
from pathlib import Path
from typing import Final, TextIO

from ..config import FederationConfig
from ..errors import OperatorError
from . import making, period, snapshot
from .making import Desk
from .package import Files

PATIENCE: Final = 2.0
"""Seconds before it says what it is at."""


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds it to `escale-federation`."""
    report = commands.add_parser("report", help="figures of a period, as files and a printed page")
    report.add_argument(
        "--period", required=True, metavar="P",
        help="2026, 2026-T1, 2026-03 or 2026-03-01..2026-03-31",
    )  # fmt: skip
    report.add_argument("--territory", metavar="CODE", help="of this one alone")
    report.add_argument("--as-of", type=int, metavar="N", help="as it was at that ledger position")
    report.add_argument(
        "--funder", action="store_true", help="aggregates alone, nothing that tells of one visit"
    )
    report.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    report.set_defaults(run=run)


def run(settings: FederationConfig, arguments: argparse.Namespace) -> int:
    """Makes the folder. Returns the exit code; raises OperatorError."""
    wanted = period.parse(arguments.period)
    progress = Progress(sys.stderr)
    progress("instantané")
    now = time.time_ns() // 1_000_000
    with snapshot.opened(settings, arguments.as_of, now) as opened:
        code = making.territory(opened.snapshot.registry, arguments.territory)
        desk = Desk(opened, wanted, code, funder=arguments.funder)
        name, files = making.make(settings, desk, progress)
        position = opened.snapshot.position
    folder = write(arguments.out, name, files)
    progress.end()
    sys.stdout.write(f"{folder}: {len(files)} files, snapshot {position}\n")
    return 0


def write(out: Path, name: str, files: Files) -> Path:
    """The files in a folder of that name, complete or not at all. Raises OperatorError."""
    folder, part = out / name, out / f".{name}.part"
    try:
        shutil.rmtree(part, ignore_errors=True)
        for path, content in files.items():
            (part / path).parent.mkdir(parents=True, exist_ok=True)
            (part / path).write_bytes(content)
        if folder.exists():
            shutil.rmtree(folder)
        part.rename(folder)
    except OSError as error:
        raise OperatorError(
            f"{folder} cannot be written ({error.strerror}): give --out another folder."
        ) from error
    return folder


class Progress:
    """Says what is being done, once it has taken a while."""

    def __init__(self, out: TextIO) -> None:
        self._out, self._began, self._said = out, time.monotonic(), False

    def __call__(self, what: str) -> None:
        """Called at the beginning of each step."""
        if time.monotonic() - self._began > PATIENCE:
            self._said = True
            self._out.write(f"report: {what}…\n")
            self._out.flush()

    def end(self) -> None:
        """How long it took, if anything was said."""
        if self._said:
            self._out.write(f"report: {time.monotonic() - self._began:.1f} s\n")
