"""Whose word the uplink takes: the keys of the trust statement, or no key at all. Keeps no file.

Nothing rests on the broker: what it passes on counts for nothing until a signature is proved.
"""

from protocol import messages, signing
from protocol.messages import Receipt
from protocol.signing import Keys
from protocol.trust import Trust

from ..errors import OperatorError
from ..identity.trusted import TrustStore


class Belief:
    """The unit's trust store, for whoever must go on without it."""

    def __init__(self, store: TrustStore, unit: str) -> None:
        self.store = store
        self.fault = ""
        """Why nothing can be believed just now."""
        self._unit = unit
        self._read: Trust | None = None
        self._receipts: Keys = {}
        self._documents: Keys = {}
        self.refresh()

    @property
    def serial(self) -> int:
        """Of the statement in force; 0 when there is none."""
        return self._read.serial if self._read else 0

    def receipt(self, message: bytes) -> Receipt:
        """What the ledger says. Raises NotAuthentic for anybody else's word, ProtocolError."""
        payload = signing.verify(message, "receipt", self._unit, self._receipts)
        return messages.decode(payload, Receipt)

    def documents(self) -> Keys:
        """Who may sign documents."""
        return self._documents

    def refresh(self) -> None:
        """Read the statement again where it changed."""
        try:
            told = self.store.trust()
        except OperatorError as error:
            self.fault, self._read, self._receipts, self._documents = str(error), None, {}, {}
            return
        if told is not self._read:
            self._receipts, self._documents = told.receipt_keys(), told.document_keys()
        self.fault, self._read = "", told
