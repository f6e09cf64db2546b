"""Moves a rollout on: what units reported is kept, what is decided is sent. Decides nothing itself.

May be called at any time, twice, by several at once: each call is one transaction of the web's
store, and what a unit is told follows from what is kept of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from protocol.documents import Update

from .. import outbox
from ..config import Store
from ..database import Database
from ..errors import OperatorError
from . import reports, rollouts, waves
from .rollouts import KIND, Rollout
from .waves import Row, Seen, Step

NOTHING: Final = Update()
"""What a unit is told that shall stay as it is."""
_HELD: Final = """
SELECT unit, body FROM document WHERE id IN (
    SELECT max(id) FROM document WHERE kind = 'update' AND payload IS NOT NULL GROUP BY unit)
"""


def step(store: Store, key: Ed25519PrivateKey | None, now: int) -> Rollout | None:
    """One step; how the rollout stands then. Without a key nobody is told anything.

    Raises OperatorError: a store cannot be read or written.
    """
    known = rollouts.read(store)
    if known is None or known[0].state in ("done", "left"):
        return known[0] if known else None
    words = {each.unit: each.seen.word for each in reports.read(store, *known, now)}
    with rollouts.writing(store) as database:
        rollout = _still(rollouts.latest(database), known[0])
        held = rollouts.rows(database, rollout)
        units = [
            Seen(waves.observe(held.get(unit, Row(unit)), word, rollout.version, now), word)
            for unit, word in words.items()
        ]
        if rollout.state == "running":
            rollout, units = _moved(rollout, units, now, may_tell=key is not None)
        rows = held | {seen.row.unit: seen.row for seen in units}
        if key is not None:
            rows |= _sent(database, key, rollout, rows, now)
        changed = [row for unit, row in rows.items() if held.get(unit, Row(unit)) != row]
        rollouts.keep(database, rollout, changed)
    return rollout


def begin(store: Store, update: Update, first: str, who: str, now: int) -> Rollout:
    """A new rollout; `step` tells the first unit. Raises OperatorError while one is under way."""
    with rollouts.writing(store) as database:
        former = rollouts.latest(database)
        if former is not None and former.state == "running":
            raise OperatorError(
                f"version {former.version} is on its way to the units: stop that first, with"
                " escale-federation update stop."
            )
        if former is not None and former.state == "stopped":
            rollouts.keep(database, former._replace(state="left", changed=now), ())
        return rollouts.begin(database, update, first, who, now)


def stop(store: Store, now: int) -> Rollout:
    """A person stops it. Raises OperatorError when nothing is under way."""
    with rollouts.writing(store) as database:
        rollout = _in(database, "running", "no update is under way: there is nothing to stop.")
        rollout = rollout._replace(state="stopped", changed=now, stop="person")
        changed = [waves.withdraw(row) for row in rollouts.rows(database, rollout).values()]
        rollouts.keep(database, rollout, changed)
        return rollout


def resume(store: Store, now: int, *, retry: bool) -> Rollout:
    """A person lets it go on. Raises OperatorError when none is stopped."""
    known = rollouts.read(store)
    seen = [each.seen for each in reports.read(store, *known, now)] if known else []
    with rollouts.writing(store) as database:
        rollout = _in(database, "stopped", "no update is stopped: there is nothing to resume.")
        rows = rollouts.rows(database, rollout)
        changed = [
            waves.resume(Seen(rows[one.row.unit], one.word), rollout.version, now, retry=retry)
            for one in seen
            if one.row.unit in rows
        ]
        rollout = rollout._replace(
            state="running", changed=now, stop="", stop_unit="", stop_reason=""
        )
        rollouts.keep(database, rollout, changed)
        return rollout


def allow_mobile(store: Store, now: int) -> Rollout:
    """The bundle may come over 4G too, within the day's allowance. Raises OperatorError."""
    with rollouts.writing(store) as database:
        rollout = rollouts.latest(database)
        if rollout is None or rollout.state not in ("running", "stopped"):
            raise OperatorError("no update is under way: 4G is allowed to one that is.")
        rollout = rollout._replace(mobile=True)
        rollouts.keep(database, rollout, ())
        return rollout


def _still(rollout: Rollout | None, known: Rollout) -> Rollout:
    """The one that was read before: another may have begun since, which has other words."""
    if rollout is None or rollout.id != known.id:
        raise OperatorError("another update began just now: look again.")
    return rollout


def _in(database: Database, state: str, otherwise: str) -> Rollout:
    rollout = rollouts.latest(database)
    if rollout is None or rollout.state != state:
        raise OperatorError(otherwise)
    return rollout


def _moved(
    rollout: Rollout, units: Sequence[Seen], now: int, *, may_tell: bool
) -> tuple[Rollout, list[Seen]]:
    """As it stands after what is decided now."""
    decided = waves.decide(units, rollout.version, now)
    if decided.stop:
        return _stopped(rollout, decided, now), [
            seen._replace(row=waves.withdraw(seen.row)) for seen in units
        ]
    if decided.done:
        rollout = rollout._replace(state="done", changed=now)
    tell = frozenset(decided.tell if may_tell else ())
    return rollout, [
        seen._replace(row=waves.tell(seen, decided.wave, now)) if seen.row.unit in tell else seen
        for seen in units
    ]


def _stopped(rollout: Rollout, decided: Step, now: int) -> Rollout:
    return rollout._replace(
        state="stopped", changed=now, stop=decided.stop, stop_unit=decided.unit,
        stop_reason=decided.reason,
    )  # fmt: skip


def _sent(
    database: Database, key: Ed25519PrivateKey, rollout: Rollout, rows: Mapping[str, Row], now: int
) -> dict[str, Row]:
    """Puts into the outbox what units were not told as it is kept; rows with their revisions."""
    held = {unit: msgspec.json.decode(body, type=Update) for unit, body in database.execute(_HELD)}
    due = [
        (unit, wanted)
        for unit, wanted in _wanted(rollout, rows, held)
        if held.get(unit, NOTHING) != wanted
    ]
    drafted = [(unit, KIND, msgspec.json.encode(wanted)) for unit, wanted in due]
    revisions = outbox.put(database, key, drafted, now)
    return {
        unit: rows[unit]._replace(revision=number)
        for unit, number in revisions.items()
        if unit in rows
    }


def _wanted(
    rollout: Rollout, rows: Mapping[str, Row], held: Mapping[str, Update]
) -> Iterator[tuple[str, Update]]:
    """What each unit should have been told; whoever runs it keeps what told it so."""
    for unit in rows.keys() | held.keys():
        row = rows.get(unit, Row(unit))
        if row.told is None or row.withdrawn:
            yield unit, NOTHING
        elif row.applied is None:
            yield unit, rollout.wanted
