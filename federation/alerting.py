"""When a trouble becomes an alert, and when it is over. Pure: reads no store and sends nothing.

Each step is told what every rule found (alert_rules.py). A trouble waits for its delay before it
is an alert, and is over only once it stayed away for a while; what cannot be known changes nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, Literal, NamedTuple

MINUTE: Final = 60_000
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

Kind = Literal[
    "silence", "network", "backlog", "gps", "disk", "certificate", "revocation", "clock",
    "version", "document", "fork", "quarantine", "fault", "update",
]  # fmt: skip
Verdict = Literal["wrong", "fine", "planned", "unknown"]
"""planned: silent as planned. It opens nothing, and ends an open silence only after a day."""
State = Literal["pending", "open", "closed", "dropped"]
"""closed, dropped: over since this very step. A dropped one was never an alert."""
Key = tuple[str, str]
"""Subject and kind."""
FEDERATION: Final = "f"
"""The subject that is nobody's vehicle; a vehicle is `v12`, a territory `t:code`, else `u:unit`."""


class Rhythm(NamedTuple):
    """How long a trouble lasts before it is told, and how long it stays away before it is over."""

    delay: int
    hold: int


RHYTHMS: Final[Mapping[str, Rhythm]] = {
    "silence": Rhythm(15 * MINUTE, 5 * MINUTE),
    "network": Rhythm(15 * MINUTE, 10 * MINUTE),
    "backlog": Rhythm(60 * MINUTE, 10 * MINUTE),
    "gps": Rhythm(45 * MINUTE, 10 * MINUTE),
    "disk": Rhythm(10 * MINUTE, 30 * MINUTE),
    "certificate": Rhythm(0, 0),
    "revocation": Rhythm(0, 0),
    "clock": Rhythm(60 * MINUTE, 10 * MINUTE),
    "version": Rhythm(7 * DAY, 0),
    "document": Rhythm(60 * MINUTE, 0),
    "fork": Rhythm(0, 0),
    "quarantine": Rhythm(0, 0),
    "fault": Rhythm(60 * MINUTE, 10 * MINUTE),
    "update": Rhythm(0, 0),
}
"""Kind → what holds where the territory has no delay of its own. That of silence begins when the
vehicle's state is *Sans nouvelles* (fleet_state.py has a patience of its own)."""
PLANNED_HOLD: Final = DAY
"""A night's planned silence must not end in the evening what begins again in the morning."""


class Look(NamedTuple):
    """What a rule found about one subject just now."""

    subject: str
    kind: Kind
    territory: str
    """Its code; empty: of none."""
    verdict: Verdict
    detail: str = ""
    """French, for people; nothing personal."""
    value: int | None = None
    """Of a trouble that is none while this falls: events that wait on board."""


class Alert(NamedTuple):
    """A trouble from its first sight to its end; times in milliseconds since 1970."""

    subject: str
    kind: Kind
    territory: str
    state: State
    since: int
    """When it was first seen, without a break."""
    detail: str = ""
    mark: int | None = None
    """`value` when the wait began."""
    opened: int | None = None
    fine_since: int | None = None
    closed: int | None = None
    under: Key | None = None
    """The alert that tells of this one too."""

    @property
    def key(self) -> Key:
        """There is one at a time."""
        return self.subject, self.kind

    @property
    def is_live(self) -> bool:
        """Pending or open."""
        return self.state in ("pending", "open")


Alerts = Mapping[Key, Alert]
Delay = Callable[[str, str], int]
"""Territory and kind → milliseconds."""


def usual_delay(_territory: str, kind: str) -> int:
    """Where nobody set another."""
    return RHYTHMS[kind].delay


def step(held: Alerts, looks: Iterable[Look], delay: Delay, now: int) -> dict[Key, Alert]:
    """All that is live after these looks, and what ended by them.

    `held` are the live ones of before. Of a subject that nobody looked at, nothing changes.
    """
    after = dict(held)
    for look in looks:
        key = look.subject, look.kind
        found = advance(after.get(key), look, delay(look.territory, look.kind), now)
        if found is not None:
            after[key] = found
    return after


def advance(alert: Alert | None, look: Look, delay: int, now: int) -> Alert | None:
    """One alert after one look; None: there is none and there was none."""
    if alert is None:
        return _seen(look, delay, now) if look.verdict == "wrong" else None
    if look.verdict == "wrong":
        return _goes_on(alert._replace(territory=look.territory), look, delay, now)
    if look.verdict == "unknown":
        return alert
    if alert.state == "pending":
        return alert._replace(state="dropped", closed=now)
    return _may_end(alert, look, now)


def _seen(look: Look, delay: int, now: int) -> Alert:
    first = Alert(
        look.subject, look.kind, look.territory, "pending", now, look.detail, look.value
    )  # fmt: skip
    return _goes_on(first, look, delay, now)


def _goes_on(alert: Alert, look: Look, delay: int, now: int) -> Alert:
    again = alert._replace(detail=look.detail, fine_since=None)
    if alert.state == "open":
        return again
    if look.value is not None and alert.mark is not None and look.value < alert.mark:
        return again._replace(since=now, mark=look.value)  # it gets better by itself: wait anew
    if now - alert.since < delay:
        return again
    return again._replace(state="open", opened=now)


def _may_end(alert: Alert, look: Look, now: int) -> Alert:
    hold = PLANNED_HOLD if look.verdict == "planned" else RHYTHMS[alert.kind].hold
    begun = now if alert.fine_since is None else alert.fine_since
    if now - begun < hold:
        return alert._replace(fine_since=begun)
    return alert._replace(state="closed", fine_since=begun, closed=now)
