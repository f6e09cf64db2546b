"""Passphrases: asks for them, checks new ones. Prints and keeps none."""

import getpass
import os
import warnings
from pathlib import Path
from typing import Final

from protocol import closed_keys
from protocol.closed_keys import PrivateKey

from .errors import OperatorError

MIN_LENGTH: Final = 12


class Passphrase:
    """One passphrase; nothing that prints it shows it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._salt = os.urandom(16)

    def __repr__(self) -> str:
        return "Passphrase(…)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Passphrase) and other._text == self._text

    __hash__ = None  # type: ignore[assignment]

    def lock(self, key: PrivateKey) -> bytes:
        """The key as encrypted PEM."""
        return closed_keys.close(key, self._text, self._salt)

    def unlock(self, pem: bytes) -> PrivateKey:
        """The inverse. Raises KeyStaysClosed."""
        return closed_keys.read(pem, self._text)


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


def of_wifi(name: str, file: Path | None = None) -> str:
    """The password of a network, never in a command's own words. Raises OperatorError."""
    return _from_file(file) if file else _typed(f"Password of the network {name}: ")


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
