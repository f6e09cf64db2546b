"""Whether a journal file is sound, read-only. Mends nothing: its owner does, at its next start."""

import sqlite3
from pathlib import Path

from ..journal.schema import connect_reading


def check(path: Path) -> str:
    """ "ok", or in one sentence what is wrong with the file."""
    try:
        connection = connect_reading(path)
        try:
            (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        finally:
            connection.close()
    except sqlite3.Error as error:
        return f"{path.name} cannot be read ({error}): restart its service, which will mend it."
    if found == "ok":
        return "ok"
    return f"{path.name} is damaged ({found}): restart its service, which will mend it."
