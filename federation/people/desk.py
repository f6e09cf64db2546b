"""Sign-ups by telephone, as the web's store has them, in the shape of a van's. Opens no envelope.

They are written by the pages (federation/web/programme); rosters, opening and erasing read them
here like any other sign-up, under the unit `federation`.
"""

from collections.abc import Iterator
from typing import Final

from protocol import sealing, standing
from protocol.event import Key
from protocol.retention import RULES
from protocol.workshops import SignedUp

from ..config import Store
from ..database import Database, reading_web
from ..planning.seats import DESK
from .signups import SignUp
from .store import writing

EPOCH: Final = 1
DAY: Final = 86_400_000
_ALL = """
SELECT desk_sign_up.id, workshop.code, number, seats, waiting, made, envelope, erased
FROM desk_sign_up JOIN workshop ON workshop.id = desk_sign_up.workshop_id ORDER BY desk_sign_up.id
"""
_FORGET = """
UPDATE desk_sign_up SET envelope = NULL, erased = ? WHERE envelope IS NOT NULL AND contact < ?
"""


def every(store: Store) -> list[SignUp]:
    """All of them as they stand now, oldest first; none before the pages ever ran."""
    with reading_web(store) as web:
        return list(_read(web))


def key_of(number: int) -> Key:
    """The key of the desk's sign-up with that row number."""
    return Key(EPOCH, number)


def is_of(sign_up: SignUp) -> bool:
    """Whether it was made at the desk."""
    return sign_up.unit == DESK


def forget(store: Store, now: int) -> None:
    """Forgets names that have been kept long enough since the last contact."""
    limit = now - RULES["federation.sealed"].days * DAY
    with writing(store) as web:
        if web.columns("desk_sign_up"):
            web.execute(_FORGET, (now, limit))


def _read(web: Database) -> Iterator[SignUp]:
    if not web.columns("desk_sign_up"):
        return
    for id_, workshop, number, seats, waiting, made, envelope, erased in web.execute(_ALL):
        envelope = bytes(envelope) if envelope is not None else None
        event = SignedUp(
            workshop=workshop, number=number, seats=seats, waiting=waiting, by_staff=True,
            sealed=sealing.digest(envelope) if envelope else "",
        )  # fmt: skip
        key = key_of(id_)
        yield SignUp(
            id_, DESK, key, key, made, made, event, envelope, erased, standing.begun(event)
        )
