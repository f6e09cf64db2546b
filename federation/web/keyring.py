"""The keys that the pages' process holds open: to sign documents, to open names. Writes none.

What a key is not there for cannot be done here, and the pages say so in a sentence.
"""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from ..config import FederationConfig
from ..errors import OperatorError
from ..keys import ed25519
from ..people import opening

_Key = TypeVar("_Key")
log = logging.getLogger("web")

NO_PUBLISHING = (
    "Rien ne peut être envoyé aux véhicules depuis ce serveur : la clé qui signe les documents n'y "
    "est pas ouverte. Ce qui est enregistré partira quand elle le sera."
)
NO_NAMES = (
    "Les prénoms et les téléphones ne peuvent pas être ouverts sur ce serveur : la clé n'y est pas."
)


class Keyring(NamedTuple):
    """What is open here."""

    documents: Ed25519PrivateKey | None = None
    sealing: X25519PrivateKey | None = None


_held = Keyring()


def held() -> Keyring:
    """The keys of this process."""
    return _held


def hold(keyring: Keyring) -> None:
    """Before the first page is asked for."""
    global _held  # one process, one ring: read at its start, as its settings are
    _held = keyring


def load(config: FederationConfig, passphrase: Path | None) -> Keyring:
    """Those that [keys] names and that open, by that passphrase where they have one.

    Raises OperatorError when the passphrase cannot be read; a key that stays closed is told.
    """
    ask = _asking(passphrase) if passphrase is not None else _nobody
    found = Keyring()
    if config.keys.documents is not None:
        found = found._replace(
            documents=_opened(lambda: ed25519(config.keys.documents, "[keys] documents", ask))
        )
    if config.keys.sealing is not None:
        found = found._replace(
            sealing=_opened(lambda: opening.private_key(config.keys.sealing, ask))
        )
    return found


def _opened(read: Callable[[], _Key]) -> _Key | None:
    try:
        return read()
    except OperatorError as error:
        log.warning("a key stays closed: %s", error)
        return None


def _asking(path: Path) -> Callable[[str], str]:
    try:
        said = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise OperatorError(f"{path} cannot be read as a passphrase: {error}.") from error
    return lambda _prompt: said


def _nobody(prompt: str) -> str:
    raise OperatorError(f"{prompt.removesuffix(': ')} is needed: start with --passphrase-file.")
