"""A power cut at every instant: what a disk may hold after it, made again and opened.

A real owner runs under strace, which notes every write, sync, truncation and removal. From that
record the states of the disk are rebuilt: what was synced is there; what was not is there, or
not, or in part, or torn at a sector. Each is opened with our own code.
"""

import argparse
import itertools
import json
import logging
import os
import random
import shutil
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from appliance.errors import OperatorError
from appliance.journal import Journal, JournalReader
from appliance.twins.clock import SettableClock
from protocol.row import Row
from protocol.visits import CheckedIn
from protocol.workshops import SignedUp
from tests.appliance.journal.support import sealed
from tests.appliance.journal.tracing import Op, operations, record

SECTOR = 512
LOST = "acknowledged and lost"


def live(path: Path, synchronous: str, events: int) -> None:
    """An owner's life, told on standard output: `ack N` when number N is on the card."""
    clock, number = SettableClock(), itertools.count(1)
    journal = _opened(path, clock, synchronous)
    journal.database["side"].create({"id": int}, pk="id")
    for turn in range(events):
        now = next(number)
        if turn % 7 == 3:
            with journal.atomic():
                journal.append(_numbered(now, theme="x" * 60))
                journal.database["side"].insert({"id": now})
        elif turn % 7 == 5:
            journal.append_sealed(SignedUp(workshop="cv", number=now), sealed())
        else:
            journal.append(_numbered(now, theme="x" * (1 + turn % 9 * 7)))
        os.write(1, b"ack %d\n" % now)
        if turn % 25 == 24:
            clock.advance(2 * 86_400)
            # What is older than three days, and envelopes receipted before: not the last 25.
            os.write(1, b"purge %d\n" % (now - 25))
            journal.remember_time()
            journal.purge(journal.head)
        if turn % 60 == 40:
            journal.rotate(max(journal.head - 3, 1))
        if turn % 90 == 70:
            journal.close()
            clock.reboot()
            journal = _opened(path, clock, synchronous)
    os._exit(0)


def _opened(path: Path, clock: SettableClock, synchronous: str) -> Journal:
    journal = Journal.open(path, name="screen", clock=clock)
    journal.database.execute(f"PRAGMA synchronous = {synchronous}")
    # The same checkpoints, more often in a shorter life.
    journal.database.execute("PRAGMA wal_autocheckpoint = 40")
    return journal


def _numbered(number: int, theme: str) -> CheckedIn:
    return CheckedIn(number=number, door="d", theme=theme[:64])


def recorded(folder: Path, synchronous: str, events: int) -> None:
    """Runs an owner under strace in `folder/d`; the record is `folder/trace`."""
    (folder / "d").mkdir(parents=True)
    life = [sys.executable, "-m", "tests.appliance.journal.powercut", "live", str(folder / "d")]
    life += ["--synchronous", synchronous, "--events", str(events)]
    record(life, folder / "trace")


class File:
    """What was synced, and what was written since."""

    def __init__(self) -> None:
        self.durable = bytearray()
        self.pending: list[Op] = []

    def after(self, kept: Sequence[Op]) -> bytes:
        """The file if of what was written since just these came to the disk."""
        data = bytearray(self.durable)
        for op in kept:
            _apply(data, op)
        return bytes(data)


def _apply(data: bytearray, op: Op) -> None:
    start = len(data) if op.offset < 0 else op.offset
    if op.kind == "truncate":
        del data[start:]
    data.extend(bytes(max(start - len(data), 0)))
    data[start : start + len(op.data)] = op.data


class Disk:
    """A folder as the system sees it, and as a power cut may leave it.

    Names are as on ext4: changed in order, and on the disk with the next sync of anything.
    """

    def __init__(self) -> None:
        self.names: dict[str, File] = {}
        self.durable_names: dict[str, File] = {}
        self.changes: list[dict[str, File]] = []
        self.acked = self.purged = 0

    def do(self, op: Op) -> None:
        if op.kind == "ack":
            self.acked = op.offset
        elif op.kind == "purge":
            self.purged = op.offset
        elif op.kind == "sync":
            file = self.names[op.name]
            file.durable, file.pending = bytearray(file.after(file.pending)), []
            self.durable_names, self.changes = dict(self.names), []
        elif op.kind in ("write", "truncate"):
            self.names[op.name].pending.append(op)
        else:
            self._rename(op)

    def _rename(self, op: Op) -> None:
        if op.kind == "create" and op.name in self.names:
            return
        file = File() if op.kind == "create" else self.names.pop(op.name)
        if op.kind != "remove":
            self.names[op.to or op.name] = file
        self.changes.append(dict(self.names))

    def cut(self, how: str, chance: random.Random) -> dict[str, bytes]:
        """The folder after a power cut now."""
        names = [self.durable_names, *self.changes]
        chosen = names[0] if how == "none" else names[-1] if how == "all" else chance.choice(names)
        return {name: file.after(_kept(file.pending, how, chance)) for name, file in chosen.items()}


