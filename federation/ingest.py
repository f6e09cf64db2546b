"""Ingest: messages → ledger, one transaction → signed receipts, documents, and only then PUBACK.

One loop around `step(now)`. What a message means for the ledger is in taking.py.
"""

from collections.abc import Callable, Sequence

from protocol import messages, signing, topics
from protocol.messages import Receipt

from . import unread
from .carried import Carried, Group, folder_of
from .config import Store
from .ingest_keys import IngestKeys
from .ledger import Ledger
from .mail import Mail
from .signers import Signers
from .source import Delivery, Source
from .taking import Round, Told


class Ingest:
    """The one writer of the ledger, at work."""

    def __init__(
        self,
        ledger: Ledger,
        source: Source,
        store: Store,
        keys: IngestKeys,
        *,
        utc: Callable[[], int],
    ) -> None:
        """`utc` in milliseconds since 1970."""
        self._ledger, self._source, self._key = ledger, source, keys.receipts
        self._signers = Signers(ledger.database, keys.authorities, keys.revoked)
        self._mail, self._told, self._utc = Mail(store, source, ledger.is_ours), Told(), utc
        self._carried = Carried(folder_of(store), ledger.is_ours)
        self._read_again()

    def step(self, now: float) -> bool:
        """Receives what came together, stores it, answers it. Raises OperatorError.

        Whether anything came: then more may be waiting.
        """
        self._mail.look(now)
        if self._signers.look(self._utc()):
            self._prove_again()
        deliveries = self._source.receive(now)
        if deliveries:
            self._take(deliveries)
            self._source.confirm(deliveries)
        group = self._carried.look(now)
        if group is not None:
            self._take_carried(group)
        return bool(deliveries) or group is not None

    def close(self) -> None:
        """Leaves the broker and lets the next writer in."""
        self._source.close()
        self._ledger.close()

    def _take_carried(self, group: Group) -> None:
        """Anybody can seal a copy: of a unit that nothing vouches for the ledger hears nothing."""
        with self._ledger.transaction():
            is_known = self._round().introduce(group.unit, group.certificate)
        if is_known:
            self._take(group.deliveries)
            self._carried.done(group)
        else:
            self._carried.put_aside(group.path, f"nothing vouches for {group.unit}")

    def _take(self, deliveries: Sequence[Delivery]) -> None:
        """Durable, and answered, when it returns."""
        round_ = self._round()
        with self._ledger.transaction():
            for delivery in deliveries:
                round_.take(delivery)
            receipts = self._ledger.receipts(list(round_.owed))
        for unit, receipt in receipts.items():
            self._answer(unit, receipt)
        for unit, link in round_.born.items():
            self._mail.born(unit, link.documents)
        for unit, status in round_.told.items():
            self._mail.told(unit, status.documents)

    def _read_again(self) -> None:
        """What older software could not read may be readable now."""
        with self._ledger.transaction():
            self._round().read_again(unread.kept(self._ledger.database, of=self._ledger.is_ours))
        self._prove_again()

    def _prove_again(self) -> None:
        with self._ledger.transaction():
            self._round().prove_day_keys_again()

    def _round(self) -> Round:
        return Round(self._ledger, self._signers, self._utc(), self._told)

    def _answer(self, unit: str, receipt: Receipt) -> None:
        payload = signing.sign(self._key, "receipt", unit, messages.encode(receipt))
        self._source.send(topics.down(unit, "receipt"), payload)
