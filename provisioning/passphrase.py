"""What keeps a private key closed on disk: asks for it, stretches it. Prints and keeps none.

PKCS #8 as OpenSSL writes it stretches a passphrase with 2,048 rounds of PBKDF2, which is a
morning's work for a thief. So its password is the hex of an Argon2id of the passphrase, whose
salt stands in a line before the PEM block: any Argon2 and any OpenSSL open it in twenty years.
"""

import getpass
import os
import re
import warnings
from functools import lru_cache
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from .errors import OperatorError

MIN_LENGTH: Final = 12
PrivateKey = Ed25519PrivateKey | X25519PrivateKey

_SALT = re.compile(rb"Argon2id t=3 m=65536 p=1 salt=([0-9a-f]{32})\n")


class WrongPassphrase(ValueError):
    """It does not open this key."""


class Passphrase:
    """One passphrase; never shown by anything that prints it."""

    def __init__(self, text: str) -> None:
        self._text = text.encode()
        self._salt = os.urandom(16)

    def __repr__(self) -> str:
        return "Passphrase(…)"

    def lock(self, key: PrivateKey) -> bytes:
        """The key as encrypted PEM."""
        password = _stretched(self._text, self._salt)
        told = b"Argon2id t=3 m=65536 p=1 salt=%b\n" % self._salt.hex().encode()
        return told + _pem(key, BestAvailableEncryption(password))

    def unlock(self, pem: bytes) -> PrivateKey:
        """The inverse. Raises WrongPassphrase."""
        match = _SALT.match(pem)
        if match is None:
            raise WrongPassphrase("it was not closed here")
        password = _stretched(self._text, bytes.fromhex(match[1].decode()))
        try:
            return _ours(load_pem_private_key(pem[match.end() :], password))
        except (ValueError, TypeError) as error:
            raise WrongPassphrase("another passphrase") from error


def plain(key: PrivateKey) -> bytes:
    """The key as PEM that needs no passphrase."""
    return _pem(key, NoEncryption())


def read_plain(pem: bytes) -> PrivateKey:
    """The inverse of `plain`. Raises ValueError."""
    try:
        return _ours(load_pem_private_key(pem, None))
    except TypeError as error:
        raise ValueError("it is encrypted") from error


def ask(what: str, file: Path | None = None) -> Passphrase:
    """The passphrase of keys that exist. Raises OperatorError when it cannot be asked for."""
    return Passphrase(_from_file(file) if file else _typed(f"Passphrase of {what}: "))


def choose(what: str, file: Path | None = None) -> Passphrase:
    """A new passphrase, typed twice. Raises OperatorError: too short, or not twice the same."""
    if file:
        text = _from_file(file)
    else:
        text = _typed(f"New passphrase for {what}, {MIN_LENGTH} characters or more: ")
        if text != _typed("Once more: "):
            raise OperatorError(f"the passphrase for {what} was not typed twice alike: start again")
    if len(text) < MIN_LENGTH:
        raise OperatorError(
            f"the passphrase for {what} has {len(text)} characters: "
            f"take {MIN_LENGTH} or more, such as five words"
        )
    return Passphrase(text)


def _from_file(path: Path) -> str:
    try:
        if path.stat().st_mode & 0o007:
            raise OperatorError(f"{path} can be read by everybody: chmod o= it")
        return path.read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as error:
        raise OperatorError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise OperatorError(f"{path} is no text: write the passphrase into it, alone") from error


def _typed(prompt: str) -> str:
    try:
        with warnings.catch_warnings():
            # Without a terminal getpass would show what is typed.
            warnings.simplefilter("error", getpass.GetPassWarning)
            return getpass.getpass(prompt)
    except (getpass.GetPassWarning, EOFError) as error:
        told = "there is no terminal to ask for a passphrase on: give --passphrase-file FILE"
        raise OperatorError(told) from error


@lru_cache(maxsize=8)
def _stretched(text: bytes, salt: bytes) -> bytes:
    """OWASP's and RFC 9106's second choice: 64 MiB, about 0.3 s."""
    argon = Argon2id(salt=salt, length=32, iterations=3, lanes=1, memory_cost=64 * 1024)
    return argon.derive(text).hex().encode()


def _pem(key: PrivateKey, how: BestAvailableEncryption | NoEncryption) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how)


def _ours(key: object) -> PrivateKey:
    if not isinstance(key, PrivateKey):
        raise ValueError("it is neither an Ed25519 nor an X25519 key")
    return key
