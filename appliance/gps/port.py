"""The receiver's serial port, held open whatever happens to it. Decides nothing: `hunt` does.

Never raises because of the port, never blocks longer than it is told to, never gives up.
"""

import os
import select
import termios
from contextlib import suppress
from glob import glob
from typing import Literal, NamedTuple

import serial

from . import trouble
from .fix import Fix
from .hunt import Hunt, Line
from .reader import Reader
from .sentence import Counts

PATTERNS = ("/dev/serial/by-id/*", "/dev/ttyACM*", "/dev/ttyUSB*", "/dev/serial0")
LOOK = 0.5
"""Seconds between two looks at what is plugged in, while no receiver is heard."""
QUIET = 0.25
"""Seconds without a byte after which the epoch is complete."""
MUTE = 5.0
"""Seconds without a good sentence after which the status says so."""
CHUNK = 4096

BROKEN = (OSError, termios.error)
"""What pyserial lets through: SerialException is an OSError, termios.error is not."""


class PortStatus(NamedTuple):
    """How it stands with the receiver, for `/run` and the fleet page."""

    state: Literal["absent", "silent", "no_fix", "fix"]
    satellites: int | None
    bad_sentences: int
    detail: str
    """One sentence in French; empty when all is well."""


def present_ports(patterns: tuple[str, ...] = PATTERNS) -> list[str]:
    """Paths that may be a receiver, the stablest name of each device, in order of preference."""
    found: dict[str, str] = {}
    for pattern in patterns:
        for path in sorted(glob(pattern)):  # noqa: PTH207 (absolute patterns)
            found.setdefault(os.path.realpath(path), path)
    return list(found.values())


class _Listening(NamedTuple):
    """One open port and the reader of what comes from it."""

    line: Line
    port: serial.Serial
    reader: Reader


class GpsPort:
    """Bytes of whichever port the receiver is on, as fixes."""

    def __init__(
        self, patterns: tuple[str, ...] = PATTERNS, remembered: Line | None = None
    ) -> None:
        """`patterns` name the ports to look at; one plain path is a pattern too."""
        self.counts = Counts()
        self._patterns = patterns
        self._hunt = Hunt(remembered)
        self._open: _Listening | None = None
        self._next_look = float("-inf")
        self._last_byte: float | None = None
        self._last_fix: Fix | None = None
        self._trouble = trouble.NO_PORT

    @property
    def remembered(self) -> Line | None:
        """The last port and speed that proved right: to be given to the next process."""
        return self._hunt.good

    @property
    def sky(self) -> tuple[int, ...]:
        """How strongly each satellite is heard (gps/sky.py); none while no receiver is."""
        return self._open.reader.sky.strengths if self._open and self._hunt.proven else ()

    def step(self, now: float, heard: float = 0.0, wait: float = 0.0) -> list[Fix]:
        """The fixes that are complete now.

        `now`: seconds on a clock that never steps. `heard`: the same instant on the clock that
        fixes are to carry. `wait`: how many seconds to wait for bytes when there are none.
        """
        self._look(now)
        listening = self._open
        data = self._read(listening, wait) if listening else None
        if listening is None or data is None:
            return []
        before = self.counts.sentences
        fixes = listening.reader.push(data, heard)
        if data:
            self._last_byte = now
        elif self._last_byte is not None and now - self._last_byte >= QUIET:
            self._last_byte = None
            fixes = listening.reader.flush()
        self._hunt.heard(listening.line, self.counts.sentences - before, now)
        self._obey(listening.line, now)
        if not self._hunt.proven:
            return []
        self._last_fix = fixes[-1] if fixes else self._last_fix
        return fixes

    def close(self) -> None:
        """Let go of the port."""
        if self._open is not None:
            with suppress(*BROKEN):
                self._open.port.close()
        self._open = self._last_fix = self._last_byte = None

    def fileno(self) -> int | None:
        """What to `select` on; None while no port is open."""
        return self._open.port.fileno() if self._open else None

    def status(self, now: float) -> PortStatus:
        """How it stands just now."""
        fix, damaged = self._last_fix, self.counts.damaged
        if self._open is None or not self._hunt.proven:
            return PortStatus("absent", None, damaged, self._trouble)
        line, silent = self._open.line, self._hunt.silence(now)
        if silent >= MUTE:
            detail = trouble.SILENT.format(path=line.path, seconds=round(silent))
            return PortStatus("silent", None, damaged, detail)
        if fix is None or fix.mode < 2:
            detail = trouble.NO_FIX.format(path=line.path, speed=line.speed)
            return PortStatus("no_fix", fix.satellites if fix else None, damaged, detail)
        return PortStatus("fix", fix.satellites, damaged, "")

    def _look(self, now: float) -> None:
        if self._hunt.proven or now < self._next_look:
            return
        self._next_look = now + LOOK
        present = present_ports(self._patterns)
        if not present:
            self._trouble = trouble.NO_PORT
        if self._hunt.look(present) or self._open is None:
            self._listen(self._hunt.next(now), now)

    def _listen(self, line: Line | None, now: float) -> None:
        self.close()
        if line is None:
            return
        try:
            port = serial.Serial(line.path, line.speed, timeout=0, exclusive=True)
        except BROKEN as error:
            self._trouble = trouble.sentence(line.path, error)
            self._hunt.failed(line)
            return
        self._open = _Listening(line, port, Reader(self.counts))
        self._hunt.opened(now)

    def _read(self, listening: _Listening, wait: float) -> bytes | None:
        """What has come; None: the port broke."""
        port = listening.port
        try:
            select.select([port.fileno()], [], [], wait)
            return bytes(port.read(min(port.in_waiting or 1, CHUNK)))
        except BROKEN as error:
            self._trouble = trouble.sentence(listening.line.path, error)
            self.close()
            self._hunt.failed(listening.line)
            return None

    def _obey(self, line: Line, now: float) -> None:
        verdict = self._hunt.verdict(now)
        if verdict == "turn":
            self._trouble = trouble.UNREADABLE.format(path=line.path)
            self._listen(self._hunt.next(now), now)
        elif verdict == "reopen":
            self._listen(line, now)
        elif verdict == "leave":
            silence = round(self._hunt.silence(now))
            self._trouble = trouble.SILENT.format(path=line.path, seconds=silence)
            self.close()
            self._hunt.leave(line)
