"""What the fleet's pages say in French: states, moments, measures. Decides nothing."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from ...projections.words import sane

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
    "update": "mise à jour",
    "trust": "confiance",
}
DUTIES: Final[Mapping[str, str]] = {
    "on": "en service",
    "paused": "en pause",
    "off": "service terminé",
}


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
    """Milliseconds since 1970 on the clock of a zone; 1970 for what no calendar has.

    A unit may say any moment: no word of one may take the page from all.
    """
    return datetime.fromtimestamp(sane(at, 0) / 1000, UTC).astimezone(ZoneInfo(zone))


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


def span(milliseconds: int) -> str:
    """57 min; 3 h 05; 2 jours: of what is long no more than matters."""
    minutes = milliseconds // 60_000
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 24 * 60:
        return f"{minutes // 60} h {minutes % 60:02}"
    days = minutes // (24 * 60)
    return f"{number(days)} jour{'s' if days > 1 else ''}"


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
UPDATE_FAILURES: Final[Mapping[str, str]] = {
    "disk": "carte mémoire",
    "fork": "carte restaurée ou copiée",
    "gps": "GPS muet",
    "clock": "l'heure à bord",
    "the screen drew nothing": "l'écran n'a rien montré",
    "no journal was written": "rien n'a été noté",
    "the vehicle service is dead": "le GPS et la lampe n'ont pas répondu",
    "it did not start": "elle n'a pas démarré",
    "or hung before it was found good": "ou s'est figée tout de suite",
    "it is not signed by the release key that this card trusts.":
        "elle n'est pas signée par notre clé de diffusion",
    "it is damaged: its signature is of something else.": "elle est abîmée",
}  # fmt: skip
"""What units say of an update that failed: troubles by their code, reasons in their own words."""


def of_failure(reason: str) -> tuple[str, str]:
    """Its parts in French, and those that nobody put into French, as the unit says them."""
    parts = reason.split(", ") if reason else []
    known = (UPDATE_FAILURES[part] for part in parts if part in UPDATE_FAILURES)
    return ", ".join(known), ", ".join(part for part in parts if part not in UPDATE_FAILURES)
