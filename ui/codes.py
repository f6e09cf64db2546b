"""The codes of sign-ups, of a secret that stays on this card, and how often one may be tried.

A try is on the card before it is looked at: no power cut gives one for free. Knows no screen.
"""

import hmac
import os
from typing import Final, Literal

from sqlite_utils import Database, Migrations

from appliance.journal import Journal
from appliance.vault import throttle
from appliance.vault.throttle import Tries
from protocol.event import Key

from .models import ticket

ALL: Final = 0
"""Stands for all numbers together, which begin at 1."""
FREE: Final = 15
"""Tries for all of them without any wait: enough for a day's slips of the finger."""
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
        one, all_of_them = self._tries(number), self._tries(ALL)
        if self._waits(one, free=throttle.FREE) or self._waits(all_of_them, free=FREE):
            return "wait"
        with self._journal.atomic():
            self._write(number, self._again(one))
            self._write(ALL, self._again(all_of_them))
        if not hmac.compare_digest(typed, self.of(sign_up)):
            return "wrong"
        with self._journal.atomic():
            self._write(number, Tries())
            # Only this try is taken back: who signs up to know one code does not begin anew.
            self._write(ALL, all_of_them)
        return "right"

    def _waits(self, tries: Tries, *, free: int) -> bool:
        now = (self._journal.clock.boot_id, self._journal.clock.boottime())
        eased = throttle.eased(tries, *now)
        begun = eased.begun - free + throttle.FREE
        return throttle.left(eased._replace(begun=begun), *now) > 0

    def _again(self, tries: Tries) -> Tries:
        now = (self._journal.clock.boot_id, self._journal.clock.boottime())
        return Tries(throttle.eased(tries, *now).begun + 1, *now)

    def _tries(self, number: int) -> Tries:
        found = self._execute(
            "SELECT begun, boot_id, boottime FROM sign_up_tries WHERE number = ?", (number,)
        ).fetchone()
        return Tries(*found) if found else Tries()

    def _write(self, number: int, tries: Tries) -> None:
        self._execute("INSERT OR REPLACE INTO sign_up_tries VALUES (?, ?, ?, ?)", (number, *tries))
