"""A federation and its units, all to be killed at any moment; and what must be so at the end."""

import random
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, Protocol

from appliance.journal import JournalReader
from federation import reading
from federation.config import Store
from federation.database import reading_ledger
from federation.errors import OperatorError
from protocol.row import Row
from protocol.topics import PARTITIONS
from simulation.places import FLEET
from tests.postgresql import PostgreSQL
from tests.support import eventually, write_toml
from tests.trusted import Trusted

from .fleet_bench import papers_of

UNITS = ("chaos-anne", "chaos-bea", "chaos-cleo")
Fact = tuple[str, int, int, str, bytes]
"""Unit, epoch, seq, type, body."""


class Killable(Protocol):
    """A broker, as far as chaos is concerned."""

    port: int

    def kill(self) -> None: ...
    def wipe(self) -> None: ...
    def start(self) -> object: ...


class Outcome(NamedTuple):
    """What the federation has in the end, beside what it should have."""

    lost: set[tuple[str, int, int]]
    """Promised on board, or on a card, and not in the ledger."""
    doubled: list[Fact]
    """In the ledger more than once, or a fact that no card holds."""
    changed: list[Fact]
    promised: int
    kills: Counter[str]


class Chaos:
    """Starts everything; kills and restarts it; compares at the end."""

    def __init__(
        self,
        folder: Path,
        broker: Killable,
        trusted: Trusted,
        server: PostgreSQL | None,
        door: Mapping[str, object] | None = None,
    ) -> None:
        """`server`: None for SQLite, and then one worker instead of two; `door`: [broker] of
        ingest, when it comes in elsewhere than the units."""
        self.folder, self.broker, self._server = folder, broker, server
        self._door = {"port": broker.port, "host": "localhost", **(door or {})}
        address = server.fresh() if server else ""
        self.store = Store(data=folder / "federation", postgresql=address or None)
        papers_of(folder / "papers", trusted, [FLEET[0]._replace(unit=unit) for unit in UNITS])
        half = PARTITIONS // 2
        shares = [range(half), range(half, PARTITIONS)] if server else [range(PARTITIONS)]
        self._commands = {
            f"worker-{number}": self._worker(trusted, f"ingest-{number}", list(share))
            for number, share in enumerate(shares)
        }
        unit = [sys.executable, "-m", "tests.simulation.chaos_unit"]
        self._commands["units"] = [*unit, str(folder), str(broker.port), *UNITS]
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self.kills = Counter[str]()

    def begin(self) -> None:
        """Everything starts, and the first rows are on their way."""
        self._keep_running()
        eventually(self.promised, seconds=60, what=self._told("units"))

    def round(self, dice: random.Random) -> None:
        """Somebody is killed at a moment nobody chose, and comes back."""
        before = len(self.promised())
        self._keep_running()
        eventually(
            lambda: self._keep_running() or len(self.promised()) > before + 30,
            seconds=60,
            what=self._told("units"),
        )
        threading.Event().wait(dice.uniform(0, 0.4))
        victims = [*self._commands, "broker", *(["database"] if self._server else [])]
        victim = dice.choice(victims)
        self.kills[victim.partition("-")[0]] += 1
        self._victim(victim)(dice)

    def settle(self) -> Outcome:
        """Nobody writes any more; what the federation has once it has it all, or a minute later."""
        self._keep_running()
        self._running["units"].terminate()  # they go on sending
        with suppress(AssertionError):
            eventually(lambda: self._keep_running() or not self._missing(), seconds=90)
        return self.outcome()

    def outcome(self) -> Outcome:
        """Journals on the cards and promises beside the ledger."""
        told, held = Counter(self.in_ledger()), self.on_cards()
        keys = {fact[:3] for fact in told}
        changed = [fact for fact in told if fact[:3] in held and held[fact[:3]] != fact[3:]]
        doubled = [fact for fact, count in told.items() if count > 1 or fact[:3] not in held]
        wanted = set(self.promised()) | held.keys()
        return Outcome(wanted - keys, doubled, changed, len(self.promised()), self.kills)

    def promised(self) -> list[tuple[str, int, int]]:
        """Every row of which a unit said that it is kept."""
        path = self.folder / "promised"
        lines = path.read_text().splitlines() if path.exists() else []
        words = [line.split() for line in lines]
        return [(unit, int(epoch), int(seq)) for unit, epoch, seq in words]

    def on_cards(self) -> dict[tuple[str, int, int], tuple[str, bytes]]:
        """Every row of the screens' journals."""
        held = {}
        for unit in UNITS:
            with JournalReader.open(self.folder / unit / "data" / "screen.db") as reader:
                for epoch in reader.epochs:
                    rows = reader.rows(0, epoch=epoch, limit_rows=10**6, limit_bytes=10**9)
                    for row in rows:
                        assert isinstance(row, Row)
                        held[unit, epoch, row.seq] = (row.type, row.body)
        return held

    def in_ledger(self) -> list[Fact]:
        """Every fact of them that the federation has."""
        epochs = {key[1] for key in self.on_cards()}
        with reading_ledger(self.store) as database:
            return [
                (row.unit, row.epoch, row.seq, row.type, row.body or b"")
                for row in reading.entries(database)
                if row.epoch in epochs or row.type.startswith("visit.")
            ]

    def close(self) -> None:
        """Kills what it started."""
        for process in self._running.values():
            process.kill()
            process.wait()

    def _missing(self) -> bool:
        try:
            return bool(self.outcome().lost)
        except OperatorError:
            return True  # the database is only just back

    def _victim(self, name: str) -> Callable[[random.Random], None]:
        return {"broker": self._kill_broker, "database": self._kill_database}.get(
            name, lambda _: self._kill(name)
        )

    def _kill(self, name: str) -> None:
        process = self._running.pop(name)
        process.kill()
        process.wait()

    def _kill_broker(self, dice: random.Random) -> None:
        self.broker.kill()
        if dice.random() < 0.5:
            self.broker.wipe()
        self.broker.start()

    def _kill_database(self, _dice: random.Random) -> None:
        assert self._server is not None
        self._server.kill()
        self._server.start()

    def _keep_running(self) -> None:
        """Whoever is gone is started again, as systemd would."""
        for name, command in self._commands.items():
            process = self._running.get(name)
            if process is None or process.poll() is not None:
                with self._log(name).open("ab") as log:
                    self._running[name] = subprocess.Popen(command, stdout=log, stderr=log)

    def _worker(self, trusted: Trusted, name: str, partitions: list[int]) -> list[str]:
        sections = trusted.federation(self.folder / name, name)
        sections["broker"].update(self._door)
        sections["store"] = {"data": str(self.store.data)}
        if self.store.postgresql:
            sections["store"]["postgresql"] = self.store.postgresql
        sections["ingest"] = {"partitions": partitions}
        path = write_toml(self.folder / f"{name}.toml", sections)
        return [sys.executable, "-m", "federation.cli", "--config", str(path), "ingest"]

    def _log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def _told(self, name: str) -> str:
        path = self._log(name)
        return path.read_text()[-2000:] if path.exists() else ""
