"""The trust statement: what the registry says of keys, signed by the root. Publishes none."""

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from protocol import certificates, trust
from protocol.errors import ProtocolError
from protocol.trust import Trust

from . import facts, files, keys
from .errors import OperatorError
from .issuing import Issuer
from .keys import Folder
from .registry import Writing
from .state import State


def trust_of(known: State, now: datetime) -> Trust:
    """The statement with the serial that the registry says."""
    return Trust(
        serial=known.statement,
        made=int(now.timestamp() * 1000),
        sealing=(known.keys["sealing"][-1], known.keys["recovery"][-1]),
        documents=tuple(known.keys["documents"]),
        receipts=tuple(known.keys["receipts"]),
    )


def sign(known: State, root: Issuer, now: datetime) -> bytes:
    """The signed statement."""
    return trust.sign(root.key, trust_of(known, now))


def renew(folder: Folder, log: Writing, root: Issuer, now: datetime) -> int:
    """Signs the next one, of the keys in use now; its serial. Raises OperatorError.

    The registry is told first: a serial is never used for two statements.
    """
    log.append(facts.StatementSigned(at=now, serial=log.state.statement + 1))
    files.write_public(folder.statement, sign(log.state, root, now))
    return log.state.statement


def in_force(folder: Folder, known: State) -> bytes:
    """The statement, when it says what the registry says. Raises OperatorError."""
    content = files.read(folder.statement)
    root = keys.certified_hex(keys.read_certificates(folder.certificate("root"))[0])
    try:
        held = trust.read(content, Ed25519PublicKey.from_public_bytes(bytes.fromhex(root)))
    except ProtocolError as error:
        raise OperatorError(f"{folder.statement} cannot be used ({error}): {_AGAIN}") from error
    if held != trust_of(known, certificates.at(held.made)):
        raise OperatorError(f"{folder.statement} does not say what the registry says: {_AGAIN}")
    return content


_AGAIN = "sign it again with escale-provision statement --sign"
