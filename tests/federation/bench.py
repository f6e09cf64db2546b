"""Ingest on the bench: messages in, rows and answers out. Helpers named as facts."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from federation import reading
from federation.config import Store
from federation.ingest import Ingest
from federation.ingest_keys import IngestKeys
from federation.ledger import Ledger
from federation.reading import Entry
from federation.revoked import RevocationFile
from federation.signers import Signers
from federation.source import Delivery
from federation.twins.queue import Queue
from protocol import messages, signing, topics
from protocol.messages import Document, Link, Receipt, Status
from tests.trusted import put

from .van import TRUSTED, UNIT, Van, certificate_of

FLEET = (UNIT, "van-simone", "van-paulette")
"""Units that were born before the tests begin."""
RECEIPTS = signing.keyed(TRUSTED.receipts.public_key())
DOCUMENTS = signing.keyed(TRUSTED.documents.public_key())


class Bench:
    """Ingest between a queue in memory and a real ledger."""

    def __init__(self, ledger: Ledger, queue: Queue, ingest: Ingest, store: Store) -> None:
        self.ledger, self.queue, self.ingest, self.store = ledger, queue, ingest, store
        self.now = 0.0

    def arrive(self, *deliveries: Delivery) -> None:
        """These messages come together and are dealt with."""
        self.queue.waiting.extend(deliveries)
        self.step()

    def step(self) -> None:
        """One round of ingest, two seconds on."""
        self.now += 2.0
        self.ingest.step(self.now)

    def rows(self, unit: str | None = None) -> list[Entry]:
        """All events, by unit, epoch and seq."""
        return list(reading.entries(self.ledger.database, unit))

    def bodies(self) -> list[bytes]:
        """The bodies of all facts, each once."""
        return [row.body for row in self.rows() if row.body is not None and row.copy_of is None]

    def keys(self) -> list[tuple[int, int]]:
        """(epoch, seq) of all events."""
        return [(row.epoch, row.seq) for row in self.rows()]

    def receipt(self, unit: str = UNIT) -> Receipt:
        """The last receipt of a unit."""
        return self.receipts(unit)[-1]

    def receipts(self, unit: str = UNIT) -> list[Receipt]:
        """All receipts of a unit."""
        topic = topics.down(unit, "receipt")
        return [read_receipt(unit, s.payload) for s in self.queue.sent if s.topic == topic]

    def documents(self, unit: str = UNIT) -> list[tuple[str, int]]:
        """Kind and revision of each document that was sent."""
        prefix = topics.down(unit, "document/tour").removesuffix("tour")
        sent = [s for s in self.queue.sent if s.topic.startswith(prefix)]
        assert all(s.retain for s in sent)
        found = [read_document(unit, s.topic.rpartition("/")[2], s.payload) for s in sent]
        return [(document.kind, document.revision) for document in found]

    def ask(self, query: str, *values: object) -> list[Any]:
        """What the ledger's tables say."""
        done = self.ledger.database.execute(query, values)
        return done.fetchall() if query.startswith(("SELECT", "PRAGMA")) else []

    def drain(self, van: Van, *, rounds: int = 20) -> None:
        """The van sends and listens until it has nothing more to send."""
        for _ in range(rounds):
            open_ = [journal for journal in van.journals() if journal.cursor < journal.head]
            if not open_:
                return
            self.arrive(*(j.delivery(j.cursor + 1, min(j.head, j.cursor + 500)) for j in open_))
            van.heard(self.receipt(van.unit))
        raise AssertionError("the van never came to an end")


def ingest_keys(folder: Path) -> IngestKeys:
    """What ingest needs of the authority that made the vans' certificates."""
    put(folder / "revoked.pem", TRUSTED.crl())
    authorities = (TRUSTED.devices.certificate,)
    revoked = RevocationFile(folder / "revoked.pem", authorities)
    return IngestKeys(authorities, revoked, TRUSTED.receipts)


def ingest_on(ledger: Ledger, queue: Queue, store: Store, utc: Callable[[], int]) -> Ingest:
    """Ingest that knows the keys of the fleet."""
    keys = ingest_keys(store.data)
    with ledger.transaction():
        signers = Signers(ledger.database, keys.authorities, keys.revoked)
        for unit in FLEET:
            signers.learn(unit, certificate_of(unit), 1_600_000_000_000)
    return Ingest(ledger, queue, store, keys, utc=utc)


def read_receipt(unit: str, payload: bytes) -> Receipt:
    """A receipt, which must be the federation's."""
    return messages.decode(signing.verify(payload, "receipt", unit, RECEIPTS), Receipt)


def read_document(unit: str, kind: str, payload: bytes) -> Document:
    """A document, which must be the federation's."""
    context = f"{unit} {kind}"
    return messages.decode(signing.verify(payload, "document", context, DOCUMENTS), Document)


def link(
    unit: str = UNIT, *, online: bool = True, certificate: bytes | None = None, **more: Any
) -> Delivery:
    """A birth, or a last will."""
    shown = certificate_of(unit) if certificate is None else certificate
    word = Link(online=online, boot_id="boot-1", certificate=shown if online else b"", **more)
    return Delivery(topics.up(unit, "link"), messages.encode(word))


def status(unit: str = UNIT, **more: Any) -> Delivery:
    """A unit's word about itself."""
    usual: dict[str, Any] = {
        "boot_id": "boot-1",
        "boottime": 1,
        "utc": None,
        "version": "0.1.0",
        "journals": {},
    }
    return Delivery(topics.up(unit, "status"), messages.encode(Status(**(usual | more))))


def numbers(bodies: Sequence[bytes]) -> list[int]:
    """Which facts these are, sorted (see Van.note)."""
    return sorted(msgspec.json.decode(body)["number"] for body in bodies)
