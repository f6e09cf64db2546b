"""After a start: is this system well? Says so in one line, keeps the slot or gives it up.

A slot that was found good once is never given up here, so that no unit starts again and again
because its screen is unplugged; one on trial that is not well goes back to the one before. One
that hangs before this can run is the watchdog's and the tries' affair. Installs nothing.
"""

import logging
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from .. import runtime
from ..clock import BootClock
from ..config import Paths, Unit, UnitConfig, load
from ..errors import OperatorError
from . import signs, slots
from .facts import REASON, Judgement, Outcome, Pending, Release, Told, release
from .folder import Folder
from .signs import Signs

log = logging.getLogger("health")

PATIENCE: Final = 300.0
"""Seconds a system is given to show that it is well; a slow machine's kernel line says another
number (`escale.patience=900`)."""
STEADY: Final = 20.0
"""Seconds for which a system on trial must be well: one that falls and rises has good moments."""
PAUSE: Final = 1.0
SCRIPT: Final = ("/opt/escale/bin/escale-slots",)
CONSOLE: Final = Path("/dev/console")
STATE: Final = Path("/var/lib/escale")
"""Where a card's journals are."""
WANTED: Final = "health.wanted"
HUNG: Final = "it did not start, or hung before it was found good"


class Edges(NamedTuple):
    """What a test has its own of."""

    rest: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.monotonic
    release: Callable[[], Release] = release
    script: Sequence[str] = SCRIPT
    console: Path = CONSOLE
    disk: Path = slots.DISK
    failed_units: Callable[[], str] = signs.failed_units
    reboot: Callable[[], None] = lambda: _reboot()
    steady: float = STEADY
    patience: Callable[[], float] = lambda: patience()


def settings(path: Path) -> UnitConfig:
    """The unit's; a card's usual folders when they cannot be read.

    A new system that cannot read them is not well, and this is who must say so and go back.
    """
    try:
        return load(path)
    except OperatorError as error:
        log.error("%s", error)
        return UnitConfig(unit=Unit(id="unknown"), paths=Paths(data=STATE))


def run(config: UnitConfig, edges: Edges = Edges()) -> int:  # noqa: B008 (never changed)
    """Watches, says, settles; the exit code says only whether that could be done."""
    Health(config, edges).run()
    return 0


class Health:
    """One look at one system, as long as it takes."""

    def __init__(self, config: UnitConfig, edges: Edges) -> None:
        self._run, self._data, self._edges = config.paths.run, config.paths.data, edges
        self._folder = Folder(config.paths.update)
        self._boot_id = BootClock().boot_id
        self._slot = self._ask("get-current")
        self._trial = bool(self._slot) and self._ask("get-trial") == self._slot
        self._told: Told | None = None

    def run(self) -> None:
        """The slots first, then what is told of it: a full card keeps nobody in a bad system."""
        with _noting():
            self._settle_the_one_before()
        if self._slot and not self._trial:
            # A start cut short from now on does not count against a system known to be good.
            self._ask("set-state", self._slot, "good")
        seen = self._watch()
        self._say(seen)
        if seen.good:
            self._keep()
        elif self._trial:
            self._give_up(seen)
        self._publish("good" if seen.good else "bad")

    def _watch(self) -> Signs:
        """Until all signs are there and stay, or patience is at its end."""
        now = self._edges.now
        until, since = now() + self._edges.patience(), None
        while True:
            seen = self._look()
            since = (now() if since is None else since) if seen.good else None
            if since is not None and now() - since >= (self._edges.steady if self._trial else 0):
                return seen
            if not seen.good and now() >= until:
                return seen
            self._publish("checking")
            self._edges.rest(PAUSE)

    def _look(self) -> Signs:
        return signs.look(self._run, self._data, self._boot_id)

    def _say(self, seen: Signs) -> None:
        yes = {True: "yes", False: "no"}
        line = (
            f"escale: health {'good' if seen.good else 'bad'} slot={self._slot or 'none'}"
            f" version={self._edges.release().version} failed={self._edges.failed_units()}"
            f" memory={signs.used_memory()}M written={signs.written(self._edges.disk):.1f}M"
            f" frame={yes[seen.frame]} journal={yes[seen.journal]} gps={yes[seen.vehicle]}"
        )
        log.warning("%s", line)
        try:
            with self._edges.console.open("w", encoding="ascii") as console:
                console.write(f"{line}\n")
        except OSError as error:
            log.warning("%s takes nothing (%s)", self._edges.console, error.strerror)

    def _keep(self) -> None:
        if self._trial:
            self._ask("set-state", self._slot, "good")
        with _noting():
            pending = self._folder.pending
            if pending is not None and pending.slot == self._slot:
                self._judge(pending, "applied", "")

    def _give_up(self, seen: Signs) -> None:
        """The reason is kept for the system before, which tells it."""
        with _noting():
            pending = self._folder.pending
            if pending is not None and pending.slot == self._slot:
                why = seen.missing()
                self._folder.pend(msgspec.structs.replace(pending, state="installed", why=why))
        self._ask("set-state", self._slot, "bad")
        log.error("this system is given up: %s", seen.missing())
        self._edges.reboot()

    def _settle_the_one_before(self) -> None:
        """A system was written, and another one starts: it had its tries."""
        pending = self._folder.pending
        if pending is None or pending.boot_id == self._boot_id or not self._slot:
            return
        if pending.slot != self._slot and pending.state == "installed":
            self._judge(pending, "rolled_back", pending.why or HUNG)

    def _judge(self, pending: Pending, outcome: Outcome, why: str) -> None:
        """Told first: a cut after it tells it again, by the same id, which counts once."""
        told = Told(id=pending.id, version=pending.version, outcome=outcome, reason=why[:REASON])
        log.warning("%s: %s%s", told.version, outcome, f", {why}" if why else "")
        self._told = told
        self._folder.tell(told)
        judged = Judgement(
            version=pending.version, outcome=outcome, why=why, revision=pending.revision
        )
        self._folder.judge(pending.digest, judged)
        self._folder.pend(None)

    def _publish(self, state: str) -> None:
        """For the vehicle, which does not stop the unit meanwhile, and for staff."""
        told = self._told
        word = {
            "state": state,
            "trial": self._trial,
            "outcome": told.outcome if told else "",
            "version": told.version if told else "",
        }
        runtime.publish(self._run, "health", word)

    def _ask(self, *words: str) -> str:
        """The script that knows how this board starts; empty: it knows nothing here."""
        try:
            told = subprocess.run(  # noqa: S603 (our own)
                [*self._edges.script, *words], capture_output=True, text=True, check=True
            )
        except (OSError, subprocess.CalledProcessError) as error:
            log.warning("%s failed (%s): the slots stay as they are", " ".join(words), error)
            return ""
        return told.stdout.strip()


def patience(command_line: Path = slots.COMMAND_LINE) -> float:
    """How long this machine is waited for."""
    told = slots.argument("escale.patience", command_line)
    return float(told) if told.isdecimal() else PATIENCE


@contextmanager
def _noting() -> Iterator[None]:
    try:
        yield
    except OperatorError as error:
        log.warning("%s", error)


def _reboot() -> None:
    try:
        subprocess.run(["/usr/bin/systemctl", "reboot"], check=True, timeout=60)
    except (OSError, subprocess.SubprocessError) as error:
        raise OperatorError(f"the unit could not be started again ({error}).") from error
