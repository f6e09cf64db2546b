"""Putting a damaged journal aside: nothing is deleted, and every row that can be read is saved.

What is saved goes to `aside/<name>-<epoch>.db`, a journal like any other that nobody writes: its
rows keep their keys and their envelopes, what is lost is missing in it. The damaged file lies
beside it as it was; what is personal leaves both in its time (`clearing.py`).
"""

import sqlite3
from pathlib import Path

import msgspec

from .. import placing
from . import carve, rebuild, schema, witness
from .witness import Witness


def set_aside(path: Path, reason: str) -> None:
    """Saves what can be read of a journal and moves it away; a power cut meanwhile is harmless.

    Raises OSError, sqlite3.Error.
    """
    folder = path.parent / "aside"
    folder.mkdir(exist_ok=True)
    folder.chmod(0o2770)
    keys = _keys(path)
    name = f"{path.stem}-{keys[0].epochs[-1][0]}" if keys else _unused(folder, path.stem)
    if path.exists() and keys:
        saved = folder / f".{path.stem}.saving"
        for left in folder.glob(f"{saved.name}*"):
            left.unlink()
        _save(path, keys, saved, reason)
        placing.place(saved, folder / f"{name}.db", 0o440)
    for suffix in ("", "-wal", "-shm"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.replace(folder / f"{name}.damaged{suffix}")
    placing.sync(folder)
    placing.sync(path.parent)


def _keys(path: Path) -> list[Witness]:
    """What may give the rows their keys: the file's own small tables, and the copy of them."""
    told = [_own(path), witness.read(path)]
    return [keys for keys in told if keys is not None and keys.epochs]


def _own(path: Path) -> Witness | None:
    try:
        connection = schema.connect_reading(path)
    except sqlite3.Error:
        return None
    try:
        return witness.of(connection)
    except (sqlite3.Error, msgspec.ValidationError):
        return None
    finally:
        connection.close()


def _save(path: Path, keys: list[Witness], target: Path, reason: str) -> None:
    database = schema.create(target)
    try:
        with carve.Pages(path) as pages:
            rebuild.gather(database.conn, carve.rows(pages))
            rebuild.gather_envelopes(database.conn, carve.envelopes(pages))
        best = max(keys, key=lambda one: rebuild.count(database.conn, one))
        with database.atomic():
            rebuild.fill(database.conn, best, reason)
    finally:
        database.close()


def _unused(folder: Path, name: str) -> str:
    """A name for a file whose epoch nothing tells any more."""
    return f"{name}-unknown-{len(list(folder.glob(f'{name}-unknown-*')))}"
