"""What the fleet's pages say in French: states, reasons, troubles, moments. Decides nothing."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from ...fleet_state import Standing
from ...fleet_troubles import Trouble

STATES: Final[Mapping[str, str]] = {
    "missing": "Sans nouvelles",
    "trouble": "En difficulté",
    "online": "En ligne",
    "quiet": "Silence prévu",
}
LETTERS: Final[Mapping[str, str]] = {"missing": "m", "trouble": "t", "online": "o", "quiet": "q"}
"""Classes and shapes of a state."""
KINDS: Final[Mapping[str, str]] = {
    "tour": "tournées",
    "programme": "programme",
    "settings": "réglages",
    "notices": "annonces",
    "roster": "liste du jour",
    "trust": "confiance",
}
DUTIES: Final[Mapping[str, str]] = {
    "on": "en service",
    "paused": "en pause",
    "off": "service terminé",
}
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
    "disk": "carte mémoire : {detail}",
    "fork": "carte mémoire restaurée ou copiée",
    "battery": "batterie faible",
    "gps": "GPS muet",
    "clock": "horloge fausse de {detail}",
    "certificate": "certificat bientôt terminé",
    "refused": "document refusé ({detail})",
    "fault": "{detail}",
}
_FAULTS: Final[Mapping[str, str]] = {
    "disk low": "presque pleine",
    "disk full": "pleine",
    "battery low": "batterie faible",
    "nobody at the federation listens to this broker": "la fédération n'écoute pas",
}
"""Common words of a unit; others are shown as they came."""


def why(standing: Standing, troubles: list[Trouble], zone: str, now: int) -> str:
    """The reason of a state, in a few words."""
    if standing.why == "trouble":
        return _together(troubles)
    until = "" if standing.until is None else moment(standing.until, zone, now)
    said = _WHY[standing.why].format(place=standing.place, until=until)
    if standing.state == "missing" and standing.why in ("never_heard", "no_unit"):
        said += f", attendu à {standing.place}"
    if standing.state == "missing" and troubles:
        said += f" ({_together(troubles)})"
    return said


def _together(troubles: list[Trouble]) -> str:
    """One of each sort, but for faults, of which each says something of its own."""
    first = {
        each.code if each.code != "fault" else each.detail: each for each in reversed(troubles)
    }
    return ", ".join(trouble(each) for each in reversed(first.values()))


def trouble(found: Trouble) -> str:
    """What is wrong."""
    detail = _FAULTS.get(found.detail, found.detail)
    if found.code == "refused":
        kind, _, reason = detail.partition(": ")
        detail = f"{KINDS.get(kind, kind)} : {reason}" if reason else KINDS.get(kind, kind)
    return _TROUBLES[found.code].format(detail=detail)


def moment(at: int | None, zone: str, now: int) -> str:
    """A moment in the vehicle's own time: the hour today, the day too otherwise."""
    if at is None:
        return "–"
    here = local(at, zone)
    today = local(now, zone)
    if here.date() == today.date():
        return f"{here:%H:%M}"
    if here.year == today.year:
        return f"{here:%d/%m %H:%M}"
    return f"{here:%d/%m/%Y}"


def local(at: int, zone: str) -> datetime:
    """Milliseconds since 1970 on the clock of a zone."""
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(ZoneInfo(zone))


_DAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip


def day(of: date) -> str:
    """Jeudi 28 mai 2026."""
    number = "1er" if of.day == 1 else str(of.day)
    return f"{_DAYS[of.weekday()]} {number} {_MONTHS[of.month - 1]} {of.year}"


def city(zone: str) -> str:
    """What a zone is called: Cayenne."""
    name = zone.rpartition("/")[2].replace("_", " ")
    return _CITIES.get(name, name)


_CITIES: Final = {"Reunion": "La Réunion", "Noumea": "Nouméa", "St Barthelemy": "Saint-Barthélemy"}


def number(value: int) -> str:
    """1 203, with the thin space that French puts there."""
    return f"{value:,}".replace(",", "\u202f")


def size(octets: int) -> str:
    """5 Go; to the tenth where it begins to matter."""
    if octets >= 3_000_000_000:
        return f"{octets // 1_000_000_000}\u202fGo"
    if octets >= 1_000_000_000:
        return f"{octets / 1_000_000_000:.1f}".replace(".", ",") + "\u202fGo"
    return f"{octets // 1_000_000}\u202fMo"


def volts(value: float) -> str:
    """12,6 V."""
    return f"{value:.1f}".replace(".", ",") + "\u202fV"


SOURCES: Final[Mapping[str, str]] = {
    "gps": "GPS",
    "driver": "conduite",
    "both": "GPS et conduite",
    "": "source inconnue",
}
GPS: Final[Mapping[str, str]] = {
    "absent": "aucun récepteur",
    "silent": "muet",
    "no_fix": "cherche sa position",
    "fix": "position connue",
    "off_duty": "arrêté, service terminé",
}
COVERAGE: Final[Mapping[str, str]] = {
    "white": "zone blanche",
    "covered": "réseau",
    "unknown": "réseau inconnu",
}
JOURNEY: Final[Mapping[str, str]] = {
    "unit.booted": "démarrage",
    "settings.applied": "document",
    "update.applied": "mise à jour",
    "journal.set_aside": "journal abîmé mis de côté",
    "journal.rotated": "journal repris sous un autre numéro",
    "disk.faulted": "écriture refusée par la carte",
    "help.requested": "aide demandée à l'écran",
    "staff.unlocked": "espace de l'équipe ouvert",
    "clock.set": "horloge réglée",
}
"""Types of events of a status history."""
OUTCOMES: Final[Mapping[str, str]] = {
    "applied": "appliqué",
    "refused": "refusé",
    "rolled_back": "annulé",
}
