"""Downlink documents: desired state with a revision, taken or refused with a reason.

Decides on bytes; `Shelf` keeps what was taken. Knows not what a document is for.
"""

from hashlib import blake2b

import msgspec

from protocol import messages
from protocol.documents import BODIES
from protocol.errors import ProtocolError
from protocol.messages import MAX_DOCUMENT, Document
from protocol.unit import SettingsApplied

from .cursors import Memory


class Refused(msgspec.Struct, frozen=True):
    """Why a document is not taken; revision 0 when it does not say its own."""

    revision: int
    reason: str


def judge(payload: bytes, *, kind: str, unit: str, held: int) -> Document | Refused | None:
    """The document to apply, why not, or None when what is held is as new."""
    if len(payload) > MAX_DOCUMENT:
        return Refused(0, f"{len(payload)} bytes, {MAX_DOCUMENT} is the most")
    try:
        document = messages.decode(payload, Document)
    except ProtocolError as error:
        return Refused(0, str(error))
    if document.revision <= held:
        return None
    reason = _fault(document, kind, unit)
    return Refused(document.revision, reason) if reason else document


def _fault(document: Document, kind: str, unit: str) -> str:
    if document.unit != unit:
        return f"it is for the unit {document.unit}"
    if document.kind != kind:
        return f"it says that it is of kind {document.kind}"
    if kind not in BODIES:
        return f"no such kind here (known: {', '.join(BODIES)})"
    try:
        msgspec.convert(document.body, BODIES[kind])
    except msgspec.ValidationError as error:
        return str(error)
    return ""


class Shelf:
    """The documents held, one per kind, and what the federation is told of each."""

    def __init__(self, memory: Memory, unit: str) -> None:
        self._memory, self._unit = memory, unit
        self._database = memory.journal.database
        self.refused = 0
        """Since the start."""

    def revisions(self) -> dict[str, int]:
        """Kind → revision held."""
        rows = self._database.query("SELECT kind, revision FROM document ORDER BY kind")
        return {row["kind"]: row["revision"] for row in rows}

    def receive(self, kind: str, payload: bytes) -> bool:
        """Take or refuse a document; whether it was taken. Raises JournalRefused."""
        held = self.revisions().get(kind, 0)
        verdict = judge(payload, kind=kind, unit=self._unit, held=held)
        if isinstance(verdict, Document):
            self._take(verdict)
            return True
        if verdict is not None:
            self.refused += 1
            self._refuse(kind, verdict, blake2b(payload, digest_size=8).digest())
        return False

    def _take(self, document: Document) -> None:
        journal = self._memory.journal
        # Whole: fields of a newer federation stay for a newer version of ours.
        body = msgspec.json.encode(document.body)
        with journal.atomic():
            self._database.conn.execute(
                "INSERT OR REPLACE INTO document VALUES (?, ?, ?, ?)",
                (document.kind, document.revision, body, journal.clock.boottime()),
            )
            journal.append(
                SettingsApplied(kind=document.kind, revision=document.revision, outcome="applied")
            )

    def _refuse(self, kind: str, verdict: Refused, fingerprint: bytes) -> None:
        journal = self._memory.journal
        found = self._database.conn.execute(
            "SELECT 1 FROM refused WHERE kind = ? AND fingerprint = ?", (kind, fingerprint)
        )
        if found.fetchone():
            return
        with journal.atomic():
            self._database.conn.execute(
                "INSERT OR REPLACE INTO refused VALUES (?, ?)", (kind, fingerprint)
            )
            journal.append(
                SettingsApplied(
                    kind=kind,
                    revision=verdict.revision,
                    outcome="refused",
                    reason=verdict.reason[:80],
                )
            )
