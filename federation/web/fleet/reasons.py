"""Why a vehicle stands as it does, and what is wrong with it, in French. Decides nothing.

A unit speaks English: its own words are shown on its own page alone, beside ours.
"""

from collections.abc import Callable, Mapping
from typing import Final

from ...fleet_state import Standing
from ...fleet_troubles import Trouble
from . import words

_WHY: Final[Mapping[str, str]] = {
    "should_be_at": "attendu à {place} depuis {until}",
    "was_due_at": "pas entendu à {place}, prévu à {until}",
    "on_duty": "en service à sa dernière nouvelle",
    "not_back": "pas entendu depuis sa dernière sortie",
    "out_of_white_zone": "devrait être revenu de {place} depuis {until}",
    "never_heard": "n'a encore jamais parlé",
    "forgotten": "plus rien depuis plus de trois semaines",
    "certificate_ended": "son certificat est terminé",
    "heard": "",
    "short": "coupure courte",
    "white_zone": "zone blanche : {place}, jusqu'à {until}",
    "on_the_way": "en route, {place}",
    "after_tour": "tournée finie",
    "off_duty": "service terminé",
    "night": "la nuit",
    "day_off": "jour de repos",
    "no_tour": "pas de tournée aujourd'hui",
    "no_unit": "aucun boîtier à bord",
    "retired": "n'est plus en service",
}
_TROUBLES: Final[Mapping[str, str]] = {
    "certificate_ended": "certificat terminé",
    "disk": "carte mémoire : {detail}",  # a fault on board, or bytes free
    "fork": "carte mémoire restaurée ou copiée",
    "battery": "batterie faible",
    "gps": "GPS muet",
    "clock": "l'heure à bord {detail}",
    "certificate": "certificat bientôt terminé",
    "refused": "document refusé ({detail})",
    "fault": "{detail}",
}
_DISK: Final[Mapping[str, str]] = {"disk low": "presque pleine", "disk full": "pleine"}
_FAULTS: Final[Mapping[str, str]] = {
    "nobody at the federation listens": "la fédération n'écoute pas",
    "not renewed": "certificat pas encore renouvelé",
    "not signed by our federation": "reçoit des messages qui ne sont pas signés par la fédération",
    "were not understood": "reçoit des messages qu'il ne comprend pas",
    "kept unread at the federation": "des lignes envoyées n'ont pas pu être lues",
    "not those of this card": "d'autres lignes que celles de sa carte sont déjà reçues",
}
"""What a unit's known faults have in common → the same in French. Its own words go to its page."""
FAULT: Final = "un défaut signalé à bord"


def why(standing: Standing, troubles: list[Trouble], zone: str, now: int) -> str:
    """The reason of a state, in a few words."""
    if standing.why == "trouble":
        return _together(troubles)
    until = "" if standing.until is None else words.moment(standing.until, zone, now)
    said = _WHY[standing.why].format(place=standing.place, until=until)
    if standing.state == "missing" and standing.why in ("never_heard", "no_unit"):
        said += f", attendu à {standing.place}"
    if standing.state == "missing" and troubles:
        said += f" ({_together(troubles)})"
    return said


def _together(troubles: list[Trouble]) -> str:
    """One of each sort, but for faults, of which each may say something of its own."""
    first = {
        each.code if each.code != "fault" else trouble(each): each for each in reversed(troubles)
    }
    return ", ".join(trouble(each) for each in reversed(first.values()))


def trouble(found: Trouble) -> str:
    """What is wrong, in French whatever the unit said."""
    said = _DETAILS.get(found.code)
    return _TROUBLES[found.code].format(detail="" if said is None else said(found.detail))


def own(found: Trouble) -> str:
    """The unit's own words for it, in English, where ours do not say all of them."""
    if found.code == "refused":
        return found.detail.partition(": ")[2]
    told = found.code in ("disk", "fault") and not found.detail.isdecimal()
    return found.detail if told and found.detail not in _DISK else ""


def _disk(detail: str) -> str:
    if detail.isdecimal():
        return f"il ne reste que {words.size(int(detail))}"
    return _DISK.get(detail, "à vérifier")


def _clock(detail: str) -> str:
    off = int(detail)
    return f"{'avance' if off > 0 else 'retarde'} de {words.span(abs(off))}"


def _document(detail: str) -> str:
    kind = detail.partition(": ")[0]
    return words.KINDS.get(kind, kind)


def _fault(detail: str) -> str:
    return next((said for part, said in _FAULTS.items() if part in detail), FAULT)


_DETAILS: Final[Mapping[str, Callable[[str], str]]] = {
    "disk": _disk, "clock": _clock, "refused": _document, "fault": _fault,
}  # fmt: skip
