"""A second copy of a journal's small tables, in a file beside it. Read only when those are damaged.

Without them a row found in the bare bytes has no key: its epoch, and the name of its boot.
"""

import sqlite3
from pathlib import Path

import msgspec


class Witness(msgspec.Struct, frozen=True):
    """The small tables: what gives a row its key."""

    epochs: list[tuple[int, str, int, int, bytes]]
    """(epoch, journal, base, purged_to, purged_digest), in the order they were begun."""
    boots: dict[int, str]
    head: int
    """The last id ever given, at least."""


def of(connection: sqlite3.Connection) -> Witness:
    """The small tables as a database has them.

    Raises sqlite3.Error, msgspec.ValidationError.
    """
    epochs = connection.execute(
        "SELECT epoch, journal, base, purged_to, purged_digest FROM epoch ORDER BY number"
    ).fetchall()
    boots = connection.execute("SELECT id, boot_id FROM boot").fetchall()
    last = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'event'").fetchone()
    # From a damaged file anything may come: only what has the right types is taken.
    told = {"epochs": epochs, "boots": dict(boots), "head": last[0] if last else 0}
    return msgspec.convert(told, Witness)


def write(connection: sqlite3.Connection, journal: Path) -> None:
    """Renews the copy; not being able to costs nothing but the copy."""
    path = _path(journal)
    fresh = path.with_suffix(".new")
    try:
        fresh.write_bytes(msgspec.json.encode(of(connection)))
        fresh.chmod(0o660)
        fresh.replace(path)
    except OSError:
        return


def read(journal: Path) -> Witness | None:
    """The copy; None when there is none that can be read."""
    try:
        return msgspec.json.decode(_path(journal).read_bytes(), type=Witness)
    except (OSError, msgspec.DecodeError):
        return None


def _path(journal: Path) -> Path:
    return journal.with_suffix(".witness")
