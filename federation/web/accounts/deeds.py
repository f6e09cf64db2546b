"""Writes what was done on the pages into the audit, and says it in words. Opens no name."""

import time
from typing import Any, Final

from ...people import store as people
from ...people.store import Deed
from .. import store

WORDS: Final = {
    "opened": "a ouvert un nom",
    "exported": "a remis une copie des données",
    "erased": "a demandé l'effacement",
    "roster": "a envoyé un nom à un véhicule",
    "carried": "a relu une copie apportée",
    "account_added": "a ouvert un compte",
    "account_changed": "a changé un compte",
    "account_closed": "a fermé un compte",
    "account_reopened": "a rouvert un compte",
    "account_code": "a donné un code de mot de passe",
    "password_chosen": "a choisi son mot de passe",
    "token_made": "a fait un jeton pour un programme",
    "token_closed": "a fermé le jeton d'un programme",
    "vehicle_added": "a ajouté le véhicule",
    "vehicle_changed": "a changé le véhicule",
    "vehicle_retired": "a retiré le véhicule du service",
    "vehicle_back": "a remis le véhicule en service",
    "box_moved": "a changé le boîtier à bord",
    "place_added": "a ajouté un territoire ou un centre",
    "pin_reset": "a fait choisir un nouveau code à l'équipe",
    "tour_moved": "a confié une tournée",
    "update_begun": "a publié une mise à jour",
    "update_resumed": "a repris la mise à jour",
    "update_stopped": "a arrêté la mise à jour",
    "update_mobile": "a autorisé la 4G pour la mise à jour",
    "identity_known": "est entré la première fois par le fournisseur d'identité",
}
"""Deeds of the audit, as the page says them; one that is not here is shown as it is."""


def now() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def by(account: Any) -> str:
    """How the audit names an account, apart from logins of the command line."""
    return f"compte {account.login}"


def deed(request: Any, what: str, about: str, reason: str) -> Deed:
    """A line of the audit, of whoever asks."""
    return Deed(now(), by(request.user), what, about, reason)


def note(line: Deed) -> None:
    """Durably, before the deed is done. Not inside a transaction of Django's."""
    with people.writing(store.config().store) as database:
        people.record(database, line)
