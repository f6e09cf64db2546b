"""What units sent by hand: taken out of its parcel here, into the ledger by ingest. Sends nothing.

The ledger has one writer. So the messages of a parcel lie in a folder until ingest has them, a
file a group; a file that is there twice, or again, adds nothing.
"""

import logging
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from protocol import parcel, topics
from protocol.errors import ProtocolError
from protocol.parcel import Message

from .config import Store
from .errors import OperatorError
from .source import Delivery

GROUP: Final = 100
"""Messages that the ledger takes together."""
LOOK_SECONDS: Final = 1.0
SUFFIX: Final = ".carried"

_encoder = msgspec.msgpack.Encoder()

log = logging.getLogger("ingest")


class Deposit(msgspec.Struct, frozen=True, array_like=True):
    """A file of the folder; its certificate comes with every group."""

    unit: str
    certificate: bytes
    batches: tuple[Message, ...]


_decoder = msgspec.msgpack.Decoder(Deposit)


class Group(NamedTuple):
    """What ingest takes at once."""

    path: Path
    unit: str
    certificate: bytes
    deliveries: list[Delivery]


def folder_of(store: Store) -> Path:
    """Beside the stores: there whoever gives work to ingest may write."""
    return store.data / "carried"


def unpack(
    parcel_: BinaryIO, keys: Iterable[X25519PrivateKey], folder: Path
) -> tuple[str, list[Path]]:
    """Opens a parcel and leaves all of it for ingest; whose it is, and the files.

    Raises OperatorError, having left nothing: it is damaged, or not sealed to these keys.
    """
    name, fresh = secrets.token_hex(6), list[Path]()
    try:
        unit, messages = parcel.read(parcel_, keys)
        # A group at a time: a copy may be larger than the memory. None counts before all are good.
        for number, deposit in enumerate(_deposits(unit, messages)):
            fresh.append(folder / f"{name}-{number:06d}.new")
            _write(fresh[-1], _encoder.encode(deposit))
        return unit, [_shown(path) for path in fresh]
    except ProtocolError as error:
        raise OperatorError(
            f"this copy cannot be read: {error}. Make it again on the vehicle, which still has all."
        ) from error
    finally:
        for path in fresh:
            path.unlink(missing_ok=True)


def _deposits(unit: str, messages: Iterable[Message]) -> Iterator[Deposit]:
    certificate, rest = b"", iter(messages)
    while group := tuple(islice(rest, GROUP)):
        certificate = next((m.payload for m in group if m.what == "certificate"), certificate)
        batches = tuple(m for m in group if m.what == "batch")
        yield Deposit(unit, certificate, batches)


def _write(path: Path, content: bytes) -> None:
    with _refusing(path.parent):
        path.parent.mkdir(mode=0o770, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())


def _shown(fresh: Path) -> Path:
    """Ingest sees it from now on."""
    with _refusing(fresh.parent):
        return fresh.replace(fresh.with_suffix(SUFFIX))


@contextmanager
def _refusing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OperatorError(
            f"{folder} takes no files ({error.strerror}): run this as ingest's user."
        ) from error


class Carried:
    """Ingest's side: a group now and then, gone once the ledger has it."""

    def __init__(self, folder: Path, is_ours: Callable[[str], bool] = lambda _unit: True) -> None:
        """`folder`: `folder_of` the store. `is_ours`: the units that this worker writes of."""
        self._folder, self._is_ours = folder, is_ours
        self._of_others = set[Path]()
        self._look_at = float("-inf")

    def look(self, now: float) -> Group | None:
        """The next group, if one lies there (`now`: monotonic seconds)."""
        if now < self._look_at:
            return None
        there = set(self._folder.glob(f"*{SUFFIX}"))
        self._of_others &= there
        path = min(there - self._of_others, default=None)
        if path is None:
            self._look_at = now + LOOK_SECONDS
            return None
        try:
            deposit = _decoder.decode(path.read_bytes())
            topic = topics.up(deposit.unit, "batch")
        except FileNotFoundError:
            return None  # the worker whose it is was quicker
        except (OSError, msgspec.DecodeError, UnicodeDecodeError, ProtocolError) as error:
            self.put_aside(path, f"it cannot be read: {error}")
            return None
        if not self._is_ours(deposit.unit):
            self._of_others.add(path)
            return None
        rows = [Delivery(topic, m.payload, (("rows", m.rows),)) for m in deposit.batches]
        return Group(path, deposit.unit, deposit.certificate, rows)

    def done(self, group: Group) -> None:
        """The ledger has it."""
        group.path.unlink(missing_ok=True)

    def put_aside(self, path: Path, why: str) -> None:
        """Nothing of it is taken, and nothing lost: a person may look at it."""
        log.warning("%s is put aside, %s", path, why)
        try:
            path.rename(path.with_suffix(".unread"))
        except OSError:
            self._look_at = float("inf")  # nothing can be done there: said once
