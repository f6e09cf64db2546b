"""The codes of sign-ups, of a secret that stays on this card, and how often one may be tried.

A try is on the card before it is looked at: no power cut gives one for free. Knows no screen.
"""

import hmac
import os
from typing import Literal

from sqlite_utils import Database, Migrations

from appliance.journal import Journal
from appliance.vault import throttle
from appliance.vault.throttle import Tries
from protocol.event import Key

from .models import ticket

Outcome = Literal["right", "wrong", "wait"]
migrations = Migrations("sign_ups")


@migrations(name="0001_first_tables")
def _first_tables(database: Database) -> None:
    database.conn.execute(
        "CREATE TABLE sign_up_secret ("
        " only INTEGER PRIMARY KEY CHECK (only = 1), secret BLOB NOT NULL)"
    )
    database.conn.execute("INSERT INTO sign_up_secret VALUES (1, ?)", (os.urandom(32),))
    database.conn.execute(
        "CREATE TABLE sign_up_tries ("
        " number INTEGER PRIMARY KEY, begun INTEGER NOT NULL,"
        " boot_id TEXT NOT NULL, boottime INTEGER NOT NULL)"
    )


class Codes:
    """Side tables of the screen's journal. Writes raise JournalRefused."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._execute = journal.database.conn.execute
        with journal.atomic():
            migrations.apply(journal.database)
        (self._secret,) = self._execute("SELECT secret FROM sign_up_secret").fetchone()

    def of(self, sign_up: Key) -> str:
        """Three letters."""
        return ticket.code(self._secret, sign_up)

    def check(self, number: int, sign_up: Key, typed: str) -> Outcome:
        """Whether somebody who gives that number knows its letters."""
        clock, tries = self._journal.clock, self._tries(number)
        if throttle.left(tries, clock.boot_id, clock.boottime()) > 0:
            return "wait"
        again = Tries(tries.begun + 1, clock.boot_id, clock.boottime())
        with self._journal.atomic():
            self._execute(
                "INSERT OR REPLACE INTO sign_up_tries VALUES (?, ?, ?, ?)", (number, *again)
            )
        if not hmac.compare_digest(typed, self.of(sign_up)):
            return "wrong"
        with self._journal.atomic():
            self._execute("DELETE FROM sign_up_tries WHERE number = ?", (number,))
        return "right"

    def _tries(self, number: int) -> Tries:
        found = self._execute(
            "SELECT begun, boot_id, boottime FROM sign_up_tries WHERE number = ?", (number,)
        ).fetchone()
        return Tries(*found) if found else Tries()
