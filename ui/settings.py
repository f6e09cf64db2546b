"""What staff set on board, in a table beside the screen's journal. Knows no page and no sound.

A value that is damaged, or of a newer version, is as if never set. What the card refuses is told as
of every other table of the journal.
"""

from typing import Annotated, Any, Literal

import msgspec
from sqlite_utils import Migrations

from appliance.journal import Journal

from .models.questions import USUAL

migrations = Migrations("settings")

Level = Annotated[int, msgspec.Meta(ge=0, le=10)]


@migrations(name="0001_first_table")
def _first_table(database: Any) -> None:
    database.conn.execute("CREATE TABLE setting (name TEXT PRIMARY KEY, value BLOB NOT NULL)")


class OnBoard(msgspec.Struct, frozen=True, kw_only=True):
    """The values in force."""

    volume: Level = 7
    """0: silent."""
    brightness: Annotated[int, msgspec.Meta(ge=1, le=10)] = 10
    languages: tuple[str, ...] = ()
    """Order on the first page; empty: as the federation or the unit's file says."""
    keyboard: Literal["abc", "azerty"] = "abc"
    """Of the letters that visitors type."""
    questions: tuple[str, ...] = USUAL
    """Asked after the number, in this order."""
    is_set_up: bool = False
    """Whether the first start was gone through to its end."""


class Settings:
    """One per screen, on the journal's own connection."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        with journal.atomic():
            migrations.apply(journal.database)
            rows = journal.database.conn.execute("SELECT name, value FROM setting").fetchall()
        self.values = _told(rows)

    def change(self, **values: object) -> None:
        """On the card when it returns. Raises JournalRefused, and then nothing has changed."""
        after = msgspec.convert(
            {**msgspec.structs.asdict(self.values), **values}, OnBoard, strict=True
        )
        lines = [(name, msgspec.json.encode(getattr(after, name))) for name in values]
        with self._journal.atomic():
            self._journal.database.conn.executemany(
                "INSERT OR REPLACE INTO setting VALUES (?, ?)", lines
            )
        self.values = after


def _told(rows: list[tuple[str, bytes]]) -> OnBoard:
    told = OnBoard()
    for name, value in rows:
        try:
            known = {name: msgspec.json.decode(value)}
            told = msgspec.convert({**msgspec.structs.asdict(told), **known}, OnBoard)
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue
    return told
