"""Sign-ups as they are captured: sealed, kept, and only then answered. Knows no screen.

A name that cannot be sealed is refused; places without a name are taken all the same.
"""

import logging
from typing import Literal

import msgspec

from appliance.errors import JournalRefused, OperatorError
from appliance.vault import Sealer, Vault
from protocol.documents import RosterLine
from protocol.event import Key
from protocol.sealing import SealError
from protocol.workshops import SignedUp

from . import memory
from .house import House

log = logging.getLogger("screen")

SHOWN = 80
"""Letters of a name, and of a phone number, in today's list."""


class SignUp(msgspec.Struct, frozen=True, kw_only=True):
    """What became of it."""

    outcome: Literal["kept", "unsealed", "refused"]
    number: int = 0
    """What the person takes home."""
    key: Key | None = None
    """Where it is kept."""

    @property
    def words(self) -> str:
        """Key of the sentence to be shown."""
        return {
            "kept": "sign_up.kept",
            "unsealed": "sign_up.unsealed",
            "refused": "sign_up.refused",
        }[self.outcome]


class Capture:
    """Writes the screen's journal."""

    def __init__(self, house: House, vault: Vault, sealer: Sealer) -> None:
        self._house, self._vault, self._sealer = house, vault, sealer

    def sign_up(
        self,
        workshop: str,
        people: int,
        waiting: int,
        first_name: str,
        phone: str,
        *,
        by_staff: bool = False,
    ) -> SignUp:
        """On the card when it returns: sealed for the federation, and for today's staff.

        `waiting`: how many of the `people` wait for a seat. Both texts may be empty.
        """
        told = {"first_name": first_name.strip(), "phone": phone.strip()}
        try:
            number = memory.next_sign_up(self._house.journal.path)
        except OperatorError as error:
            return _refused(error)
        event = SignedUp(
            workshop=workshop, number=number, seats=people, waiting=waiting, by_staff=by_staff
        )
        try:
            key = self._keep(event, {name: text for name, text in told.items() if text})
        except JournalRefused as refused:
            return _refused(refused)
        except (OperatorError, SealError) as error:
            log.warning("a name was refused: %s", error)
            return SignUp(outcome="unsealed")
        return SignUp(outcome="kept", number=number, key=key)

    def _keep(self, event: SignedUp, personal: dict[str, str]) -> Key:
        journal, event = self._house.journal, self._house.marked(event)
        with journal.atomic():
            if personal:
                key = journal.append_sealed(event, self._sealer.sealing(personal))
            else:
                key = Key(journal.epoch, journal.append(event))
            self._vault.add(self._line(event, key, personal))
        return key

    def _line(self, event: SignedUp, key: Key, personal: dict[str, str]) -> RosterLine:
        return RosterLine(
            workshop=event.workshop,
            number=event.number,
            seats=event.seats,
            waiting=event.waiting,
            unit=self._house.config.unit.id,
            sign_up=key,
            **{name: text[:SHOWN] for name, text in personal.items()},
        )


def _refused(why: OperatorError) -> SignUp:
    log.warning("a sign-up was not kept: %s", why)
    return SignUp(outcome="refused")
