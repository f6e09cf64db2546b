"""Whom the unit believes: root, device authority, trust statement. Follows no older statement.

Read by every service on board, as often as it likes: a file is read again when it has changed.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding

from protocol import trust
from protocol.errors import ProtocolError
from protocol.trust import Trust

from ..errors import OperatorError
from . import files

ROOT: Final = "root.pem"
DEVICES: Final = "devices.pem"
STATEMENT: Final = "statement"
RESET_SECRET: Final = "reset-secret"  # noqa: S105 (the name of its file)
SECRET_SIZE: Final = 32

MEND = "give this unit its bundle again (escale enrol BUNDLE)"

_Told = TypeVar("_Told")


class TrustStore:
    """The folder `trust` of a unit. Everything raises OperatorError, one sentence."""

    def __init__(self, data: Path) -> None:
        self.folder = data / "trust"
        self._held: dict[str, tuple[object, Any]] = {}
        """File → the state in which it and its root were read, and what it says."""
        self._newest: Trust | None = None

    def root(self) -> Ed25519PublicKey:
        """The key that signs trust statements."""
        key = self.root_certificate().public_key()
        if not isinstance(key, Ed25519PublicKey):
            raise OperatorError(f"{self.folder / ROOT} has no Ed25519 key: {MEND}.")
        return key

    def root_certificate(self) -> x509.Certificate:
        """The root of everything."""
        return self._read(ROOT, _certificate)

    def devices(self) -> x509.Certificate:
        """The authority that issues the units' certificates."""
        devices = self._read(DEVICES, _certificate)
        try:
            devices.verify_directly_issued_by(self.root_certificate())
        except (ValueError, TypeError, InvalidSignature) as error:
            raise OperatorError(f"{self.folder / DEVICES} is not this root's: {MEND}.") from error
        return devices

    def trust(self) -> Trust:
        """Whom to seal to and to believe: the newest statement seen, never an older one."""
        told = self._read(STATEMENT, lambda content: trust.read(content, self.root()))
        if self._newest is None or told.serial > self._newest.serial:
            self._newest = told
        return self._newest

    def replace(self, statement: bytes) -> Trust:
        """Follows another statement from now on. Raises OperatorError when it is none to follow.

        It must be the root's, and of a higher serial than the one in force.
        """
        try:
            told = trust.read(statement, self.root())
        except ProtocolError as error:
            raise OperatorError(f"not a trust statement of this unit's root: {error}.") from error
        held = self.serial()
        if told.serial <= held:
            raise OperatorError(
                f"a trust statement of serial {told.serial}, {held} is in force: send a newer one."
            )
        files.write(self.folder / STATEMENT, statement, files.SHARED)
        return self.trust()

    def reset_secret(self) -> bytes:
        """What a code proves that resets a forgotten PIN: 32 bytes."""
        return self._read(RESET_SECRET, _secret)

    def serial(self) -> int:
        """In force; 0 when the statement on the card cannot be used: any good one mends it."""
        try:
            return self.trust().serial
        except OperatorError:
            return self._newest.serial if self._newest else 0

    def _read(self, name: str, decode: Callable[[bytes], _Told]) -> _Told:
        path = self.folder / name
        state = files.state(path), files.state(self.folder / ROOT)
        held: tuple[object, _Told] | None = self._held.get(name)
        if held is not None and state == held[0]:
            return held[1]
        content = files.read(path)
        if content is None:
            raise OperatorError(f"{path} is not there: {MEND}.")
        try:
            told = decode(content)
        except (ProtocolError, ValueError, x509.InvalidVersion) as error:
            raise OperatorError(f"{path} cannot be used ({error}): {MEND}.") from error
        self._held[name] = (state, told)
        return told


def _certificate(content: bytes) -> x509.Certificate:
    return x509.load_pem_x509_certificate(content)


def _secret(content: bytes) -> bytes:
    if len(content) != SECRET_SIZE:
        raise ValueError(f"{len(content)} bytes, not {SECRET_SIZE}")
    return content


def pem(certificate: x509.Certificate) -> bytes:
    """A certificate as its file holds it."""
    return certificate.public_bytes(Encoding.PEM)
