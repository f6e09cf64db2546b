"""The documents held, one per kind, and what the federation is told of each. Judges none itself.

A broker that forges or repeats without end must not fill the journal: a refusal is told once
per kind, and again only for a higher revision that the federation did sign.
"""

from collections.abc import Iterator

import msgspec

from protocol import signing
from protocol.documents import TRUST
from protocol.messages import Document, Refusal
from protocol.trust import Trust
from protocol.unit import SettingsApplied

from ..errors import JournalRefused, OperatorError
from .belief import Belief
from .cursors import Memory
from .documents import KINDS, Refused, judge, judge_trust

REASON = 80
"""Characters of a reason that travel."""


class Shelf:
    """Takes documents from anybody, keeps those of the federation."""

    def __init__(self, memory: Memory, belief: Belief, unit: str) -> None:
        self._memory, self._belief, self._unit = memory, belief, unit
        self._database = memory.journal.database
        self._forged = 0

    def revisions(self) -> dict[str, int]:
        """Kind → revision held.

        What a key signed that counts no more stays in force, and ranks below everything: whoever
        stole it may have signed the highest revision there is.
        """
        keys = self._belief.documents()
        rows = self._database.query("SELECT kind, revision, signer FROM document ORDER BY kind")
        held = {
            row["kind"]: row["revision"]
            for row in rows
            if row["signer"] in keys or not row["signer"] or not keys
        }
        return {**held, TRUST: self._belief.serial} if self._belief.serial else held

    def refused(self) -> dict[str, Refusal]:
        """Kind → what was refused since a document of it was applied."""
        rows = self._database.query("SELECT kind, revision, reason FROM refused ORDER BY kind")
        return {
            row["kind"]: Refusal(revision=row["revision"], reason=row["reason"]) for row in rows
        }

    def faults(self) -> Iterator[str]:
        """What is wrong with the documents that come."""
        if self._forged:
            yield f"{self._forged} documents were not signed by our federation: is the broker ours?"

    def receive(self, kind: str, message: bytes) -> bool:
        """Take or refuse a document; whether it was taken. Raises JournalRefused."""
        verdict = self._judge_trust(message) if kind == TRUST else self._judge(kind, message)
        if isinstance(verdict, Trust):
            verdict = self._follow(verdict, message)
        elif isinstance(verdict, Document):
            self._take(verdict, signing.read(message).key)
        if isinstance(verdict, Refused):
            self._refuse(kind, verdict)
        return isinstance(verdict, Document | Trust)

    def _judge(self, kind: str, message: bytes) -> Document | Refused | None:
        held, keys = self.revisions().get(kind, 0), self._belief.documents()
        row = self._database.conn.execute(
            "SELECT revision FROM document WHERE kind = ?", (kind,)
        ).fetchone()
        former = row[0] if row else 0
        return judge(message, kind=kind, unit=self._unit, held=held, keys=keys, former=former)

    def _judge_trust(self, statement: bytes) -> Trust | Refused | None:
        try:
            root = self._belief.store.root()
        except OperatorError as error:
            return Refused(0, str(error), authentic=False)
        return judge_trust(statement, root=root, held=self._belief.serial)

    def _follow(self, told: Trust, statement: bytes) -> Trust | Refused:
        try:
            with self._memory.journal.atomic():
                self._tell_applied(TRUST, told.serial)
                self._belief.store.replace(statement)
        except JournalRefused:
            raise
        except OperatorError as error:
            return Refused(told.serial, str(error))
        finally:
            self._belief.refresh()
        return told

    def _take(self, document: Document, signer: bytes) -> None:
        journal = self._memory.journal
        # Whole: fields of a newer federation stay for a newer version of ours.
        body = msgspec.json.encode(document.body)
        with journal.atomic():
            self._database.conn.execute(
                "INSERT OR REPLACE INTO document VALUES (?, ?, ?, ?, ?)",
                (document.kind, document.revision, body, journal.clock.boottime(), signer),
            )
            self._tell_applied(document.kind, document.revision)

    def _tell_applied(self, kind: str, revision: int) -> None:
        self._database.conn.execute("DELETE FROM refused WHERE kind = ?", (kind,))
        applied = SettingsApplied(kind=kind, revision=revision, outcome="applied")
        self._memory.journal.append(applied)

    def _refuse(self, kind: str, verdict: Refused) -> None:
        self._forged += not verdict.authentic
        rank = verdict.revision if verdict.authentic else _NOBODYS
        if rank <= self._told(kind) or not (verdict.authentic or kind in KINDS):
            return
        journal, reason = self._memory.journal, verdict.reason[:REASON]
        with journal.atomic():
            self._database.conn.execute(
                "INSERT OR REPLACE INTO refused VALUES (?, ?, ?, ?)",
                (kind, verdict.revision, reason, verdict.authentic),
            )
            journal.append(
                SettingsApplied(
                    kind=kind, revision=verdict.revision, outcome="refused", reason=reason
                )
            )

    def _told(self, kind: str) -> int:
        """The highest revision of which a refusal was told."""
        found = self._database.conn.execute(
            "SELECT CASE WHEN authentic THEN revision ELSE ? END FROM refused WHERE kind = ?",
            (_NOBODYS, kind),
        ).fetchone()
        return _NONE if found is None else int(found[0])


_NONE, _NOBODYS = -2, -1
"""Below every revision: no refusal was told; one of a document that nobody we believe signed."""
