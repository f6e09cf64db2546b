"""Writes a bundle that came to the other slot, when nobody is there, and asks for a start into it.

As root, without a network and without a device: RAUC's own service writes. What is asked of it is
noted first, so that a power cut at any moment is told from a system that failed. Fetches nothing.
"""

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from .. import runtime, stopping
from ..clock import BootClock
from ..config import UnitConfig
from ..errors import OperatorError
from . import bundles, calm, slots
from .bundles import Manifest, NotWritten, Unfit
from .facts import (
    BUNDLE,
    REASON,
    STICK,
    Came,
    Judgement,
    Outcome,
    Pending,
    Release,
    Told,
    id_of,
    new_id,
    release,
)
from .folder import Folder

log = logging.getLogger("update")

PAUSE: Final = 2.0
"""Seconds between two looks at whether it is time."""
ASK_EVERY: Final = 60.0
"""Seconds before what was not done, a start for instance, is asked for again."""
UNHEARD: Final = 1800.0
"""Seconds after which a health check that says nothing is over: on trial, it would be given up."""
MOST_TRIES: Final = 3
"""Times that writing one bundle is begun: it was cut short the times before."""


class Edges(NamedTuple):
    """What a test has its own of."""

    rest: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.monotonic
    release: Callable[[], Release] = release
    rauc: Sequence[str] = bundles.RAUC
    current: Callable[[], str] = slots.current


def run(config: UnitConfig, edges: Edges = Edges()) -> int:  # noqa: B008 (never changed)
    """All that came, until nothing is left; the exit code."""
    installing = Installing(config, edges)
    if not installing.folder.is_there:
        return 0
    if not edges.current():
        raise OperatorError("this system was not started from a slot: it cannot be updated.")
    installing.run()
    return 0


