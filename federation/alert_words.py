"""What people read about alerts: names of kinds, the digest as plain text. Pure; sends nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from .alerting import MINUTE
from .projections.words import sane

TITLES: Final[Mapping[str, str]] = {
    "silence": "Sans nouvelles",
    "network": "Réseau du territoire",
    "backlog": "Événements qui ne partent pas",
    "gps": "GPS",
    "disk": "Carte presque pleine",
    "certificate": "Certificat",
    "revocation": "Liste de révocation",
    "clock": "Horloge",
    "version": "Version en retard",
    "document": "Document",
    "fork": "Carte restaurée ou copiée",
    "quarantine": "Messages mis de côté",
    "fault": "Panne signalée à bord",
    "update": "Mise à jour arrêtée",
}
EVERYWHERE: Final = "Réseau de plusieurs territoires"


class Line(NamedTuple):
    """One alert as a digest tells it; times in milliseconds since 1970."""

    where: str
    """Vehicle and centre, or a territory."""
    title: str
    detail: str
    opened: int
    closed: int | None = None
    folded: tuple[str, ...] = ()
    """Vehicles that this one tells of."""


class Digest(NamedTuple):
    """What one person has not been told yet, and what remains."""

    new: Sequence[Line]
    over: Sequence[Line]
    remains: Sequence[Line]
    """Neither acknowledged nor muted."""
    hidden: int
    """Open ones that are acknowledged or muted."""

    @property
    def is_news(self) -> bool:
        """Whether there is anything to write about."""
        return bool(self.new or self.over)


def subject(digest: Digest) -> str:
    """The subject line; names nobody and no place."""
    words = []
    if digest.new:
        words.append(_counted(len(digest.new), "nouvelle alerte", "nouvelles alertes"))
    if digest.over:
        words.append(_counted(len(digest.over), "terminée", "terminées"))
    return "Escale : " + ", ".join(words)


def text(digest: Digest, zone: str, address: str) -> str:
    """The whole message; moments in that zone, `address` of the page."""
    parts = ["Bonjour,"]
    for heading, lines in (
        ("Nouveau", digest.new), ("Terminé", digest.over), ("Toujours là", digest.remains)
    ):  # fmt: skip
        if lines:
            parts.append("\n".join((f"{heading} :", *(_line(line, zone) for line in lines))))
    if digest.hidden:
        word = "déjà prise en charge ou en sourdine"
        plural = "déjà prises en charge ou en sourdine"
        parts.append(
            _counted(digest.hidden, f"autre alerte, {word}.", f"autres alertes, {plural}.")
        )
    parts.append(f"Détail, prise en charge et sourdine : {address}")
    parts.append(
        "Vous recevez ce résumé parce que votre compte suit ces véhicules ; la même page l'arrête."
    )
    return "\n\n".join(parts) + "\n"


def moment(utc: int, zone: str) -> str:
    """A moment as people say it, in their zone."""
    return datetime.fromtimestamp(sane(utc, 0) / 1000, ZoneInfo(zone)).strftime("%d/%m à %H h %M")


def span(length: int) -> str:
    """So many milliseconds, as people say them."""
    minutes = length // MINUTE
    if minutes == 0:
        return "tout de suite"
    return f"{minutes} minutes" if minutes < 24 * 60 else f"{minutes // (24 * 60)} jours"


def _line(line: Line, zone: str) -> str:
    told = f"- {line.where} — {line.title}"
    if line.detail:
        told += f" : {line.detail}"
    told += f" (depuis le {moment(line.opened, zone)}"
    if line.closed is not None:
        told += f", terminé le {moment(line.closed, zone)}"
    told += ")"
    if line.folded:
        told += "\n  concerne : " + ", ".join(line.folded)
    return told


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
