"""Opens an envelope, with a right, a reason and a line in the audit. Prints nothing.

The audit's line is on disk before the envelope is opened.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from protocol import closed_keys, sealing
from protocol.closed_keys import KeyStaysClosed
from protocol.sealing import Binding, SealError

from ..config import Store
from ..errors import OperatorError
from . import store
from .signups import SignUp
from .store import Deed


def private_key(path: Path | None, ask: Callable[[str], str]) -> X25519PrivateKey:
    """The sealing key, or the recovery key; `ask` for its passphrase. Raises OperatorError."""
    if path is None:
        raise OperatorError("names cannot be opened here: [keys] sealing names no file.")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise OperatorError(
            f"{path} cannot be read ({error.strerror}): only whoever may open names can."
        ) from error
    secret = ask(f"Passphrase of {path}: ") if closed_keys.is_closed(data) else None
    try:
        key = closed_keys.read(data, secret)
    except KeyStaysClosed as error:
        raise OperatorError(f"{path} does not open with that passphrase.") from error
    if not isinstance(key, X25519PrivateKey):
        raise OperatorError(f"{path} is not a sealing key: [keys] sealing names another file.")
    return key


def open_audited(
    web: Store, sign_up: SignUp, keys: Sequence[X25519PrivateKey], deed: Deed
) -> dict[str, str]:
    """The names, {} where there are none any more; `deed.about` is filled in.

    Raises OperatorError when the envelope does not open.
    """
    _record(web, [sign_up], deed)
    try:
        return _opened(sign_up, keys)
    except SealError as error:
        raise OperatorError(
            f"the envelope of {name_of(sign_up)} does not open: {error}; try the key that was in "
            "force when it was made, or the recovery key."
        ) from error


def open_those_that_do(
    web: Store, sign_ups: Sequence[SignUp], keys: Sequence[X25519PrivateKey], deed: Deed
) -> tuple[list[dict[str, str]], int]:
    """The names of each, and how many envelopes stayed closed: those give {} too.

    What one unit sealed wrongly keeps no name from another.
    """
    _record(web, sign_ups, deed)
    names, closed = [], 0
    for sign_up in sign_ups:
        try:
            names.append(_opened(sign_up, keys))
        except SealError:
            names.append({})
            closed += 1
    return names, closed


def name_of(sign_up: SignUp) -> str:
    """How the audit names a sign-up."""
    return f"{sign_up.unit} {sign_up.row.epoch}/{sign_up.row.seq}"


def _record(web: Store, sign_ups: Sequence[SignUp], deed: Deed) -> None:
    with store.writing(web) as database:
        for sign_up in sign_ups:
            if sign_up.envelope is not None:
                store.record(database, deed._replace(about=name_of(sign_up)))


def _opened(sign_up: SignUp, keys: Sequence[X25519PrivateKey]) -> dict[str, str]:
    if sign_up.envelope is None:
        return {}
    return sealing.open_envelope(sign_up.envelope, keys, Binding(sign_up.unit, sign_up.key))