class Installing:
    """One at a time."""

    def __init__(self, config: UnitConfig, edges: Edges) -> None:
        self._edges, self._run, self._data = edges, config.paths.run, config.paths.data
        self.folder = Folder(config.paths.update)
        self._boot_id = BootClock().boot_id
        self._version, self._refused = "", False
        self._heard_by = edges.now() + UNHEARD

    def run(self) -> None:
        """Raises OperatorError when the card takes nothing."""
        while True:
            pending = self.folder.pending
            if pending is not None and self._is_written(pending):
                self._into(pending)
            elif (found := self._next()) is not None:
                self._serve(*found)
            elif pending is not None and pending.state == "installing":
                # Its bundle is gone with what was begun: nothing is left to go on with.
                if not self._take_back(pending):
                    break
            else:
                break
        if self._version and not self._refused:
            self._version = ""
            self.say("idle")

    def _is_written(self, pending: Pending) -> bool:
        """Or may be: the health check tells, if this is that system."""
        return pending.state == "installed" or pending.slot == self._edges.current()

    def _into(self, pending: Pending) -> None:
        """Waits for the start into it; after that start, for its verdict."""
        self._version, asked, tried = pending.version, float("-inf"), float("-inf")
        while (same := self.folder.pending) is not None and same.id == pending.id:
            state, why = "trying", ""
            if pending.boot_id == self._boot_id:
                is_wanted, why = self.folder.is_wanted(pending), self._postponed()
                state = "waiting" if why or not is_wanted else "restarting"
                if not is_wanted and self._edges.now() - tried >= ASK_EVERY:
                    tried = self._edges.now()
                    if self._take_back(pending):
                        return
                if state == "restarting" and self._edges.now() - asked >= ASK_EVERY:
                    asked = self._edges.now()
                    self._ask_for_a_start()
            self.say(state, why=why)
            self._edges.rest(PAUSE)

    def _take_back(self, pending: Pending) -> bool:
        """What was written, or begun, is not to be started; whether that is so now."""
        if pending.slot == self._edges.current() or self._trial()[0]:
            return False
        # Noted as begun alone: a cut after the next step must not look like a start that failed.
        with suppress(OperatorError):
            self.folder.pend(msgspec.structs.replace(pending, state="installing"))
        if not bundles.take_back(self._edges.rauc):
            with suppress(OperatorError):
                self.folder.pend(pending)
            return False
        log.warning("%s is not wanted any more: it will not be started", pending.version)
        self.folder.pend(None)
        return True

    def _ask_for_a_start(self) -> None:
        try:
            stopping.ask(self._run, "reboot")
        except OSError as error:
            log.warning("no start can be asked for (%s): check %s", error.strerror, self._run)

    def _next(self) -> tuple[str, Came] | None:
        """The bundle to look at; what a stick brought comes first, for somebody stands there."""
        for name in (STICK, BUNDLE):
            came = self.folder.came(name)
            if came is None:
                continue
            # Published again, it is tried again; a stick that was refused is, once taken out.
            if not self.folder.is_over(came.digest, came.revision):
                return name, came
            self.folder.forget(name)
        return None

    def _serve(self, name: str, came: Came) -> None:
        self._version = came.version
        if not self._wait(name, came, self._trial):
            return
        try:
            manifest = bundles.inspect(self.folder.path / name, self._edges.rauc)
            self._version = manifest.update.version
            if manifest.release == self._edges.release():
                self._judge(came, "applied", "")
            elif why := bundles.misfit(manifest, bundles.journals_of(self._data)):
                raise Unfit(why)
            elif not self._wait(name, came, self._calm):
                return
            else:
                self._write(self.folder.path / name, came, manifest)
        except Unfit as error:
            self._refuse(came, error)
        if self.folder.came(name) == came:
            self.folder.forget(name)  # and not what came in its place meanwhile

    def _wait(self, name: str, came: Came, look: Callable[[], tuple[str, str]]) -> bool:
        """While there is something to say; False: the bundle was taken back meanwhile."""
        while any(said := look()):
            self.say(said[0], why=said[1])
            self._edges.rest(PAUSE)
            if self.folder.came(name) != came:
                return False
        return True

    def _write(self, path: Path, came: Came, manifest: Manifest) -> None:
        before = self.folder.pending
        again = before is not None and before.digest == came.digest
        tries = before.tries + 1 if again and before is not None else 1
        if tries > MOST_TRIES:
            raise NotWritten(f"it could not be written: cut short {MOST_TRIES} times.")
        pending = Pending(
            id=new_id(),
            version=manifest.update.version,
            digest=came.digest,
            slot="B" if self._edges.current() == "A" else "A",
            boot_id=self._boot_id,
            revision=came.revision,
            tries=tries,
        )
        self.folder.pend(pending)
        for percent in bundles.written(path, self._edges.rauc):
            self.say("installing", share=percent / 100)
        self.folder.pend(msgspec.structs.replace(pending, state="installed"))

    def _calm(self) -> tuple[str, str]:
        why = self._postponed()
        return ("waiting", why) if why else ("", "")

    def _trial(self) -> tuple[str, str]:
        """This system is to prove itself still: the other slot is what it would go back to."""
        told = runtime.read(self._run, "health", max_age=float("inf"))
        if told is None:
            tried = self._edges.now() < self._heard_by
        else:
            tried = told.get("trial") is True and told.get("state") != "good"
        return ("trying" if tried else "", "")

    def _postponed(self) -> calm.Reason:
        said = (runtime.read(self._run, name) for name in ("screen", "vehicle"))
        return calm.postponed(*said)

    def _refuse(self, came: Came, error: Unfit) -> None:
        log.warning("%s is refused: %s", self._version or came.way, error)
        self.folder.pend(None)
        name = id_of(came.digest, came.revision)
        version, why = (self._version or "?")[:REASON], str(error)
        told = Told(id=name, version=version, outcome="refused", reason=why[:REASON])
        self.folder.tell(told)
        self._refused = True
        self.say("refused")
        # Whoever plugs a good stick in once more shall have another try.
        if came.way == "network" or not isinstance(error, NotWritten):
            self._judge(came, "refused", why)

    def _judge(self, came: Came, outcome: Outcome, why: str) -> None:
        version = (self._version or "?")[:REASON]
        judged = Judgement(version=version, outcome=outcome, why=why, revision=came.revision)
        self.folder.judge(came.digest, judged)

    def say(self, state: str, *, why: str = "", share: float = 0.0) -> None:
        """For the screen, and for the vehicle, which does not stop the unit meanwhile."""
        word = {"waiting": self._version, "state": state, "why": why, "share": round(share, 2)}
        runtime.publish(self._run, "update", word)
