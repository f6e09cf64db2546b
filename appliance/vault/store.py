"""The vault's tables, beside the screen's journal. Decides nothing, and opens nothing.

Wrap writes in `journal.atomic()`; each raises JournalRefused there.
"""

from sqlite_utils import Database, Migrations

from .days import DayKey
from .pins import Kdf, Kept
from .throttle import Tries

migrations = Migrations("vault")


@migrations(name="0001_first_tables")
def _first_tables(database: Database) -> None:
    for statement in (
        """CREATE TABLE pin (
            only INTEGER PRIMARY KEY CHECK (only = 1), salt BLOB NOT NULL,
            memory INTEGER NOT NULL, passes INTEGER NOT NULL, lanes INTEGER NOT NULL,
            board BLOB NOT NULL, proof BLOB NOT NULL
        )""",
        """CREATE TABLE tries (
            what TEXT PRIMARY KEY, begun INTEGER NOT NULL,
            boot_id TEXT NOT NULL, boottime INTEGER NOT NULL
        )""",
        """CREATE TABLE day_key (
            only INTEGER PRIMARY KEY CHECK (only = 1), public BLOB NOT NULL, capsule BLOB NOT NULL,
            made_in TEXT NOT NULL, made INTEGER NOT NULL, utc INTEGER, served INTEGER NOT NULL,
            marked_in TEXT NOT NULL, marked INTEGER NOT NULL, cut INTEGER NOT NULL
        )""",
        # One sealed line each.
        "CREATE TABLE roster (id INTEGER PRIMARY KEY, sealed BLOB NOT NULL)",
        # How a forgotten PIN is forgotten: by a number in the settings, or by a code told.
        """CREATE TABLE pin_reset (
            only INTEGER PRIMARY KEY CHECK (only = 1), applied INTEGER NOT NULL,
            challenge TEXT NOT NULL
        )""",
        "INSERT INTO pin_reset VALUES (1, 0, '')",
    ):
        database.conn.execute(statement)


class Store:
    """Reads and writes of these tables, one method each."""

    def __init__(self, database: Database) -> None:
        migrations.apply(database)
        self._execute = database.conn.execute

    def pin(self) -> Kept | None:
        """What is kept of the PIN; None: none is chosen."""
        row = self._execute("SELECT * FROM pin").fetchone()
        return Kept(row[1], Kdf(*row[2:5]), row[5], row[6]) if row else None

    def keep_pin(self, kept: Kept) -> None:
        """Instead of the one before."""
        row = (kept.salt, *kept.kdf, kept.board, kept.proof)
        self._execute("INSERT OR REPLACE INTO pin VALUES (1, ?, ?, ?, ?, ?, ?)", row)

    def forget_pin(self) -> None:
        """Staff choose another."""
        self._execute("DELETE FROM pin")

    def tries(self, what: str) -> Tries:
        """Since the last right one."""
        found = self._execute("SELECT begun, boot_id, boottime FROM tries WHERE what = ?", (what,))
        row = found.fetchone()
        return Tries(*row) if row else Tries()

    def keep_tries(self, what: str, tries: Tries) -> None:
        """Instead of those before."""
        self._execute("INSERT OR REPLACE INTO tries VALUES (?, ?, ?, ?)", (what, *tries))

    def forget_tries(self) -> None:
        """Of every kind."""
        self._execute("DELETE FROM tries")

    def day(self) -> DayKey | None:
        """The day that goes on; None: none has begun."""
        row = self._execute("SELECT * FROM day_key").fetchone()
        if row is None:
            return None
        _, *values, cut = row
        return DayKey(**dict(zip(DayKey.__struct_fields__, (*values, bool(cut)), strict=True)))

    def keep_day(self, day: DayKey) -> None:
        """Instead of the one before."""
        row = [getattr(day, name) for name in DayKey.__struct_fields__]
        self._execute("INSERT OR REPLACE INTO day_key VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)

    def forget_day(self) -> None:
        """Nothing of it stays."""
        self._execute("DELETE FROM day_key")
        self.forget_lines()

    def lines(self) -> list[bytes]:
        """Sealed, in the order they came."""
        return [sealed for (sealed,) in self._execute("SELECT sealed FROM roster ORDER BY id")]

    def add_line(self, sealed: bytes) -> None:
        """One more."""
        self._execute("INSERT INTO roster (sealed) VALUES (?)", (sealed,))

    def forget_lines(self) -> None:
        """All of them."""
        self._execute("DELETE FROM roster")

    def reset_applied(self) -> int:
        """The highest number of the settings that made the PIN forgotten."""
        (applied,) = self._execute("SELECT applied FROM pin_reset").fetchone()
        return int(applied)

    def keep_reset_applied(self, number: int) -> None:
        """It counts once."""
        self._execute("UPDATE pin_reset SET applied = ?", (number,))

    def challenge(self) -> str:
        """What is to be read out; empty: nothing was asked."""
        (challenge,) = self._execute("SELECT challenge FROM pin_reset").fetchone()
        return str(challenge)

    def keep_challenge(self, challenge: str) -> None:
        """Empty: it was answered."""
        self._execute("UPDATE pin_reset SET challenge = ?", (challenge,))
