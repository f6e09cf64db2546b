"""Where requests become certificates: registry first, then the broker's files, then the answer.

Talks to nobody; what it refuses is counted, never written down.
"""

import logging
from collections import Counter
from datetime import datetime, timedelta
from typing import Final

from protocol import enrolment, topics
from protocol.certificates import BOOTSTRAP
from protocol.enrolment import Answer
from protocol.errors import ProtocolError
from protocol.installation import Installation

from . import broker_files, facts, issuing, keys, registry, spares
from .broker import Settings
from .broker_files import Authorities
from .connection import Word
from .errors import OperatorError
from .facts import AnyFact
from .keys import Folder
from .registry import Writing
from .server_decisions import LIFE, Again, Ignore, Issue, Say, decide
from .state import State

_ENROLLED: Final = "the unit was enrolled anew"
BOOTSTRAP_LIFE: Final = timedelta(days=enrolment.BOOTSTRAP_DAYS)

log = logging.getLogger("provisioning")


class Rotated(OperatorError):
    """The keys held here are no longer those of the federation."""


class Office:
    """The registry, the keys that sign, and the broker's files."""

    def __init__(self, folder: Folder, told: Settings, signers: Authorities) -> None:
        self._folder, self._told, self._signers = folder, told, signers
        self._authorities = {
            keys.certified_hex(one.certificate): issuing.der(one.certificate)
            for one in signers.devices
        }
        """Who issued what is given out again; a unit may know an authority before it alone."""
        self._known = State()
        self._read: object = None
        self._laid_out: object = None
        self._untold = True
        """The broker did not read its files since they changed."""
        self.refused: Counter[str] = Counter()
        """Reason → how often, since somebody last emptied it."""

    def known(self) -> State:
        """What the registry says; read again when it changed. Raises OperatorError."""
        seen = self._mark()
        if seen != self._read:
            self._known, self._read = registry.read(self._folder.registry), seen
            self._check_keys(self._known)
        return self._known

    def answer(self, word: Word, now: datetime) -> Answer | Installation | None:
        """What to answer, when it can be. Raises OperatorError when nothing can be written."""
        if spares.asks(self.known(), word):
            told = spares.answer(self._folder, word)
            if told is None or told.reason:
                self.refused[told.reason if told else "unreadable"] += 1
            return told
        code = self._code(word.topic)
        decision = decide(self.known(), word, code, now)
        if isinstance(decision, Issue) or (isinstance(decision, Say) and decision.asked):
            with registry.writing(self._folder.registry) as writing:
                # Again, for somebody may have been quicker: a code is good for one request.
                decision = decide(writing.state, word, code, now)
                if isinstance(decision, Issue):
                    return self._issued(self._issue(writing, decision, now))
                if isinstance(decision, Say) and decision.asked:
                    self._ask_a_person(writing, decision, now)
        return self._replied(decision)

    def refresh(self, now: datetime, *, even_if_unchanged: bool = False) -> None:
        """Makes the broker's files what they should be, and the broker read them.

        Raises OperatorError.
        """
        self.known()
        if even_if_unchanged or self._untold or self._mark() != self._laid_out:
            with registry.writing(self._folder.registry) as writing:
                self._lay_out(writing, now)

    def _replied(self, decision: Again | Say | Ignore) -> Answer | None:
        """What a decision that makes nothing comes to."""
        if isinstance(decision, Again):
            return self._issued(decision)
        if isinstance(decision, Ignore):
            self.refused[decision.reason] += 1
            return None
        if decision.answer.outcome == "refused":
            self.refused[decision.answer.reason] += 1
        return decision.answer

    def _issued(self, again: Again) -> Answer:
        return Answer(
            request=again.held.request,
            outcome="issued",
            certificate=again.held.der,
            bootstrap=again.bootstrap,
            authority=self._authorities.get(again.held.authority, b""),
        )

    def _ask_a_person(self, writing: Writing, waiting: Say, now: datetime) -> None:
        request = waiting.answer.request
        writing.append(facts.Asked(at=now, unit=waiting.unit, request=request))
        log.warning("%s waits for escale-provision approve %s", waiting.unit, waiting.unit)

    def _issue(self, writing: Writing, asked: Issue, now: datetime) -> Again:
        devices = self._signers.devices[0]
        leaf = issuing.issue_client(devices, asked.key, asked.unit, now, LIFE)
        told: list[AnyFact] = [facts.issued(leaf, devices.certificate, now, asked.request)]
        bootstrap = b""
        if asked.bootstrap is not None:
            name = BOOTSTRAP + asked.unit
            made = issuing.issue_client(devices, asked.bootstrap, name, now, BOOTSTRAP_LIFE)
            told.append(facts.issued(made, devices.certificate, now))
            bootstrap = issuing.der(made)
        if asked.proof == "code":
            # A new card, or a new key of the old one: nobody else goes by that name any more.
            former = writing.state.good(asked.unit, now)
            told[:0] = (facts.revoked(one.serial, _ENROLLED, now) for one in former)
            told.insert(0, facts.CodeUsed(at=now, unit=asked.unit))
        writing.append(*told)
        if asked.proof == "code":
            self._folder.code(asked.unit).unlink(missing_ok=True)
            self._folder.installation(asked.unit).unlink(missing_ok=True)
        until = leaf.not_valid_after_utc.date()
        log.info("%s: a certificate until %s, by %s", asked.unit, until, asked.proof)
        self._tell_broker(writing, now)
        return Again(asked.unit, writing.state.certificates[leaf.serial_number], bootstrap)

    def _tell_broker(self, writing: Writing, now: datetime) -> None:
        """Before the answer goes out; if it fails, the loop tries again and the answer holds."""
        try:
            self._lay_out(writing, now)
        except OperatorError as error:
            log.warning("%s", error)

    def _lay_out(self, writing: Writing, now: datetime) -> None:
        changed = broker_files.lay_out(self._folder, self._told, writing, self._signers, now)
        self._untold = self._untold or bool(changed)
        self._laid_out = self._mark()
        if self._untold:
            broker_files.reload(self._told)
            self._untold = False

    def _check_keys(self, known: State) -> None:
        """An old authority's files would undo the rotation. Raises Rotated."""
        servers = keys.certified_hex(self._signers.servers.certificate)
        if self._authorities.keys() != set(known.keys["devices"]) or (
            known.keys["servers"][-1] != servers
        ):
            raise Rotated("an authority's key was rotated: start serve again, so that it reads it")

    def _mark(self) -> object:
        """Changes whenever the registry does."""
        try:
            seen = self._folder.registry.stat()
        except OSError:
            return None
        return seen.st_mtime_ns, seen.st_size, seen.st_ino

    def _code(self, topic: str) -> bytes | None:
        try:
            return self._folder.code(topics.parse_enrol(topic).unit).read_bytes()
        except (ProtocolError, FileNotFoundError):
            return None
