"""Once: the last lines of the unit's own logs, for a technician. Sends nothing; the screen does.

Our logs hold nothing of any person; what looks like a number of a person's, or an address, is
taken out all the same.
"""

import json
import logging
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from ..config import UnitConfig
from . import errands
from .errands import Wish

LINES: Final = 40
LINE: Final = 160
"""Characters."""
LOOKED_AT: Final = 400
"""Entries of the log."""
COMMAND: Final = (
    "journalctl", "--boot", "--unit=escale-*", f"--lines={LOOKED_AT}", "--output=json",
    "--no-pager", "--quiet",
)  # fmt: skip

_PERSONAL = re.compile(r"\+?\d[\d ./()-]{7,}\d|[^\s@]+@[^\s@]+\.[^\s@]+")
"""What may be a phone number, or an address of a person."""
_ERROR = re.compile(r"(\w(?:Error|Exception)):.*")
"""The last line of a traceback: after the kind may come whatever somebody typed."""

log = logging.getLogger("report")


def run(config: UnitConfig, command: Sequence[str] = COMMAND) -> int:
    """Does what is wished for, if anything; the exit code."""
    wish = errands.take(config.paths.run, "report")
    if wish is None:
        return 0
    try:
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 (our own)
    except OSError as error:
        return _done(config, wish, [_unread(str(error.strerror))])
    lines = tail(done.stdout.splitlines())
    if done.returncode:
        lines = [*lines[1 - LINES :], _unread(_said(done.stderr.decode(errors="replace")))]
    return _done(config, wish, lines)


def _done(config: UnitConfig, wish: Wish, lines: list[str]) -> int:
    errands.answer(config.paths.run, "report", wish, state="done", lines=lines)
    return 0


def _unread(why: str) -> str:
    """The technician sees a reason, where there are no lines."""
    log.warning("the log cannot be read: %s", why)
    return f"report: the log cannot be read: {why}"[:LINE]


def tail(entries: Iterable[bytes]) -> list[str]:
    """The last LINES lines worth reading: service, seconds since the start, what it said."""
    return list(_lines(entries))[-LINES:]


def _lines(entries: Iterable[bytes]) -> Iterator[str]:
    before = ""
    for entry in entries:
        try:
            told = dict(json.loads(entry))
            service, said = _service(told), _said(told["MESSAGE"])
            second = int(told["__MONOTONIC_TIMESTAMP"]) // 1_000_000
        except (ValueError, KeyError, TypeError):
            continue
        if service and said and said != before:
            yield f"{service} {second}: {said}"[:LINE]
        before = said


def _service(told: dict[str, Any]) -> str:
    """Of our own services alone; what systemd says of one counts as its."""
    unit = told.get("_SYSTEMD_UNIT") or ""
    if unit == "init.scope":
        unit = told.get("UNIT", "")
    match = re.fullmatch(r"escale-([a-z-]+)\.service", unit)
    return match[1] if match else ""


def _said(message: Any) -> str:
    # journald gives what is no clean text as a list of bytes.
    text = bytes(message).decode(errors="replace") if isinstance(message, list) else str(message)
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return _PERSONAL.sub("…", _ERROR.sub(r"\1: …", " ".join(plain.split())))
