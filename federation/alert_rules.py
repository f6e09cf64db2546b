"""What is wrong with a vehicle, from what is known of it. Pure; every rule is one row of a table.

A rule that cannot know (the vehicle is silent, so its disk is not seen) says so.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, Literal, NamedTuple

from protocol.certificates import at

from .alerting import FEDERATION, MINUTE, Kind, Look, Verdict
from .fleet_troubles import CERTIFICATE, CLOCK, DISK

MEBIBYTE: Final = 1024 * 1024
BACKLOG: Final = 300
BACKLOG_OVER: Final = 50


class Seen(NamedTuple):
    """What is known of one vehicle; times in milliseconds since 1970."""

    subject: str
    territory: str
    silence: Literal["wrong", "fine", "planned", "unknown"]
    """As the expected state says (fleet_state.py)."""
    where: str = ""
    """Name of the stop, for people."""
    has_box: bool = True
    """Something came once of a unit that rides in it now."""
    fresh: bool = False
    """It is there and its latest word is of now."""
    backlog: int = 0
    duty: str | None = None
    gps: str | None = None
    disk_free: int | None = None
    """Bytes."""
    certificate_until: int | None = None
    clock_off: int | None = None
    """Its clock less ours when its latest word came; None with `fresh`: it does not know the time.
    """
    version: str = ""
    refused: Mapping[str, str] = {}
    """Kind of document → why."""
    waiting: tuple[str, ...] = ()
    """Kinds published and not applied."""
    forks: int = 0
    """In the last day, as the one below."""
    quarantined: int = 0
    """Messages kept as bytes or apart."""
    faults: tuple[str, ...] = ()


class Whole(NamedTuple):
    """What rules compare a vehicle with."""

    now: int
    version: str
    """The newest that any vehicle has."""
    open: frozenset[tuple[str, str]] = frozenset()
    """Keys of the open alerts: what is open ends by another measure than it began with."""


Found = tuple[Verdict, str, int | None]
FINE: Final[Found] = ("fine", "", None)
UNKNOWN: Final[Found] = ("unknown", "", None)
Rule = Callable[[Seen, Whole], Found]


def looks(fleet_seen: Iterable[Seen], now: int, open_: Iterable[tuple[str, str]]) -> list[Look]:
    """What every rule finds of every vehicle."""
    seen = list(fleet_seen)
    newest = max((each.version for each in seen if each.version), key=_numbers, default="")
    whole = Whole(now, newest, frozenset(open_))
    return [look for each in seen for look in _of(each, whole)]


def of_the_federation(trouble: str | None, update: str) -> Iterator[Look]:
    """What concerns no vehicle: `trouble` with the revocation lists, None when it is not known.

    `update`: why no vehicle gets the update that was on its way.
    """
    yield Look(FEDERATION, "update", "", "wrong" if update else "fine", update)
    if trouble is not None:
        yield Look(FEDERATION, "revocation", "", "wrong" if trouble else "fine", trouble)


def _of(seen: Seen, whole: Whole) -> Iterator[Look]:
    kind: Kind
    for kind, rule in RULES.items():
        verdict, detail, value = rule(seen, whole) if seen.has_box or kind == "silence" else FINE
        yield Look(seen.subject, kind, seen.territory, verdict, detail, value)


def _wrong(detail: str, value: int | None = None) -> Found:
    return "wrong", detail, value


def _silence(seen: Seen, _whole: Whole) -> Found:
    where = f"attendu à {seen.where}" if seen.where else "il devrait donner de ses nouvelles"
    return seen.silence, where if seen.silence == "wrong" else "", None


def _backlog(seen: Seen, whole: Whole) -> Found:
    if not seen.fresh:
        return UNKNOWN
    most = BACKLOG_OVER if (seen.subject, "backlog") in whole.open else BACKLOG
    if seen.backlog < most:
        return FINE
    return _wrong(f"{seen.backlog} événements attendent à bord et ne partent pas", seen.backlog)


def _gps(seen: Seen, _whole: Whole) -> Found:
    if not seen.fresh or seen.duty != "on" or seen.gps in (None, "off_duty"):
        return UNKNOWN
    words = {
        "absent": "aucun récepteur n'est trouvé",
        "silent": "le récepteur ne dit rien",
        "no_fix": "le récepteur ne trouve pas de position",
    }
    detail = words.get(seen.gps or "")
    return FINE if detail is None else _wrong(detail)


def _disk(seen: Seen, whole: Whole) -> Found:
    if not seen.fresh or seen.disk_free is None:
        return UNKNOWN
    # It is over at twice as much, as on board.
    least = 2 * DISK if (seen.subject, "disk") in whole.open else DISK
    if seen.disk_free >= least:
        return FINE
    return _wrong(f"{seen.disk_free // MEBIBYTE} Mio libres")


def _certificate(seen: Seen, whole: Whole) -> Found:
    if seen.certificate_until is None:
        return UNKNOWN
    left = seen.certificate_until - whole.now
    if left > CERTIFICATE:
        return FINE
    if left <= 0:
        return _wrong("le certificat est terminé : le véhicule n'est plus admis")
    return _wrong(f"le certificat se termine le {at(seen.certificate_until):%d/%m/%Y}")


def _clock(seen: Seen, _whole: Whole) -> Found:
    if not seen.fresh:
        return UNKNOWN
    if seen.clock_off is None:
        return _wrong("le véhicule ne connaît pas l'heure")
    if abs(seen.clock_off) <= CLOCK:
        return FINE
    way = "avance" if seen.clock_off > 0 else "retarde"
    return _wrong(f"l'horloge {way} de {abs(seen.clock_off) // MINUTE} minutes")


def _version(seen: Seen, whole: Whole) -> Found:
    if not seen.version:
        return UNKNOWN
    if _numbers(seen.version) >= _numbers(whole.version):
        return FINE
    return _wrong(f"version {seen.version}, d'autres ont déjà {whole.version}")


def _document(seen: Seen, _whole: Whole) -> Found:
    words = [f"{_DOCUMENTS.get(kind, kind)} : {why}" for kind, why in sorted(seen.refused.items())]
    if words:
        return _wrong("refusé par le véhicule, " + " ; ".join(words))
    if not seen.fresh:
        return UNKNOWN
    late = ", ".join(_DOCUMENTS.get(kind, kind) for kind in sorted(seen.waiting))
    return _wrong(f"pas encore en service à bord : {late}") if late else FINE


def _fork(seen: Seen, _whole: Whole) -> Found:
    if not seen.forks:
        return FINE
    return _wrong("une carte restaurée ou copiée a envoyé d'autres événements sous les mêmes clés")


def _quarantine(seen: Seen, _whole: Whole) -> Found:
    if not seen.quarantined:
        return FINE
    return _wrong(f"{seen.quarantined} messages illisibles ou mal signés depuis hier")


def _fault(seen: Seen, _whole: Whole) -> Found:
    if not seen.fresh:
        return UNKNOWN
    return _wrong(" ; ".join(seen.faults)) if seen.faults else FINE


def _numbers(version: str) -> tuple[int, ...]:
    """Of a version like 0.12.3; what is no number counts as 0."""
    parts = [int(part[:9]) if part.isdecimal() else 0 for part in version.split(".")[:4]]
    return tuple(parts + [0] * (4 - len(parts)))


_DOCUMENTS: Final = {
    "programme": "le programme", "tour": "la tournée", "settings": "les réglages",
    "notices": "les annonces", "roster": "la liste du jour", "trust": "les clés de confiance",
    "update": "la mise à jour",
}  # fmt: skip

RULES: Final[Mapping[Kind, Rule]] = {
    "silence": _silence,
    "backlog": _backlog,
    "gps": _gps,
    "disk": _disk,
    "certificate": _certificate,
    "clock": _clock,
    "version": _version,
    "document": _document,
    "fork": _fork,
    "quarantine": _quarantine,
    "fault": _fault,
}
