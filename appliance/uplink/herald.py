"""What the unit says about itself: birth and status to the federation, `uplink.json` on board.

Knows when to speak and what of; how rows fare it is told. Tells nothing of any person.
"""

import sqlite3
from collections.abc import Callable
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from protocol import __version__, messages, signing, topics
from protocol.event import Key
from protocol.messages import JournalStatus, Link, Place, Refusal, Status

from .. import runtime
from ..clock import BootClock, utc_at
from ..config import UnitConfig
from ..errors import OperatorError
from ..journal import JournalReader
from . import status
from .anchors import Anchors
from .place import place
from .session import Session

TICK = 2.0
"""Seconds between two looks at what the other processes say."""
STATUS_EVERY = 60.0
"""Seconds; sooner when a fact changes."""
ASK_EVERY = 5.0
"""Seconds between births that only ask for the receipt again."""


class Bearings(msgspec.Struct, frozen=True, kw_only=True):
    """How the uplink fares, as `uplink.json` and the status tell it."""

    line: str
    """up, trying, down."""
    why: str
    """What ended the last connection."""
    cause: str
    """The kind of it: no_route, silence, broker; "" when there is none."""
    enrolment: str
    """enrolled, none, asking, waiting, refused."""
    good: bool
    backlog: int
    journals: dict[str, list[JournalStatus]]
    documents: dict[str, int]
    refused: dict[str, Refusal]
    certificate: bytes
    """DER, of this connection."""
    certificate_until: int | None
    key: Ed25519PrivateKey | None
    """Of that certificate."""
    quarantined: int
    faults: tuple[str, ...]
    ask_again: bool
    """Whether a receipt is in doubt."""


class Herald:
    """Speaks for the uplink; decides nothing about rows."""

    def __init__(
        self,
        config: UnitConfig,
        *,
        clock: BootClock,
        anchors: Anchors,
        bearings: Callable[[], Bearings],
    ) -> None:
        self._paths, self._unit = config.paths, config.unit.id
        self._clock, self._anchors, self._bearings = clock, anchors, bearings
        self._said: Status | None = None
        self._tick_at = self._status_at = self._ask_at = float("-inf")
        self._birth_due = False
        self.introduced = False
        """Whether this connection has had its birth: nothing it signs can be proved before."""
        self._last_receipt: int | None = None

    def last_will(self) -> bytes:
        """What the broker says when the unit falls silent."""
        return messages.encode(Link(online=False, boot_id=self._clock.boot_id))

    def greet(self) -> None:
        """The line changed: say everything anew."""
        self._birth_due, self.introduced = True, False
        self._tick_at = self._status_at = float("-inf")

    def heard(self) -> None:
        """A receipt came and was understood."""
        self._last_receipt = self._clock.boottime()

    def speak(self, session: Session | None, now: float) -> None:
        """Whatever is due, as far as the session has room; the birth comes before all else."""
        news = self._look_round(now) if now >= self._tick_at else None
        if session is None:
            return
        if self._birth_due:
            topic = topics.up(self._unit, "link")
            self._birth_due = not session.publish(topic, self._birth(), mark="link", retain=True)
            self.introduced = self.introduced or not self._birth_due
        if news is not None:
            self._tell_status(session, news, now)

    def _look_round(self, now: float) -> Bearings:
        self._tick_at = now + TICK
        bearings = self._bearings()
        self._tell_board(bearings)
        if bearings.ask_again and now >= self._ask_at:
            self._birth_due, self._ask_at = True, now + ASK_EVERY
        return bearings

    def _birth(self) -> bytes:
        bearings = self._bearings()
        return messages.encode(
            Link(
                online=True,
                boot_id=self._clock.boot_id,
                utc=self._utc(),
                version=__version__,
                documents=bearings.documents,
                certificate=bearings.certificate,
            )
        )

    def _tell_board(self, bearings: Bearings) -> None:
        told = {
            "link": bearings.line,
            "why": bearings.why,
            "cause": bearings.cause,
            "enrolment": bearings.enrolment,
            "last_receipt": self._last_receipt,
            "backlog": bearings.backlog,
            "faults": bearings.faults,
            # The screen tells staff; it may not read the certificate itself.
            "certificate_until": bearings.certificate_until,
        }
        runtime.publish(self._paths.run, "uplink", told)

    def _tell_status(self, session: Session, bearings: Bearings, now: float) -> None:
        word = self._status(bearings)
        news = self._said is None or status.is_news(self._said, word)
        if not news and now < self._status_at:
            return
        topic = topics.up(self._unit, "status")
        if session.publish(topic, messages.encode(word), mark="status", retain=True):
            self._said, self._status_at = word, now + STATUS_EVERY

    def _status(self, bearings: Bearings) -> Status:
        vehicle = runtime.read(self._paths.run, "vehicle")
        keeper, screen = (runtime.read(self._paths.run, name) for name in ("keeper", "screen"))
        moment = status.moment(vehicle, keeper, screen)
        return Status(
            boot_id=self._clock.boot_id,
            boottime=self._clock.boottime(),
            utc=self._utc(),
            version=__version__,
            journals=bearings.journals,
            duty=moment.duty,
            place=self._place(vehicle),
            gps=moment.gps,
            disk_free=moment.disk_free,
            link="good" if bearings.good else "bad",
            battery_volts=moment.battery_volts,
            faults=(*moment.faults, *bearings.faults),
            documents=bearings.documents,
            refused=bearings.refused,
            certificate_until=bearings.certificate_until,
            day_key=moment.day_key,
            day_proof=self._day_proof(moment.day_key, bearings.key),
            quarantined=bearings.quarantined,
        )

    def _day_proof(self, day_key: str, key: Ed25519PrivateKey | None) -> bytes:
        if key is None or not day_key:
            return b""
        return signing.prove(key, "day", self._unit, bytes.fromhex(day_key))

    def _place(self, vehicle: dict[str, Any] | None) -> Place | None:
        try:
            stop = msgspec.convert((vehicle or {}).get("stop"), Key | None)
            with JournalReader.open(self._paths.data / "vehicle.db") as reader:
                return place(reader, stop, self._anchors)
        except (OperatorError, sqlite3.DatabaseError, msgspec.ValidationError):
            return None  # no place is told rather than a wrong one; the file's fault is told apart

    def _utc(self) -> int | None:
        anchor = self._anchors.current
        return None if anchor is None else utc_at(anchor, self._clock.boottime())
