"""Copies of the two stores, verified, the oldest thrown away. Opens no envelope.

SQLite is copied here; PostgreSQL by its own pg_dump, into a file that pg_restore takes back.
Erasing reaches into SQLite's copies alone (erasing.py).
"""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from ..config import Store
from ..errors import OperatorError
from ..sqlite import connect_reading, told

KEPT = 14
DUMPS = "escale-*.dump"


def make(store: Store, folder: Path, stamp: str, kept: int = KEPT) -> list[Path]:
    """A consistent copy of each store that exists, named with `stamp`. Raises OperatorError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OperatorError(
            f"{folder} cannot be made ({error.strerror}): give [store] backups another folder."
        ) from error
    if store.postgresql is not None:
        made, kinds = [_dump(store.postgresql, folder / f"escale-{stamp}.dump")], [DUMPS]
    else:
        files = [file for file in (store.ledger, store.outbox) if file.exists()]
        made = [_copy(file, folder / f"{file.stem}-{stamp}.sqlite") for file in files]
        kinds = [f"{file.stem}-*.sqlite" for file in files]
    for kind in kinds:
        for old in sorted(folder.glob(kind))[:-kept]:
            old.unlink()
    return made


def _copy(source: Path, target: Path) -> Path:
    making = _begun(target)
    with told(source), closing(connect_reading(source)) as database:
        database.execute("VACUUM INTO ?", (str(making),))
    with told(making), closing(sqlite3.connect(making)) as copy:
        (state,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    if state != "ok":
        making.unlink()
        raise OperatorError(f"the copy of {source} is damaged ({state}): look at the disk.")
    return making.replace(target)


def _dump(address: str, target: Path) -> Path:
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    if shutil.which("pg_dump") is None:
        raise OperatorError(
            "pg_dump is not here: install postgresql-client, or run `pg_dump --format=custom "
            "--schema=ledger --schema=web` where the database is."
        )
    said = conninfo_to_dict(address)
    # Not among the arguments, which every user of this machine can read.
    secret = {"PGPASSWORD": str(said.pop("password"))} if "password" in said else {}
    making = _begun(target)
    _run(
        ["pg_dump", "--format=custom", "--schema=ledger", "--schema=web", f"--file={making}",
         f"--dbname={make_conninfo(**said)}"],  # type: ignore[arg-type]
        secret, making,
    )  # fmt: skip
    _run(["pg_restore", "--list", str(making)], {}, making)
    return making.replace(target)


def _run(command: list[str], secret: dict[str, str], making: Path) -> None:
    done = subprocess.run(  # noqa: S603
        command, env=os.environ | secret, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        making.unlink(missing_ok=True)
        said = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise OperatorError(f"no copy was made, {command[0]} failed: {said.rstrip('.')}.")


def _begun(target: Path) -> Path:
    """Its owner's alone from the first byte on: it is written into an empty file that is there."""
    making = target.with_suffix(".making")
    making.unlink(missing_ok=True)
    try:
        making.touch(0o600)
    except OSError as error:
        raise OperatorError(f"{making} cannot be made ({error.strerror}).") from error
    return making
