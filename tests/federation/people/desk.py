"""The federation's people on the bench: a ledger with sealed sign-ups, and who may open them."""

from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from federation.config import Store
from federation.ledger import Ledger
from federation.people import held
from federation.people.signups import SignUp
from federation.projections import basis
from federation.projections.projector import Projector
from protocol import batch, sealing
from protocol.batch import Header
from protocol.event import Event, Key
from protocol.events import encode_body
from protocol.row import NO_DIGEST, Row, chain
from protocol.sealing import Binding
from protocol.workshops import SignedUp

FEDERATION, RECOVERY = X25519PrivateKey.generate(), X25519PrivateKey.generate()
RECIPIENTS = [FEDERATION.public_key(), RECOVERY.public_key()]
EPOCH = 7
DAY = 86_400_000
SPRING = 1_780_000_000_000


class Desk:
    """One unit's journal as it arrives, an event at a time."""

    def __init__(self, store: Store, unit: str = "van-germaine") -> None:
        self.store, self.unit = store, unit
        self.ledger = Ledger.open(store)
        self.database = self.ledger.database
        self._projector = Projector(self.database, lambda: basis.NONE)
        self._seq, self._digest = 0, NO_DIGEST

    def tell(
        self,
        event: Event,
        *,
        utc: int = SPRING,
        received: int | None = None,
        envelope: bytes | None = None,
    ) -> Key:
        """The unit's next row, dated `utc`, arrives at that moment or another."""
        self._seq += 1
        previous, body = self._digest, encode_body(event)
        link = chain(previous, EPOCH, self._seq, event.TYPE, body, "boot", self._seq)
        self._digest = link
        row = Row(
            self._seq, event.TYPE, body, "boot", self._seq, utc, "gps", 0, link, None, envelope
        )
        header = Header(
            unit=self.unit,
            journal="screen",
            epoch=EPOCH,
            first=self._seq,
            last=self._seq,
            previous=previous.hex(),
        )
        with self.ledger.transaction():
            self.ledger.store(batch.decode(batch.encode(header, [row])), received or utc)
        while self._projector.step(0.0, budget=5.0):
            pass
        return Key(EPOCH, self._seq)

    def sign_up(
        self,
        number: int,
        first_name: str,
        *,
        utc: int = SPRING,
        received: int | None = None,
        to: Sequence[X25519PublicKey] = RECIPIENTS,
        workshop: str = "cv-telephone",
    ) -> Key:
        """Somebody signs up, with a name and a phone."""
        key = Key(EPOCH, self._seq + 1)
        fields = {"first_name": first_name, "phone": "06 12 34 56 78"}
        envelope = sealing.seal(fields, to, Binding(self.unit, key))
        event = SignedUp(workshop=workshop, number=number, sealed=sealing.digest(envelope))
        return self.tell(event, utc=utc, received=received, envelope=envelope)

    def found(self, number: int, unit: str | None = None, workshop: str | None = None) -> SignUp:
        """The one sign-up with that number."""
        return held.find(self.database, self.store, number, unit, workshop)

    def find(self, number: int, unit: str | None = None, workshop: str | None = None) -> SignUp:
        """The one sign-up with that number."""
        return held.find(self.database, self.store, number, unit, workshop)

    def envelope(self, key: Key) -> bytes | None:
        """What the ledger keeps of a sign-up's names."""
        row = self.database.execute(
            "SELECT envelope FROM sealed JOIN event ON event.id = sealed.event"
            " WHERE epoch = ? AND seq = ?",
            (key.epoch, key.seq),
        ).fetchone()
        return row and row[0]

    def close(self) -> None:
        """Lets the next writer in."""
        self.ledger.close()
