"""The federation's folder: where each key lies, reading and writing them. Decides nothing.

`offline/` goes to a safe (root and recovery key), `private/` stays on this machine alone,
`public/` may be given to anybody.
"""

from pathlib import Path
from typing import Final, Literal

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from protocol import closed_keys
from protocol.closed_keys import KeyStaysClosed, PrivateKey
from protocol.sealing import key_id

from . import files, issuing
from .errors import OperatorError
from .passphrase import Passphrase

OFFLINE: Final = ("root", "recovery")
"""Closed with the root's passphrase; what they protect outlives this machine."""
CLOSED: Final = ("devices", "servers", "sealing")
"""Closed with the authority's passphrase."""

Certified = Literal["root", "devices", "servers"]
"""What has a certificate of its own."""


class Folder:
    """Paths under one federation's folder."""

    def __init__(self, path: Path, offline: Path | None = None) -> None:
        self.path = path
        self.offline = offline or path / "offline"
        """Elsewhere while the medium from the safe is plugged in."""
        self.private, self.public = path / "private", path / "public"
        self.codes, self.old = self.private / "codes", self.private / "old"
        self.installations = self.private / "installations"
        self.registry = path / "registry.jsonl"
        self.statement = self.public / "statement"
        self.reset = self.private / "reset"
        """32 bytes: makes the codes that reset a forgotten PIN."""

    def key(self, name: str) -> Path:
        """The file of a private key in use."""
        return (self.offline if name in OFFLINE else self.private) / f"{name}.pem"

    def former(self, name: str, public: str) -> Path:
        """The file of a private key that was replaced, by its public half (or id) in hex."""
        suffix = "" if name == "reset" else ".pem"
        folder = self.offline / "old" if name in OFFLINE else self.old
        return folder / f"{name}-{public[:16]}{suffix}"

    def certificate(self, name: Certified) -> Path:
        """Of the root or an authority; an authority's may be followed by those it replaced."""
        return self.public / f"{name}.pem"

    def code(self, unit: str) -> Path:
        """`enrolment.code_key` of the unit's unused code, 32 bytes."""
        return self.codes / unit

    def installation(self, unit: str) -> Path:
        """The unit's bundle for a spare card, closed with a code that is not kept."""
        return self.installations / unit


def write_key(path: Path, key: PrivateKey, closed: Passphrase | None) -> None:
    """A private key, encrypted when a passphrase is given. Raises OperatorError."""
    files.write_private(path, closed.lock(key) if closed else closed_keys.leave_open(key))


def read_key(path: Path, closed: Passphrase | None = None) -> PrivateKey:
    """A private key. Raises OperatorError: not there, others may read it, wrong passphrase."""
    content = files.read(path, private=True)
    try:
        return closed.unlock(content) if closed else closed_keys.read(content)
    except KeyStaysClosed as error:
        if closed and closed_keys.is_closed(content):
            told = f"this passphrase does not open {path}: try again"
        else:
            told = f"{path} is damaged or of another kind ({error}): restore it from its backup"
        raise OperatorError(told) from error


def read_ed25519(path: Path, closed: Passphrase | None = None) -> Ed25519PrivateKey:
    """A key that signs. Raises OperatorError."""
    key = read_key(path, closed)
    if not isinstance(key, Ed25519PrivateKey):
        raise OperatorError(f"{path} is no key that signs: restore it from its backup")
    return key


def read_certificates(path: Path) -> list[x509.Certificate]:
    """The certificates of a PEM file, the one in force first. Raises OperatorError."""
    try:
        return x509.load_pem_x509_certificates(files.read(path))
    except ValueError as error:
        raise OperatorError(f"{path} holds no certificate: restore it from its backup") from error


def read_issuer(folder: Folder, name: Certified, closed: Passphrase) -> issuing.Issuer:
    """The root or an authority in force, ready to sign. Raises OperatorError."""
    certificate = read_certificates(folder.certificate(name))[0]
    key = read_ed25519(folder.key(name), closed)
    if key.public_key() != certificate.public_key():
        told = f"{folder.key(name)} is not the key of {folder.certificate(name)}: restore both"
        raise OperatorError(told)
    return issuing.Issuer(key, certificate)


def read_devices(folder: Folder, closed: Passphrase) -> list[issuing.Issuer]:
    """Every authority whose units are accepted, the one in force first. Raises OperatorError.

    There are two from `rotate devices` to its `--finish`: each keeps a revocation list.
    """
    latest = read_issuer(folder, "devices", closed)
    former = [
        issuing.Issuer(read_ed25519(folder.former("devices", certified_hex(one)), closed), one)
        for one in read_certificates(folder.certificate("devices"))[1:]
    ]
    return [latest, *former]


def read_reset(folder: Folder, name: str) -> bytes:
    """The reset master of that name, in use or replaced. Raises OperatorError."""
    for path in (folder.reset, folder.former("reset", name)):
        if path.exists() and id_hex(master := files.read(path, private=True)) == name:
            return master
    raise OperatorError(
        f"the reset master {name} is neither {folder.reset} nor in {folder.old}: restore it"
    )


def certified_hex(certificate: x509.Certificate) -> str:
    """The public key in a certificate of ours, raw, in hex."""
    key = certificate.public_key()
    if not isinstance(key, Ed25519PublicKey):
        raise OperatorError("a certificate with another kind of key than ours: restore the folder")
    return key.public_bytes_raw().hex()


def public_hex(key: PrivateKey) -> str:
    """The public half, in hex: what names a key in the registry."""
    return key.public_key().public_bytes_raw().hex()


def id_hex(secret: bytes) -> str:
    """Names a secret that has no public half."""
    return key_id(secret).hex()
