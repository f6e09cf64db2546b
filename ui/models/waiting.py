"""The waiting list: who gets seats that came free, and whom staff then call. Pure.

In the order people came. Whoever does not fit whole is passed over and keeps the place: a group
is never split unasked, and no seat stays empty while somebody who fits it waits.
"""

from collections.abc import Iterable, Mapping

from protocol.event import Event, Key
from protocol.standing import Standing
from protocol.workshops import Called, Cancelled, Changed


def taken(standings: Iterable[Standing]) -> dict[str, int]:
    """Workshop → seats that are taken; a rehearsal takes none."""
    seats = dict[str, int]()
    for standing in standings:
        if not standing.event.trial:
            workshop = standing.event.workshop
            seats[workshop] = seats.get(workshop, 0) + standing.held
    return seats


def moved_up(standings: Mapping[Key, Standing], seats: Mapping[str, int]) -> list[Changed]:
    """What lets people move up; `seats`: workshop → seats of this vehicle, of those to come."""
    held = taken(standings.values())
    free = {workshop: count - held.get(workshop, 0) for workshop, count in seats.items()}
    waiting = [
        (standing.since, key, standing)
        for key, standing in standings.items()
        if standing.waiting and not standing.event.trial
    ]
    found = []
    for _, key, standing in sorted(waiting, key=lambda each: each[0]):
        workshop = standing.event.workshop
        if standing.waiting <= free.get(workshop, 0):
            free[workshop] -= standing.waiting
            found.append(Changed(sign_up=key, seats=standing.seats, waiting=0, cause="moved_up"))
    return found


def to_call(told: Iterable[tuple[Key, Event]]) -> tuple[Key, ...]:
    """The sign-ups that moved up and do not know it yet, whoever waits longest first.

    One that could not be reached goes to the end.
    """
    pending = dict[Key, None]()
    for _, event in told:
        if event.trial:
            continue
        match event:
            case Changed(cause="moved_up", sign_up=key):
                pending[key] = None
            case Called(reached=False, sign_up=key) if key in pending:
                pending[key] = pending.pop(key)
            case Changed(sign_up=key) | Cancelled(sign_up=key) | Called(sign_up=key):
                pending.pop(key, None)
    return tuple(pending)
