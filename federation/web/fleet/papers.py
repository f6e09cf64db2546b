"""What is known of a box beside its days: documents, certificates, what was kept apart, history.

Reads both stores; writes nothing and opens nothing that is sealed.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

import msgspec

from ... import outbox
from ...config import Store
from ...database import Database
from ...fleet_facts import UnitFacts
from ..accounts.deeds import WORDS as DEEDS
from . import words

HISTORY: Final = 60
REPORTS: Final = 5
KEPT: Final = 40


class Paper(NamedTuple):
    """A kind of document: wanted beside applied."""

    kind: str
    wanted: int | None
    applied: int | None
    state: str
    """ok, waiting, refused or other."""
    reason: str
    own: str
    """Why it refuses, in the unit's own words."""


class Passed(NamedTuple):
    """A line of the history; `at` in milliseconds since 1970."""

    at: int
    what: str
    detail: str


class Certificate(NamedTuple):
    """One that the box showed."""

    serial: str
    first_seen: int
    not_after: int
    state: str


class Kept(NamedTuple):
    """A message that could not be read or believed."""

    received: int
    reason: str
    rows: str
    size: int
    settled: bool
    apart: bool
    """Nothing of it counts as stored."""


class Report(NamedTuple):
    """What staff sent to a technician."""

    at: int
    version: str
    faults: list[str]
    lines: list[str]


def papers(store: Store, unit: str, box: UnitFacts | None) -> list[Paper]:
    """Every kind that was published for it or that it holds."""
    wanted = {each.kind: each.revision for each in outbox.latest(store) if each.unit == unit}
    word = box.word if box else None
    applied: Mapping[str, int] = word.documents if word else {}
    found = []
    for kind in sorted(wanted.keys() | applied.keys()):
        refusal = word.refused.get(kind) if word else None
        held, due, own = applied.get(kind), wanted.get(kind), ""
        if refusal is not None:
            state, reason, own = "refused", f"révision {refusal.revision} :", refusal.reason
        elif due is not None and (held or 0) < due:
            state, reason = "waiting", "pas encore reçue ou pas encore appliquée"
        else:
            state, reason = "ok", ""
        found.append(Paper(words.KINDS.get(kind, kind), due, held, state, reason, own))
    return found


def certificates(ledger: Database, unit: str, now: int) -> list[Certificate]:
    """The newest first."""
    query = (
        "SELECT serial, first_seen, not_after FROM certificate WHERE unit = ?"
        " ORDER BY not_after DESC LIMIT 12"
    )
    return [
        Certificate(serial, seen, end, "terminé" if end <= now else "valable")
        for serial, seen, end in ledger.execute(query, (unit,))
    ]


def kept(ledger: Database, unit: str) -> list[Kept]:
    """What was kept apart or unread, the latest first."""
    query = (
        "SELECT received, reason, epoch, first, last, length(payload), settled FROM quarantine"
        " WHERE unit = ? ORDER BY id DESC LIMIT ?"
    )
    return [
        Kept(
            received, reason, "" if epoch is None else f"{epoch} : {first} à {last}",
            size, bool(settled), epoch is None,
        )
        for received, reason, epoch, first, last, size, settled in ledger.execute(
            query, (unit, KEPT)
        )
    ]  # fmt: skip


def flags(ledger: Database, unit: str) -> dict[str, int]:
    """Kind → rows that a person should know of."""
    query = "SELECT kind, count(*) FROM flag WHERE unit = ? GROUP BY kind"
    return {FLAGS.get(kind, kind): int(count) for kind, count in ledger.execute(query, (unit,))}


FLAGS: Final = {
    "fork": "lignes connues autrement (carte restaurée ou copiée)",
    "chain_broken": "chaînes rompues",
    "chain_trusted": "chaînes reprises après une perte",
    "envelope_wrong": "champs scellés qui ne sont pas ceux de leur ligne",
}


def history(ledger: Database, unit: str) -> list[Passed]:
    """Boots, documents, updates, damage: the latest first."""
    query = "SELECT utc, kind, detail FROM journey WHERE unit = ? ORDER BY utc DESC LIMIT ?"
    return [
        Passed(at, words.JOURNEY.get(kind, kind), _detail(kind, detail))
        for at, kind, detail in ledger.execute(query, (unit, HISTORY))
    ]


def reports(ledger: Database, unit: str) -> list[Report]:
    """What staff sent, the latest first."""
    query = (
        "SELECT utc, version, faults, lines FROM report WHERE unit = ? ORDER BY utc DESC LIMIT ?"
    )
    decode = msgspec.json.decode
    return [
        Report(at, version, decode(faults, type=list[str]), decode(lines, type=list[str]))
        for at, version, faults, lines in ledger.execute(query, (unit, REPORTS))
    ]


def audit(web: Database, unit: str, vehicle: str) -> list[tuple[int, str, str, str]]:
    """When, who, what and why, of deeds about this box or vehicle; the latest first."""
    if not web.columns("audit"):
        return []
    query = (
        "SELECT at, who, deed, reason FROM audit WHERE about = ? OR about LIKE ? OR about = ?"
        " ORDER BY id DESC LIMIT 60"
    )
    rows = web.execute(query, (unit, f"{unit} %", vehicle))
    return [(at, who, DEEDS.get(deed, deed), reason) for at, who, deed, reason in rows]


def _detail(kind: str, text: str) -> str:
    try:
        body: dict[str, Any] = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return ""
    return ", ".join(filter(None, _told(kind, body)))


def _told(kind: str, body: Mapping[str, Any]) -> Iterator[str]:
    if kind == "settings.applied":
        yield f"{words.KINDS.get(body.get('kind', ''), body.get('kind', ''))}"
        yield f"révision {body.get('revision')}"
    if kind == "journal.set_aside":
        yield f"{body.get('journal')}, lignes sauvées : {body.get('salvaged')}"
    if "version" in body:
        yield f"version {body['version']}"
    if kind == "disk.faulted":
        yield f"{body.get('kind')}, refusées : {body.get('refused', 0)}"
    yield words.OUTCOMES.get(body.get("outcome", ""), "")
    yield str(body.get("reason", ""))
