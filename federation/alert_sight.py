"""What the rules of alerts look at, from the facts of the fleet and a few questions. Reads only."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal, NamedTuple

from .alert_rules import Seen
from .alerting import DAY
from .database import Database
from .fleet_facts import UnitFacts, VehicleFacts
from .fleet_state import Standing

_DESIRED: Final = """
SELECT unit, kind, max(revision) FROM document WHERE payload IS NOT NULL GROUP BY unit, kind
"""
_FORKS: Final = """
SELECT unit, count(*) FROM flag WHERE kind = 'fork' AND received > ? GROUP BY unit
"""
_APART: Final = """
SELECT unit, count(*) FROM quarantine WHERE received > ? AND settled = 0 GROUP BY unit
"""


class Besides(NamedTuple):
    """What the fleet's facts do not tell, by unit."""

    desired: Mapping[str, Mapping[str, int]]
    """Kind of document → revision published."""
    forks: Mapping[str, int]
    quarantined: Mapping[str, int]


NOTHING: Final = Besides({}, {}, {})


def besides(ledger: Database, web: Database, now: int) -> Besides:
    """Of all units at once; `now` in milliseconds since 1970."""
    desired: dict[str, dict[str, int]] = {}
    if web.columns("document"):
        for unit, kind, revision in web.execute(_DESIRED):
            desired.setdefault(unit, {})[kind] = revision
    since = (now - DAY,)
    return Besides(
        desired, dict(ledger.execute(_FORKS, since)), dict(ledger.execute(_APART, since))
    )  # fmt: skip


def seen(fleet: Iterable[VehicleFacts], more: Besides) -> Iterator[Seen]:
    """Every vehicle in service as the rules see it."""
    for one in fleet:
        if one.vehicle is not None and one.vehicle.retired:
            continue
        plain = Seen(
            subject=one.key,
            territory=one.vehicle.territory_code if one.vehicle else "",
            silence=silence(one.standing),
            where=one.standing.place,
            has_box=one.box is not None,
            forks=more.forks.get(one.unit or "", 0),
            quarantined=more.quarantined.get(one.unit or "", 0),
        )
        if one.box is None:
            yield plain
        else:
            yield _with(plain, one.box, more.desired.get(one.box.unit, {}))


def silence(standing: Standing) -> Literal["wrong", "fine", "planned", "unknown"]:
    """What a standing is to an alert about silence; within patience nothing is known yet."""
    if standing.state == "missing":
        return "wrong"
    if standing.state == "online" or standing.why == "heard":
        return "fine"
    if standing.why == "short":
        return "unknown"
    return "planned"


def _with(plain: Seen, box: UnitFacts, desired: Mapping[str, int]) -> Seen:
    word = box.word
    if word is None:
        return plain._replace(certificate_until=box.certificate_until)
    knows = word.utc is not None and box.said_at is not None
    waits = (
        kind for kind, revision in desired.items()
        if word.documents.get(kind, 0) < revision and kind not in word.refused
    )  # fmt: skip
    return plain._replace(
        fresh=box.link == "online",
        silence="fine" if box.link == "online" else plain.silence,
        backlog=box.backlog,
        duty=word.duty,
        gps=word.gps.state if word.gps else None,
        disk_free=word.disk_free,
        certificate_until=box.certificate_until,
        clock_off=(word.utc or 0) - (box.said_at or 0) if knows else None,
        version=word.version,
        refused={kind: refusal.reason for kind, refusal in word.refused.items()},
        waiting=tuple(waits),
        faults=word.faults,
    )
