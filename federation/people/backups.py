"""Copies of the two stores, verified, the oldest thrown away. Opens no envelope.

Of PostgreSQL `pg_dump` makes them; erasing reaches into SQLite's copies alone.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from ..errors import OperatorError
from ..sqlite import connect_reading, told

KEPT = 14


def make(files: list[Path], folder: Path, stamp: str, kept: int = KEPT) -> list[Path]:
    """A consistent copy of each file that exists, named with `stamp`. Raises OperatorError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OperatorError(
            f"{folder} cannot be made ({error.strerror}): give [store] backups another folder."
        ) from error
    made = [_copy(file, folder / f"{file.stem}-{stamp}.sqlite") for file in files if file.exists()]
    for file in files:
        for old in sorted(folder.glob(f"{file.stem}-*.sqlite"))[:-kept]:
            old.unlink()
    return made


def _copy(source: Path, target: Path) -> Path:
    making = target.with_suffix(".making")
    making.unlink(missing_ok=True)
    try:
        # Its owner's alone from the first byte on: SQLite writes into an empty file that is there.
        making.touch(0o600)
    except OSError as error:
        raise OperatorError(f"{making} cannot be made ({error.strerror}).") from error
    with told(source), closing(connect_reading(source)) as database:
        database.execute("VACUUM INTO ?", (str(making),))
    with told(making), closing(sqlite3.connect(making)) as copy:
        (state,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    if state != "ok":
        making.unlink()
        raise OperatorError(f"the copy of {source} is damaged ({state}): look at the disk.")
    return making.replace(target)
