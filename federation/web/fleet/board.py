"""The fleet as it is shown, kept ready for every viewer: one thread looks, whoever watches.

It looks once a second while somebody watches, rests otherwise, and works out again only what was
committed or what the clock changed. Reads both stores; knows no account (federation/web/scope.py).
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from secrets import token_hex
from typing import Final, NamedTuple

from ... import database, registry
from ...config import Store
from ...database import Watch
from ...errors import OperatorError
from ...fleet_facts import FleetReader, VehicleFacts
from . import rows
from .rows import Line

PAUSE: Final = 1.0
"""Seconds between two looks; longer when a look takes long, so that it never fills a core."""
SHARE: Final = 0.3
WATCHED: Final = 60.0
"""Seconds after the last viewer that it goes on looking."""

_HOUR: Final = 3_600_000

log = logging.getLogger("web")


def utc() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class Shown(NamedTuple):
    """A line, and since which look it is as it is."""

    line: Line
    changed: int


class Board:
    """The fleet's lines. `generation` moves with each look that changed something."""

    def __init__(self, store: Store, utc: Callable[[], int] = utc) -> None:
        self._store, self._utc = store, utc
        self._reader = FleetReader()
        self._watch: Watch | None = None
        self._token: object = None
        self._lock = threading.RLock()
        self._thread: threading.Thread | None = None
        self._asked = self._looked = float("-inf")
        self.name = token_hex(4)
        """Of this life of the board: generations of another life mean nothing."""
        self.generation = 0
        self.trouble = ""
        """Why nothing could be read at the last look, in one sentence."""
        self._shown: dict[str, Shown] = {}
        self._seen: dict[str, VehicleFacts] = {}
        self._alerts: Mapping[str, int] = {}
        self._basis: tuple[str, int] = ("", 0)

    def shown(self) -> Mapping[str, Shown]:
        """Every line, with all that was committed before now; starts looking when nobody did."""
        self.watched()
        with self._lock:
            if time.monotonic() - self._looked > 2 * PAUSE or self._token != self._now_token():
                self.look()
        return self._shown

    def facts(self, key: str) -> VehicleFacts | None:
        """What is known of one vehicle: `v12` or `u:unit`."""
        self.shown()
        return self._seen.get(key)

    def plans(self) -> FleetReader:
        """The reader, for what is known of places."""
        return self._reader

    def watched(self) -> None:
        """Somebody looks: keeps the thread at work."""
        self._asked = time.monotonic()
        if self._thread is None or not self._thread.is_alive():
            with self._lock:
                if self._thread is None or not self._thread.is_alive():
                    self._thread = threading.Thread(target=self._loop, name="board", daemon=True)
                    self._thread.start()

    def look(self) -> None:
        """One look, by whichever thread comes first; others wait for it. Raises nothing."""
        with self._lock:
            now = self._utc()
            try:
                self._load(now)
                self.trouble = ""
            except OperatorError as error:
                if str(error) != self.trouble:
                    log.warning("%s", error)
                self.trouble = str(error)
            self._show(now)
            self._looked = time.monotonic()

    def close(self) -> None:
        """Stops looking; may be used again afterwards."""
        self._asked = float("-inf")
        if self._thread is not None:
            self._thread.join()
        with self._lock:
            if self._watch is not None:
                self._watch.close()
                self._watch, self._token = None, None

    def _loop(self) -> None:
        while time.monotonic() - self._asked < WATCHED:
            began = time.monotonic()
            self.look()
            spent = time.monotonic() - began
            rest = max(PAUSE - spent, spent / SHARE - spent)
            while rest > 0 and self._asked != float("-inf"):
                time.sleep(min(rest, 0.2))
                rest -= 0.2

    def _now_token(self) -> object:
        """Moves with each commit; None while it cannot be told."""
        try:
            if self._watch is None:
                self._watch = database.watch(self._store)
            return self._watch.token()
        except OperatorError:
            return None

    def _load(self, now: int) -> None:
        token = self._now_token()
        if token is not None and token == self._token:
            return
        with ExitStack() as stack:
            web = stack.enter_context(database.reading_web(self._store))
            ledger = None
            if self._store.postgresql is not None or self._store.ledger.exists():
                ledger = stack.enter_context(database.reading_ledger(self._store))
            self._reader.load(ledger, web, registry.read(web), now)
            self._alerts = _alerts(web)
        self._token = token

    def _show(self, now: int) -> None:
        """Writes again the lines of which anything changed, the hour included (days turn then)."""
        before, self._seen = self._seen, {each.key: each for each in self._reader.vehicles(now)}
        basis = (rows.newest([each.version for each in self._seen.values()]), now // _HOUR)
        next_, shown = self.generation + 1, {}
        for key, seen in self._seen.items():
            if seen.facts.retired:
                continue
            alerts, held = self._alerts.get(key, 0), self._shown.get(key)
            same = basis == self._basis and before.get(key) == seen
            if held and same and alerts == held.line.alerts:
                shown[key] = held
                continue
            line = rows.line(seen, basis[0], alerts, now)
            shown[key] = held if held and held.line == line else Shown(line, next_)
        self._basis = basis
        if shown != self._shown:
            self._shown, self.generation = shown, next_


def _alerts(web: database.Database) -> dict[str, int]:
    """Subject → open alerts."""
    if not web.columns("alert"):
        return {}
    query = "SELECT subject, count(*) FROM alert WHERE state = 'open' GROUP BY subject"
    return {subject: int(count) for subject, count in web.execute(query)}


_boards: dict[Store, Board] = {}
_making = threading.Lock()


def of(store: Store) -> Board:
    """The one board of this process for a store."""
    with _making:
        return _boards.setdefault(store, Board(store))
