"""What is known of each unit beside its events: whether it is there, and its latest word."""

from protocol import messages
from protocol.messages import Link, Status

from .database import Database

MOST = 10_000
"""Units that are listed; of more, facts are stored and answered all the same. No federation has so
many, but whoever owns the broker can invent names without end."""

_MEET = """
INSERT INTO unit (unit, first_seen)
SELECT ?, ? WHERE (SELECT count(*) FROM unit) < ? ON CONFLICT DO NOTHING
"""


def meet(database: Database, unit: str, received: int) -> bool:
    """Makes sure the unit is listed, while the list is not full; whether it was already."""
    known = is_listed(database, unit)
    if not known:  # counting them each time would cost more
        database.execute(_MEET, (unit, received, MOST))
    return known


def is_listed(database: Database, unit: str) -> bool:
    """Whether the ledger has heard of it."""
    found = database.execute("SELECT 1 FROM unit WHERE unit = ?", (unit,))
    return found.fetchone() is not None


def heard_link(database: Database, unit: str, payload: bytes, received: int) -> Link:
    """Notes a birth or a last will. The same word again moves nothing. Raises ProtocolError."""
    link = messages.decode(payload, Link)
    database.execute(
        "UPDATE unit SET online = :online, link = :link,"
        " since = CASE WHEN online = :online AND link = :link THEN since ELSE :now END"
        " WHERE unit = :unit",
        {"online": link.online, "link": payload, "now": received, "unit": unit},
    )
    return link


def heard_status(database: Database, unit: str, payload: bytes, received: int) -> Status:
    """Keeps the unit's latest word about itself. Raises ProtocolError.

    The broker gives the retained one again at every subscription: the same bytes are no new word.
    """
    status = messages.decode(payload, Status)
    database.execute(
        "UPDATE unit SET status = :status, status_received ="
        " CASE WHEN status = :status THEN status_received ELSE :now END WHERE unit = :unit",
        {"status": payload, "now": received, "unit": unit},
    )
    return status


def note_day_key(database: Database, unit: str, day_key: str | None) -> None:
    """Notes to which key the unit's roster may be sealed, in hexadecimal; None: to nobody's."""
    database.execute("UPDATE unit SET day_key = ? WHERE unit = ?", (day_key, unit))


def with_day_key(database: Database) -> list[tuple[str, Status]]:
    """Units whose roster may be sealed, with the status that named the key."""
    rows = database.execute("SELECT unit, status FROM unit WHERE day_key IS NOT NULL").fetchall()
    return [(unit, messages.decode(status, Status)) for unit, status in rows]


def sent_a_forgery(database: Database, unit: str) -> None:
    """Counts a message in its name that is not authentic."""
    database.execute("UPDATE unit SET not_authentic = not_authentic + 1 WHERE unit = ?", (unit,))
