"""An owner on a disk that fails: tells what was kept and what was refused, and goes on.

Every fifth event has sealed fields. Nothing beyond the tenth is ever receipted.

A process of its own (`python -m tests.appliance.journal.refusing FILE COUNT`), to be run under
strace, which makes system calls fail. A careless one does not mind what it is told.
"""

import sys
from pathlib import Path

from appliance.errors import JournalRefused, OperatorError
from appliance.journal import Journal
from appliance.twins.clock import SettableClock
from protocol.visits import CheckedIn
from protocol.workshops import SignedUp
from tests.appliance.journal.support import sealed

PATIENCE = 50
"""Openings tried before giving up."""


def opened(path: Path) -> Journal:
    for _ in range(PATIENCE):
        try:
            return Journal.open(path, name="screen", clock=SettableClock())
        except OperatorError as error:
            tell("closed", str(error))
    raise SystemExit(3)


def tell(what: str, which: object) -> None:
    sys.stdout.write(f"{what} {which}\n")
    sys.stdout.flush()


def append(journal: Journal, number: int) -> None:
    if number % 5:
        journal.append(CheckedIn(number=number, door="logement", theme="logement"))
    else:
        journal.append_sealed(SignedUp(workshop="cv", number=number), sealed())


def main() -> None:
    careless = sys.argv[3:] == ["careless"]
    journal = opened(Path(sys.argv[1]))
    for number in range(1, int(sys.argv[2]) + 1):
        try:
            append(journal, number)
            tell("kept", number)
            if number % 10 == 0:
                journal.clock.advance(90_000)  # type: ignore[attr-defined]
                journal.remember_time()
                journal.purge(number // 2)
        except JournalRefused as refused:
            tell("kept" if careless else refused.kind, number)
    journal.close()


if __name__ == "__main__":
    main()
