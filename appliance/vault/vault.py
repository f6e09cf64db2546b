"""The staff's door: who is let in, how often one may try, what they see then. Draws nothing.

A try is on the card before it is looked at, so that no power cut gives one for free. A PIN that
is forgotten takes today's list with it, and nothing else.
"""

import os
from typing import Final, Literal

from protocol import enrolment, reset_code
from protocol.day import Closed, Unlocked
from protocol.documents import Roster, RosterLine
from protocol.errors import ProtocolError

from ..journal import Journal
from . import pins, throttle
from .daybook import Daybook
from .pins import KDF, Kdf
from .roster import RosterView
from .store import Store
from .throttle import Tries

Outcome = Literal["right", "wrong", "wait"]
What = Literal["pin", "code"]
"""What is tried; each is throttled by itself, so that neither bars the other."""
MOST_FAILED: Final = 10_000
"""What `staff.unlocked` can tell."""


class Vault:
    """One per screen, on the journal's own connection. Writes raise JournalRefused.

    `secret`: the board's own 32 bytes, None where it has none (strict mode).
    """

    def __init__(
        self, journal: Journal, *, unit: str, zone: str, secret: bytes | None, kdf: Kdf = KDF
    ) -> None:
        self._journal, self._secret, self._kdf = journal, secret, kdf
        with journal.atomic():
            self._store = Store(journal.database)
        self._days = Daybook(journal, self._store, unit=unit, zone=zone, secret=secret)
        self.is_open = False
        """Whether staff were let in, and have not left since."""

    @property
    def is_strict(self) -> bool:
        """Whether today's list is lost at a power cut."""
        return self._secret is None

    @property
    def has_pin(self) -> bool:
        """False at the first start, and after it was forgotten: then the next one is chosen."""
        return self._store.pin() is not None

    @property
    def is_elsewhere(self) -> bool:
        """The PIN was chosen on another board: here nothing opens, it must be chosen anew."""
        kept = self._store.pin()
        return bool(kept and kept.board and kept.board != pins.board_id(self._secret))

    @property
    def day_key(self) -> str:
        """The public half in hex; empty while nobody could open what is sealed to it."""
        return self._days.public.hex()

    def wait_left(self, what: What = "pin") -> float:
        """Seconds until the next try."""
        clock = self._journal.clock
        return throttle.left(self._store.tries(what), clock.boot_id, clock.boottime())

    def choose(self, pin: str) -> None:
        """Keeps a new PIN and lets in. Raises ValueError when a PIN is there and nobody is in."""
        if self.has_pin and not self.is_open:
            raise ValueError("there is a PIN already")
        stretched = self._keep(pin)
        self._let_in(stretched, failed=0)

    def unlock(self, pin: str) -> Outcome:
        """Lets in whoever has the PIN."""
        kept = self._store.pin()
        if kept is None or self.is_elsewhere:
            return "wrong"
        if not self._counted("pin"):
            return "wait"
        stretched = pins.stretch(pin, kept.salt, kept.kdf)
        if not pins.is_right(kept, stretched, self._secret):
            return "wrong"
        failed = self._store.tries("pin").begun - 1
        if (kept.kdf, kept.board) != (self._kdf, pins.board_id(self._secret)):
            stretched = self._keep(pin)
        self._let_in(stretched, failed)
        return "right"

    def lock(self) -> None:
        """Nobody is there any more; the day goes on."""
        self.is_open = False

    def challenge(self) -> str:
        """What is read out over the phone; the same until it is answered."""
        challenge = self._store.challenge()
        if not challenge:
            challenge = reset_code.new_challenge()
            with self._journal.atomic():
                self._store.keep_challenge(challenge)
        return challenge

    def answer(self, said: str, secret: bytes) -> Outcome:
        """Forgets the PIN if that is the answer; `secret`: TrustStore.reset_secret()."""
        challenge = self._store.challenge()
        if not self._counted("code"):
            return "wait"
        try:
            typed = enrolment.typed(said, reset_code.ANSWER_LENGTH)
        except ProtocolError:
            return "wrong"
        if not challenge or not reset_code.is_right(secret, challenge, typed):
            return "wrong"
        self._forget_pin()
        return "right"

    def reset_by(self, number: int) -> bool:
        """Forgets the PIN if the settings say so with a number not applied yet."""
        if number <= self._store.reset_applied():
            return False
        with self._journal.atomic():
            self._store.keep_reset_applied(number)
            self._forget_pin()
        self._days.step()
        return True

    def add(self, line: RosterLine) -> None:
        """Keeps a sign-up of today for staff, in the caller's transaction."""
        self._days.add(line)

    def roster(self, document: Roster) -> RosterView:
        """Today's list; an empty one for whoever was not let in."""
        return self._days.view(document) if self.is_open else RosterView()

    def end_day(self, closed: Closed) -> None:
        """Keeps the day's last word, and erases its list and its key: both, or nothing is done."""
        with self._journal.atomic():
            self._journal.append(closed)
            self._days.erase()
        self.lock()
        self._days.step()

    def step(self) -> None:
        """Time passes, the log is cut."""
        self._days.step()

    def _counted(self, what: What) -> bool:
        """Keeps that another try was begun, for good, before it is; False when it is too soon."""
        if self.wait_left(what) > 0:
            return False
        clock, before = self._journal.clock, self._store.tries(what)
        with self._journal.atomic():
            tries = Tries(before.begun + 1, clock.boot_id, clock.boottime())
            self._store.keep_tries(what, tries)
        return True

    def _keep(self, pin: str) -> bytes:
        """Keeps it instead of the one before; what it was stretched to."""
        if not pins.is_pin(pin) or pins.is_trivial(pin):
            raise ValueError("this is no PIN to choose")
        salt = os.urandom(pins.SALT_SIZE)
        stretched = pins.stretch(pin, salt, self._kdf)
        with self._journal.atomic():
            self._store.keep_pin(pins.keep(stretched, salt, self._kdf, self._secret))
        return stretched

    def _let_in(self, stretched: bytes, failed: int) -> None:
        with self._journal.atomic():
            self._store.forget_tries()
            self._journal.append(Unlocked(failed_before=min(failed, MOST_FAILED)))
            self._days.begin(stretched)
        self.is_open = True

    def _forget_pin(self) -> None:
        with self._journal.atomic():
            self._store.forget_pin()
            self._store.forget_tries()
            self._store.keep_challenge("")
            self._days.lose()
        self.lock()
        self._days.step()
