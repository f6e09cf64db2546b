"""The rosters: today's and tomorrow's names, sealed to the day key of the van that needs them.

Made where names may be opened, sent through the outbox. A van that named no day key gets none.
"""

import hmac
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from protocol import sealing
from protocol.documents import Programme, Roster, RosterLine, roster_info
from protocol.standing import Standing

from .. import outbox
from ..config import Store
from ..database import Database, reading_web
from . import desk, opening, signups, store
from .signups import SignUp
from .store import Deed

BEFORE: Final = 12 * 3_600_000
AFTER: Final = 48 * 3_600_000
"""Milliseconds around now: today and tomorrow in whatever zone the van is."""


_SIGN_UPS = "SELECT event, seats, waiting FROM signed_up WHERE workshop = ? ORDER BY event"


class Wanted(NamedTuple):
    """A van that can read a roster, and whose workshops it holds."""

    unit: str
    day_key: str
    workshops: set[str]


def wanted(database: Database, web: Store, now: int) -> list[Wanted]:
    """The vans that named a day key, with the workshops of their programme that are near."""
    programmes = {item.unit: item.body for item in outbox.latest(web) if item.kind == "programme"}
    found = []
    for unit, key in database.execute("SELECT unit, day_key FROM unit ORDER BY unit").fetchall():
        if key and unit in programmes:
            found.append(Wanted(unit, key, _near(programmes[unit], now)))
    return found


def known(database: Database, web: Store, wants: Iterable[Wanted]) -> list[SignUp]:
    """All sign-ups for the workshops of these vans, those of the federation's desk too.

    As the tables for reading have them: nobody looks through the whole ledger each minute.
    """
    near = frozenset().union(*(want.workshops for want in wants))
    found = []
    for workshop in sorted(near):
        for event, seats, waiting in database.execute(_SIGN_UPS, (workshop,)).fetchall():
            sign_up = signups.of_row(database, event)
            if sign_up is not None:
                found.append(sign_up._replace(stands=_standing(sign_up, seats, waiting)))
    return [*found, *(line for line in desk.every(web) if line.event.workshop in near)]


def sign_ups_for(all_known: Iterable[SignUp], want: Wanted) -> list[SignUp]:
    """Wherever they were made, as they stand now; those that were given back are left out."""
    return [
        line for line in all_known if line.stands.seats and line.event.workshop in want.workshops
    ]


def lines(sign_ups: Sequence[SignUp], names: Sequence[dict[str, str]]) -> list[RosterLine]:
    """The lines of a roster, by workshop and number."""
    made = [
        RosterLine(
            workshop=line.event.workshop,
            number=line.event.number,
            seats=line.stands.seats,
            waiting=line.stands.waiting,
            first_name=told.get("first_name", "")[:80],
            phone=told.get("phone", "")[:80],
            unit=line.unit,
            sign_up=line.key,
        )
        for line, told in zip(sign_ups, names, strict=True)
    ]
    return sorted(made, key=lambda line: (line.workshop, line.number))


def mark(keys: Sequence[X25519PrivateKey], sign_ups: Sequence[SignUp]) -> bytes:
    """Tells one state of a roster from another without telling anything of it.

    With another key more names may open: that is another state.
    """
    lines_told = [(line.unit, line.key, line.erased, line.stands) for line in sign_ups]
    told = repr((lines_told, [key.public_key().public_bytes_raw() for key in keys]))
    return hmac.digest(keys[0].private_bytes_raw(), told.encode(), "sha256")


def body(want: Wanted, told: Sequence[RosterLine]) -> bytes:
    """The document's body: nobody reads it but whoever holds the day key. Raises SealError."""
    public = X25519PublicKey.from_public_bytes(bytes.fromhex(want.day_key))
    sealed = sealing.seal_bytes(msgspec.json.encode(told), public, roster_info(want.unit))
    return msgspec.json.encode(Roster(day_key=want.day_key, sealed=sealed))


def is_sent(web: Store, want: Wanted, state: bytes) -> bool:
    """Whether that van was given this very roster, under this very key."""
    with reading_web(web) as database:
        if not database.columns("roster"):
            return False
        row = database.execute(
            "SELECT day_key, mark FROM roster WHERE unit = ?", (want.unit,)
        ).fetchone()
    return row is not None and (row[0], bytes(row[1])) == (want.day_key, state)


def note(web: Store, want: Wanted, state: bytes) -> None:
    """Remembers what the van was given."""
    with store.writing(web) as database:
        database.execute(
            "INSERT INTO roster (unit, day_key, mark) VALUES (?, ?, ?) ON CONFLICT (unit)"
            " DO UPDATE SET day_key = excluded.day_key, mark = excluded.mark",
            (want.unit, want.day_key, state),
        )


def open_lines(
    web: Store,
    want: Wanted,
    sign_ups: list[SignUp],
    keys: Sequence[X25519PrivateKey],
    deed: Deed,
) -> tuple[list[RosterLine], int]:
    """Opens what one van needs: each name is a line in the audit; how many stayed closed."""
    reason = f"{deed.reason} {want.unit}".strip()
    told = deed._replace(reason=reason)
    names, closed = opening.open_those_that_do(web, sign_ups, keys, told)
    return lines(sign_ups, names), closed


def _standing(sign_up: SignUp, seats: int, waiting: int) -> Standing:
    return Standing(event=sign_up.event, seats=seats, waiting=waiting, since=0)


def _near(programme: bytes, now: int) -> set[str]:
    """Ids of its workshops that begin today or tomorrow."""
    workshops = msgspec.json.decode(programme, type=Programme).workshops
    return {one.id for one in workshops if now - BEFORE <= one.starts <= now + AFTER}
