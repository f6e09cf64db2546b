"""All that is held about one sign-up, for the person it is about. Writes one JSON document."""

from typing import Any

import msgspec

from ..database import Database
from . import signups
from .signups import SignUp


def document(
    database: Database, sign_up: SignUp, names: dict[str, str], deeds: list[Any]
) -> dict[str, Any]:
    """What is held, in the words of the protocol; `deeds`: who opened it, and why."""
    event = msgspec.to_builtins(sign_up.event)
    event.pop("sealed", None)
    words = signups.told_of(signups.told(database), sign_up)
    now = signups.stands(sign_up, words)
    return {
        "unit": sign_up.unit,
        "key": list(msgspec.to_builtins(sign_up.row)),
        "utc": sign_up.utc,
        "received": sign_up.received,
        "sign_up": event,
        "names": names,
        "erased": sign_up.erased,
        "told_later": [
            {"utc": word.utc, "type": word.event.TYPE, "body": msgspec.Raw(word.body)}
            for word in words
        ],
        "stands": {"seats": now.seats, "waiting": now.waiting},
        "opened": [
            {"at": deed.at, "who": deed.who, "deed": deed.deed, "reason": deed.reason}
            for deed in deeds
        ],
    }
