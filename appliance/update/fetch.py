"""Once: goes on fetching the system that the federation wants, as far as it may. Installs nothing.

What is here already stays over a restart, another network, another server of the same file; only
its digest makes it a bundle. The network's process runs this: it can write no slot.
"""

import logging
import os
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO, Final, NamedTuple

from .. import disk, runtime
from ..config import UnitConfig
from ..errors import OperatorError
from ..identity import store
from . import ways
from .allowance import Allowance
from .arriving import Arriving, as_came
from .facts import BUNDLE, PART, Release, Wanted, release
from .folder import Folder
from .ranged import NotFetched, NotTheFile, Source, asked
from .ways import Way

log = logging.getLogger("fetch")

CHUNK: Final = 256 * 1024
SYNCED: Final = 8 * 1024 * 1024
"""Bytes that a power cut may cost at the most."""
SAID_EVERY: Final = 2.0
"""Seconds between two words of how far it is."""
PAUSES: Final = (0.0, 5.0, 20.0)
"""Seconds before each try that follows one that brought nothing; after them, the timer's turn."""
LOOK_EVERY: Final = 5.0
STAY: Final = 540.0
"""Seconds between two looks for a way that may be taken, and for which one is looked for."""
DAY: Final = 86_400


class Edges(NamedTuple):
    """What a test has its own of."""

    way: Callable[[], Way | None] = ways.out
    rest: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.monotonic
    stay: float = STAY
    today: Callable[[], int] = lambda: int(time.time()) // DAY
    release: Callable[[], Release] = release
    limits: disk.Limits = disk.Limits()


def run(config: UnitConfig, edges: Edges = Edges()) -> int:  # noqa: B008 (never changed)
    """As far as it comes; the exit code. A sentence in `fetch.json` says why no further."""
    fetching = Fetching(config, edges)
    try:
        return int(not fetching.run())
    except OperatorError as error:
        log.warning("%s", error)
        fetching.say("waiting" if isinstance(error, Waits) else "failed", why=str(error))
        return 1


class Fetching:
    """One go at it."""

    def __init__(self, config: UnitConfig, edges: Edges) -> None:
        self._config, self._edges = config, edges
        self.folder = Folder(config.paths.update)
        self._part = Arriving(self.folder, edges.limits)
        self._allowance = Allowance(self.folder)
        self._said, self._mobile = float("-inf"), False
        self._wanted = Wanted()

    def run(self) -> bool:
        """Whether there is nothing left to do. Raises OperatorError, one sentence."""
        while True:
            with suppress(Changed):
                return self._fetch()

    def _fetch(self) -> bool:
        if not self.folder.is_there:
            return True
        wanted = self.folder.wanted
        if wanted is None or wanted.version == self._edges.release().version:
            self.folder.forget(PART)
            self.folder.forget(BUNDLE)
            return True
        self._wanted = wanted
        if self._is_settled(wanted):
            return True
        source = Source.of(wanted.address)
        if not wanted.digest or not wanted.size:
            raise NotTheFile("the update has no size or digest: publish it again.")
        self._part.begin(wanted)
        self._until_whole(source, wanted)
        self._part.accept(wanted)
        self.say("done")
        return True

    def say(self, state: str, why: str = "") -> None:
        """For the screen, the uplink, and the vehicle, which does not stop the unit meanwhile."""
        self._said = self._edges.now()
        size = self._wanted.size
        word = {
            "state": state,
            "version": self._wanted.version,
            "share": round(self._part.have / size, 3) if size else 0.0,
            "mobile": self._mobile,
            "why": why,
        }
        runtime.publish(self._config.paths.run, "fetch", word)

    def _is_settled(self, wanted: Wanted) -> bool:
        folder, came, pending = self.folder, self.folder.came(BUNDLE), self.folder.pending
        if came is not None and came.digest == wanted.digest:
            if came.revision != wanted.revision:
                folder.comes(BUNDLE, as_came(wanted))
            return True
        if pending is not None and pending.digest == wanted.digest:
            return True
        if folder.is_over(wanted.digest, wanted.revision):
            why = f"{wanted.version} was refused here: publish it again, or another."
            self.say("over", why)
            return True
        return False

    def _until_whole(self, source: Source, wanted: Wanted) -> None:
        """Again and again while something comes. Raises NotFetched, NotTheFile."""
        idle = 0
        while (have := self._part.have) < wanted.size:
            self._edges.rest(PAUSES[idle])
            way = self._may(wanted)
            self._part.check_room(wanted.size - have)
            try:
                self._pull(source, wanted, way)
            except NotFetched as error:
                idle = 0 if self._part.have > have else idle + 1
                if idle == len(PAUSES):
                    raise
                log.info("%s", error)

    def _may(self, wanted: Wanted) -> Way:
        """The way to take, as soon as there is one: a van stays a few minutes at its depot."""
        until = self._edges.now() + self._edges.stay
        while True:
            self._check_still(wanted)
            way = self._edges.way()
            self._mobile = way is not None and way.mobile
            if way is None:
                why = "there is no network: the update waits for one."
            elif way.mobile and not wanted.mobile:
                why = "the update waits for the depot's Wi-Fi: 4G is not allowed for it."
            else:
                return way
            if self._edges.now() >= until:
                raise Waits(why)
            self.say("waiting", why)
            self._edges.rest(LOOK_EVERY)

    def _pull(self, source: Source, wanted: Wanted, way: Way) -> None:
        have = self._part.have
        with (
            asked(source, self._tls(), begin=have, size=wanted.size, device=way.device) as answer,
            self._part.path.open("ab" if answer.at else "wb") as file,
        ):
            left, unsynced = wanted.size - answer.at, 0
            while left > 0:
                most = min(CHUNK, left)
                if way.mobile:
                    most = self._booked(wanted, most)
                told = answer.read(most)
                if not told:
                    raise NotFetched(f"{source} ended the connection: it will go on.")
                file.write(told)
                left, unsynced = left - len(told), unsynced + len(told)
                self._allowance.came(len(told) if way.mobile else 0)
                if unsynced >= SYNCED:
                    unsynced = self._settle(file, left)
                if self._edges.now() - self._said >= SAID_EVERY:
                    self.say("fetching")
            self._settle(file, left)

    def _settle(self, file: BinaryIO, left: int) -> int:
        """What came is on the card, and the card is not full of it."""
        file.flush()
        os.fsync(file.fileno())
        self._part.check_room(left)
        self._check_still(self._wanted)
        return 0

    def _check_still(self, wanted: Wanted) -> None:
        if self.folder.wanted != wanted:
            raise Changed

    def _booked(self, wanted: Wanted, most: int) -> int:
        allowed = wanted.mobile_megabytes * 1_000_000
        booked = self._allowance.take(most, allowed, self._edges.today())
        if booked == 0:
            raise Waits(
                f"today's {wanted.mobile_megabytes} MB over 4G are used:"
                " the update goes on tomorrow, or over Wi-Fi."
            )
        return booked

    def _tls(self) -> ssl.SSLContext:
        data = self._config.paths.data
        identity = store.load(data)
        if identity is None:
            raise Waits("this unit is not enrolled yet: nobody would give it an update.")
        return store.tls(data, identity)


class Changed(Exception):
    """Something else is wanted now."""


class Waits(OperatorError):
    """Nothing is wrong: it goes on when that is over."""
