"""How long a revoked unit's live session lasts, and what the usual way does about it.

Ours is the whole command in a process of its own: Python's start, the passphrase, the registry,
the list, the rights, the signal, the proof that the broker took them, the take-over. The usual
way is a new revocation list and a signal: the broker then refuses the next connection and leaves
the one there is alone.
"""

import contextlib
import io
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from protocol import topics
from provisioning import facts, registry
from provisioning.connection import Connection
from tests.provisioning.federation import copied
from tests.provisioning.van import LaidOut, Van, enrolled, office

ROUNDS = 7
FLEET = 52
WATCHED = 20.0
"""Seconds that a session is watched after the usual way."""


class Found(NamedTuple):
    """One revocation, in seconds."""

    out: float
    """From the start of the command to the end of the live session."""
    command: float
    """To the end of the command."""


def main() -> None:
    """Prints the medians, with the longest beside them."""
    with contextlib.redirect_stdout(io.StringIO()), tempfile.TemporaryDirectory() as folder:
        federation = copied(Path(folder))
        with LaidOut(federation, federation.path) as laid_out:
            fleet = [enrolled(laid_out, f"van-{number:02d}") for number in range(FLEET)]
            found = [revoked(laid_out, van) for van in fleet[:ROUNDS]]
            usual = the_usual_way(laid_out, fleet[-1])
    for what, times in (
        ("live session out after", [one.out for one in found]),
        ("command done after", [one.command for one in found]),
    ):
        print(f"{what:24} {statistics.median(times):6.2f} s, at most {max(times):.2f} s")
    print(f"of {ROUNDS} revocations in a fleet of {FLEET}, each refused when it came back")
    print(f"a new list and a signal: {usual}")


def revoked(laid_out: LaidOut, van: Van) -> Found:
    """Revokes a unit that is connected."""
    federation, line = laid_out.federation, connected(van)
    start = time.monotonic()
    command = subprocess.Popen(
        [
            sys.executable, "-m", "provisioning.cli", "--folder", federation.folder.path,
            "--passphrase-file", federation.authority, "revoke", van.unit, "--why", "stolen",
        ],
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    assert line.until(lambda: not line.up, 60), "it is still there after a minute"
    out = time.monotonic() - start
    assert command.wait() == 0
    done = time.monotonic() - start
    again = van.line()
    again.connect()
    assert again.refused, "it came back"
    return Found(out, done)


def the_usual_way(laid_out: LaidOut, van: Van) -> str:
    """What becomes of a live session when nobody takes it over."""
    line, now = connected(van), facts.now()
    with registry.writing(laid_out.federation.folder.registry) as log:
        held = log.state.good(van.unit, now)
        log.append(*(facts.revoked(one.serial, "stolen", now) for one in held))
    office(laid_out).refresh(now)
    line.until(lambda: not line.up, WATCHED)
    line.publish(topics.up(van.unit, "link"), b"{}")
    return f"the session is {'still there' if line.up else 'gone'} after {WATCHED:.0f} s"


def connected(van: Van) -> Connection:
    """A live session."""
    line = van.line()
    why_not = line.connect()
    assert why_not == "", why_not
    return line


if __name__ == "__main__":
    main()
