"""How a spare card comes by the bundle of the unit it is to be: what it asks, what it believes.

Believes nobody on the way: what opens with the typed code was closed with it. Becomes nobody: root
does that, with the file this leaves (appliance/first_boot).
"""

import logging
from pathlib import Path
from typing import Final

from protocol import enrolment, installation, messages
from protocol.errors import ProtocolError
from protocol.installation import Installation, InstallRequest, Keys

from ..errors import OperatorError
from . import GIVEN, bundle, files, store, trusted
from .enrolling import ANSWER_WITHIN, State

NO_CODE: Final = "this is a spare card: type the installation code of the unit it is to be"

log = logging.getLogger("identity")


class Installing:
    """One spare card's request until it is answered; told and asked like an Enrolment."""

    def __init__(self, data: Path) -> None:
        self.state: State = "refused"
        self.why = NO_CODE
        """One sentence when it was refused, or nothing was typed."""
        self._data = data
        self._seen: object = None
        self._keys: Keys | None = None
        self._ask_at = float("-inf")
        if (store.folder(data) / GIVEN).exists():
            self.state, self.why = "issued", ""

    def look(self) -> None:
        """Notices that a code was typed."""
        seen = files.state(store.folder(self._data) / store.CODE)
        if seen == self._seen or self.state == "issued":
            return
        self._seen = seen
        code = files.read(store.folder(self._data) / store.CODE)
        if code is not None:
            self._keys = installation.keys(code.decode(errors="replace"))
            self.state, self.why, self._ask_at = "asking", "", float("-inf")

    def wants_line(self, now: float) -> bool:
        """Whether there is anything to ask or to hear."""
        return self.state == "asking"

    def new_line(self) -> None:
        """What was asked on the former line may be lost."""
        self._ask_at = float("-inf")

    def request(self, now: float) -> bytes | None:
        """The payload of enrol/<spare>/request when it is time."""
        if self.state != "asking" or self._keys is None or now < self._ask_at:
            return None
        self._ask_at = now + ANSWER_WITHIN
        return messages.encode(InstallRequest(name=self._keys.name))

    def heard(self, payload: bytes, now: float, utc: int) -> None:
        """Takes the answer; what is none changes nothing."""
        if self.state != "asking" or self._keys is None:
            return
        try:
            told = messages.decode(payload, Installation)
            if told.name != self._keys.name:
                raise ProtocolError("an answer about another code")
            content = installation.open_bundle(told, self._keys) if told.bundle else b""
            if content:
                self._check(content)
        except (ProtocolError, OperatorError) as error:
            log.warning("an answer to the installation was not believed: %s", error)
            return
        if content:
            files.write(store.folder(self._data) / GIVEN, content)
            self.state, self.why = "issued", ""
        else:
            self._refused(told.reason)

    def _check(self, content: bytes) -> None:
        """Whether it is a unit's, of this card's own root. Raises."""
        found = enrolment.read_bundle(content)
        if enrolment.is_spare(found.unit):
            raise ProtocolError("a bundle for no unit")
        known = files.read(self._data / "trust" / trusted.ROOT) or b""
        if bundle.key_of(found.root.encode()) != bundle.key_of(known):
            raise ProtocolError("a bundle of another root")

    def _refused(self, reason: str) -> None:
        self.state, self.why = "refused", reason or "no unit waits for this code"
        files.erase(store.folder(self._data) / store.CODE)
        self._seen = files.state(store.folder(self._data) / store.CODE)
