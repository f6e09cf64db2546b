"""Kills journal owners and readers at random instants, round after round, and looks what is left.

A process of its own (`python -m tests.appliance.journal.killing FOLDER …`): small, so that each
round's children cost a millisecond. Prints what it found as JSON.
"""

import argparse
import json
import os
import random
import select
import signal
import sqlite3
import struct
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from appliance.journal import Journal, JournalReader, damage
from appliance.twins.clock import SettableClock
from protocol.event import Key
from protocol.row import NO_DIGEST, Row
from protocol.unit import Booted
from protocol.visits import CheckedIn
from protocol.workshops import SignedUp
from tests.appliance.journal.support import sealed

OWNERS = ("screen", "vehicle")
OPENING, WORKING = 0.03, 0.02
"""Seconds after which a kill comes at the latest: from the start, or from the first append."""
ACK = struct.Struct("<q")


def check_in(key: Key) -> CheckedIn:
    return CheckedIn(number=key.seq % 10_000, door="logement", theme="logement")


class Owner:
    """Appends for ever, and tells each seq only when it is on the card."""

    def __init__(self, path: Path, clock: SettableClock, tell: Callable[[int], None]) -> None:
        self.journal = Journal.open(path, name=path.stem, clock=clock)
        self.journal.database["side"].create({"seq": int}, pk="seq", if_not_exists=True)
        self.tell = tell

    def run(self) -> None:
        turn = 0
        while True:
            turn += 1
            self.journal.housekeep(turn * 1000.0)
            (self.append, self.append_sealed, self.append_both)[turn % 3]()

    def append(self) -> None:
        self.tell(self.journal.append_made(check_in).seq)

    def append_sealed(self) -> None:
        number = (self.journal.head + 1) % 10_000
        event = SignedUp(workshop="cv", number=number)
        self.tell(self.journal.append_sealed(event, sealed()).seq)

    def append_both(self) -> None:
        with self.journal.atomic():
            seq = self.journal.append(Booted(version="1"))
            self.journal.database["side"].insert({"seq": seq})
        self.tell(seq)


class ForgetfulOwner(Owner):
    """The control: says yes first and writes ten at a time, as queues in memory do."""

    def append(self) -> None:
        ahead = range(self.journal.head + 1, self.journal.head + 11)
        for seq in ahead:
            self.tell(seq)
        with self.journal.atomic():
            for _ in ahead:
                self.journal.append_made(check_in)

    append_both = append_sealed = append


def reader(folder: Path) -> None:
    """Reads while its parent lives; ends by itself when what it reads is not whole."""
    parent = os.getppid()
    while os.getppid() == parent:
        for name in OWNERS:
            with JournalReader.open(folder / f"{name}.db") as journal:
                check(journal, max(journal.span().purged_to, journal.head - 60))


def check(journal: JournalReader, after: int, receipted: int | None = None) -> None:
    """Every row from there on: whole, in its place, what it was made as; or forgotten.

    `receipted`: what may be, as far as the caller knows.
    """
    for seq, row in enumerate(journal.rows(after, limit_rows=5000), start=after + 1):
        assert row.seq == seq
        if not isinstance(row, Row):
            gone = row.digest != NO_DIGEST and (receipted is None or seq <= receipted)
            assert gone, f"{journal.path.name}: {row}"
            continue
        made = row.type == "unit.booted" or json.loads(row.body).get("number", 0) == seq % 10_000
        assert made, f"{journal.path.name}: {row}"
        if row.type == SignedUp.TYPE and row.envelope is None:
            erased = receipted is None or seq <= receipted
            assert erased, f"{journal.path.name}: {row} without its envelope"


def check_side_table(path: Path) -> None:
    """An event and its row in the side table are there together or not at all."""
    with JournalReader.open(path) as journal:
        base, purged = journal.span().base, journal.span().purged_to
        together = journal._connection.execute(
            "SELECT group_concat(id) IS (SELECT group_concat(seq) FROM"
            " (SELECT seq FROM side WHERE seq > ? ORDER BY seq)) FROM"
            " (SELECT id FROM event WHERE type = 'unit.booted' AND id > ? ORDER BY id)",
            (purged, base + purged),
        ).fetchone()[0]
        assert together, f"{path.name}: a transaction by halves"