def _kept(pending: list[Op], how: str, chance: random.Random) -> list[Op]:
    if how == "none" or not pending:
        return []
    if how == "all":
        return pending
    if how == "prefix":
        return pending[: chance.randrange(len(pending) + 1)]
    kept = [op for op in pending if chance.random() < 0.5]
    if how == "torn" and pending[-1].kind == "write":
        last = pending[-1]
        sectors = chance.randrange(len(last.data) // SECTOR + 1)
        kept = [op for op in kept if op is not last]
        kept.append(last._replace(data=last.data[: sectors * SECTOR]))
    return kept


WAYS = ("none", "all", "prefix", "subset", "torn", "subset", "torn", "subset")


class Explorer:
    """Opens every state once, and counts what is wrong with it."""

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        self.states = 0
        self.bad: Counter[str] = Counter()
        self.example = ""
        self._seen: set[int] = set()

    def look(self, disk: Disk, where: str, how: str, chance: random.Random) -> None:
        files = disk.cut(how, chance)
        state = hash((disk.acked, *sorted(files.items())))
        if state in self._seen:
            return
        self._seen.add(state)
        self.states += 1
        wrong = self._wrong(files, disk)
        if wrong:
            self.bad[wrong] += 1
            self.example = self.example or f"{wrong}: {how} at operation {where}"

    def _wrong(self, files: dict[str, bytes], disk: Disk) -> str:
        shutil.rmtree(self.scratch, ignore_errors=True)
        self.scratch.mkdir(parents=True)
        for name, data in files.items():
            (self.scratch / name).write_bytes(data)
        path = self.scratch / "screen.db"
        try:
            journal = Journal.open(path, name="screen", clock=SettableClock(boot_id="after"))
        except OperatorError:
            return "does not open"
        try:
            if (self.scratch / "aside").exists():
                return "taken for damaged"
            side = journal.database["side"]
            both = {row["id"] for row in side.rows} if side.exists() else set()
            wrong = _missing(path, both, disk) or _unsealed(journal, disk)
            journal.append(_numbered(0, "x"))
            return wrong
        finally:
            journal.close()


def _missing(path: Path, side: set[int], disk: Disk) -> str:
    """What the journal lacks of what was acknowledged, or has too much."""
    with JournalReader.open(path) as reader:
        if not all(reader.is_whole(span, span.purged_to, span.head) for span in reader.spans):
            return "a broken chain"
        types = [CheckedIn.TYPE, SignedUp.TYPE]
        numbers = {entry.event.number for entry in reader.entries(types)}  # type: ignore[union-attr]
    if not numbers.issuperset(range(disk.purged + 1, disk.acked + 1)):
        return LOST
    if numbers and max(numbers) > disk.acked + 1:
        return "more than was asked"
    both = {number for number in numbers if (number - 1) % 7 == 3}
    if {number for number in both ^ side if number > disk.purged}:
        return "a transaction by halves"
    return ""


def _unsealed(journal: Journal, disk: Disk) -> str:
    """What is there of a sealed row without the rest of it."""
    with JournalReader.open(journal.path) as reader:
        rows = [row for span in reader.spans for row in reader.rows(0, epoch=span.epoch)]
    bare = [row.body for row in rows if isinstance(row, Row) and row.envelope is None]
    numbers = [json.loads(body)["number"] for body in bare if b'"sealed"' in body]
    if any(number > disk.purged for number in numbers):
        return "a row without its envelope"
    loose = "SELECT 1 FROM sealed WHERE id NOT IN (SELECT id FROM event WHERE body IS NOT NULL)"
    return "an envelope without its row" if journal.database.execute(loose).fetchall() else ""


def explore(
    ops: list[Op], scratch: Path, *, part: int, parts: int, sample: float, stop: bool
) -> dict[str, object]:
    """The power cuts of one part of the record, or a sample of them; `stop`: at the first loss."""
    disk, explorer, chance = Disk(), Explorer(scratch), random.Random(part)
    share = range(len(ops) * part // parts, len(ops) * (part + 1) // parts)
    for index, op in enumerate(ops):
        disk.do(op)
        for how in WAYS if index in share else ():
            if chance.random() < sample:
                explorer.look(disk, f"{index} ({op.kind} {op.name})", how, chance)
        if stop and explorer.bad[LOST]:
            break
    shutil.rmtree(scratch, ignore_errors=True)
    return {"states": explorer.states, "bad": explorer.bad, "example": explorer.example}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["live", "explore"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--synchronous", default="FULL")
    parser.add_argument("--events", type=int, default=200)
    parser.add_argument("--part", type=int, default=0)
    parser.add_argument("--parts", type=int, default=1)
    parser.add_argument("--sample", type=float, default=1.0)
    parser.add_argument("--stop", action="store_true")
    options = parser.parse_args()
    if options.what == "live":
        live(options.folder / "screen.db", options.synchronous, options.events)
    logging.disable(logging.CRITICAL)
    told = explore(
        operations(options.folder / "trace", options.folder / "d"),
        Path("/dev/shm") / f"escale-{os.getpid()}",
        part=options.part,
        parts=options.parts,
        sample=options.sample,
        stop=options.stop,
    )
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
