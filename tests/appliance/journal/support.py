"""Helpers of the journal's tests: check-ins, sealed sign-ups, and what a reader sees of them."""

from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from appliance.clock import Anchor
from appliance.journal import Journal, JournalReader
from appliance.twins.clock import SettableClock
from protocol import sealing
from protocol.event import Key
from protocol.row import Row, Tombstone
from protocol.visits import CheckedIn
from protocol.workshops import SignedUp

UTC = 1_795_000_000_000
"""Some day at the end of 2026, in milliseconds."""
DAY = 86_400_000
UNIT = "van-germaine"
FEDERATION, RECOVERY = X25519PrivateKey.generate(), X25519PrivateKey.generate()


def check_in(number: int = 1, **fields: object) -> CheckedIn:
    return CheckedIn(number=number, door="logement", theme="logement", **fields)


def sign_up(number: int = 1) -> SignedUp:
    return SignedUp(workshop="cv", number=number)


def sealed(
    name: str = "Aïcha", phone: str = "06 12 34 56 78", recipients: int = 2
) -> Callable[[Key], bytes]:
    """Seals a person to the key of their row, as the screen does."""
    keys = [FEDERATION.public_key(), *[RECOVERY.public_key()] * (recipients - 1)]
    person = {"first_name": name, "phone": phone}
    return lambda key: sealing.seal(person, keys, sealing.Binding(UNIT, key))


def name_in(envelope: bytes | None, key: Key) -> str:
    """The first name, opened as the federation does."""
    assert envelope is not None
    return sealing.open_envelope(envelope, [FEDERATION], sealing.Binding(UNIT, key))["first_name"]


def opened(path: Path, clock: SettableClock | None = None) -> Journal:
    return Journal.open(path, name=path.stem, clock=clock or SettableClock())


def anchored(journal: Journal, utc: int = UTC) -> None:
    """From now on the journal knows the time."""
    clock = journal.clock
    journal.anchor = Anchor(clock.boot_id, clock.boottime(), utc, "gps", 50)


def rows_of(path: Path, epoch: int | None = None) -> list[Row | Tombstone]:
    """All rows of one epoch, read step by step."""
    with JournalReader.open(path) as reader:
        rows: list[Row | Tombstone] = []
        seq = reader.span(epoch).purged_to
        while more := reader.rows(seq, epoch=epoch):
            rows += more
            seq = more[-1].seq
        return rows


def numbers_of(path: Path, epoch: int | None = None) -> list[int | None]:
    """The numbers of its check-ins; None for a row that is one no more."""
    with JournalReader.open(path) as reader:
        types = ["visit.checked_in"]
        return [entry.event.number for entry in reader.entries(types)]  # type: ignore[union-attr]
