"""Personal fields sealed at capture, and whether that works just now. Keeps nothing in clear.

A unit that cannot seal refuses names, and names alone: whoever checks in is never refused.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, Literal

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from protocol import sealing
from protocol.errors import ProtocolError
from protocol.event import Key
from protocol.sealing import Binding

from ..errors import OperatorError
from ..identity.trusted import STATEMENT, TrustStore

EVERY: Final = 3600.0
"""Seconds between two trials."""
_PROBE, _NOWHERE = {"probe": "é"}, Key(1, 1)
Trouble = Literal["", "not_enrolled", "not_trusted"]


class Sealer:
    """Tries itself at its first step, and hourly."""

    def __init__(self, unit: str, data: Path) -> None:
        self._unit, self._store = unit, TrustStore(data)
        self._enrolled = data / "trust" / STATEMENT
        self._next = float("-inf")
        self.trouble: Trouble = ""
        """Why names are refused; empty: they are not."""
        self.fault = ""
        """The same as a sentence for whoever mends it."""

    def step(self, now: float) -> None:
        """`now`: monotonic seconds."""
        if now >= self._next:
            self._next = now + EVERY
            self.test()

    def test(self) -> None:
        """Seals a word to all whom the trust statement names, and one to a key of its own."""
        self.trouble, self.fault = "", ""
        try:
            self.sealing(_PROBE)(_NOWHERE)
            self._open_again()
        except (OperatorError, ProtocolError) as error:
            self.trouble = "not_trusted" if self._enrolled.exists() else "not_enrolled"
            self.fault = f"names are refused, they cannot be sealed: {error}"

    def sealing(self, fields: Mapping[str, str]) -> Callable[[Key], bytes]:
        """What makes the envelope of a row, of its key. Raises OperatorError."""
        recipients = self._store.trust().recipients()
        return lambda key: sealing.seal(fields, recipients, Binding(self._unit, key))

    def reset_secret(self) -> bytes:
        """What a right answer to a challenge is known by. Raises OperatorError."""
        return self._store.reset_secret()

    def _open_again(self) -> None:
        own, binding = X25519PrivateKey.generate(), Binding(self._unit, _NOWHERE)
        envelope = sealing.seal(_PROBE, [own.public_key()], binding)
        if sealing.open_envelope(envelope, [own], binding) != _PROBE:
            raise ProtocolError("what was sealed does not open")