class Killer:
    """One folder, many rounds."""

    def __init__(self, folder: Path, seed: int, owner: type[Owner]) -> None:
        self.folder, self.random, self.owner = folder, random.Random(seed), owner
        self.acked = dict.fromkeys(OWNERS, 0)
        self.epochs: dict[str, int] = {}
        self.lost = self.rounds = self.reader = 0
        self.stored = dict.fromkeys(OWNERS, 0)
        folder.mkdir(parents=True, exist_ok=True)
        for name in OWNERS:
            Journal.open(self._path(name), name=name, clock=SettableClock()).close()
            with JournalReader.open(self._path(name)) as journal:
                self.epochs[name] = journal.epoch
            self.owner(self._path(name), SettableClock(), lambda seq: None).journal.close()
        self.uplink = sqlite3.connect(folder / "uplink.db", isolation_level=None)
        self.uplink.execute(
            "CREATE TABLE cursor (epoch INTEGER PRIMARY KEY, journal, stored_to, fork_at)"
        )

    def round(self) -> None:
        self.rounds += 1
        # First, so that it holds no end of the owners' pipes open.
        self.reader = self.reader or _forked(lambda: reader(self.folder))
        pipes = {name: os.pipe() for name in OWNERS}
        children = [self._owner(name, pipes[name][1]) for name in OWNERS]
        # Every other time a reader outlives the owners and sees them come back.
        if self.random.random() < 0.5:
            children.append(self.reader)
            self.reader = 0
        if self.random.random() < 0.2:
            time.sleep(self.random.uniform(0, OPENING))
        else:
            for out, _ in pipes.values():
                select.select([out], [], [], 10)
            time.sleep(self.random.uniform(0, WORKING))
        for child in children:
            os.kill(child, signal.SIGKILL)
        for child in children:
            ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            assert ended == -signal.SIGKILL, "a child ended by itself"
        for name, (out, into) in pipes.items():
            os.close(into)
            self._look(name, _last_ack(out))
            os.close(out)

    def end(self) -> None:
        if self.reader:
            os.kill(self.reader, signal.SIGKILL)
            assert os.waitstatus_to_exitcode(os.waitpid(self.reader, 0)[1]) == -signal.SIGKILL

    def _owner(self, name: str, into: int) -> int:
        # A quarter of a day passes between two rounds: what was receipted is purged soon.
        clock = SettableClock(self.rounds * 6 * 3_600_000)
        return _forked(
            lambda: self.owner(
                self._path(name), clock, lambda seq: _write(into, ACK.pack(seq))
            ).run()
        )

    def _look(self, name: str, acked: int) -> None:
        with JournalReader.open(self._path(name)) as journal:
            assert journal.epoch == self.epochs[name], f"{name}: put aside or rotated"
            self.acked[name] = max(self.acked[name], acked)
            self.lost += max(self.acked[name] - journal.head, 0)
            last = max(journal.span().purged_to, journal.head - 100)
            check(journal, last, self.stored[name])
            head = journal.head
        self.acked[name] = head if self.owner is ForgetfulOwner else self.acked[name]
        check_side_table(self._path(name))
        self.stored[name] = max(self.stored[name], head - self.random.randrange(100))
        self.uplink.execute(
            "INSERT OR REPLACE INTO cursor VALUES (?, ?, ?, NULL)",
            (self.epochs[name], name, self.stored[name]),
        )
        if self.rounds % 50 == 0:
            self._look_closely(name)

    def _look_closely(self, name: str) -> None:
        assert damage.found(self._path(name)) == ""
        with JournalReader.open(self._path(name)) as journal:
            check(journal, journal.span().purged_to, self.stored[name])

    def envelopes(self) -> tuple[int, int]:
        """How many are left of how many that were made."""
        left = made = 0
        for name in OWNERS:
            with closing(sqlite3.connect(self._path(name))) as file:
                left += file.execute("SELECT count(*) FROM sealed").fetchone()[0]
                made += file.execute(
                    "SELECT count(*) FROM event WHERE type = 'workshop.signed_up'"
                ).fetchone()[0]
        return left, made

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.db"


def _forked(deed: Callable[[], None]) -> int:
    child = os.fork()
    if child == 0:
        try:
            deed()
        finally:
            os._exit(1)
    return child


def _write(into: int, data: bytes) -> None:
    os.write(into, data)


def _last_ack(out: int) -> int:
    os.set_blocking(out, False)
    last = 0
    while data := os.read(out, 1 << 16):
        last = ACK.unpack(data[-ACK.size :])[0]
    return last


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--forgetful", action="store_true")
    options = parser.parse_args()
    killer = Killer(options.folder, options.seed, ForgetfulOwner if options.forgetful else Owner)
    for _ in range(options.rounds):
        killer.round()
        if killer.lost:
            break
    killer.end()
    left, made = killer.envelopes()
    told = {"rounds": killer.rounds, "acked": sum(killer.acked.values()), "lost": killer.lost}
    told |= {"envelopes": left, "sealed": made}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
