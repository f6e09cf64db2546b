"""How a sign-up stands after what was told of it later. Pure: the same on board and at the ledger.

What is told counts in the order it was told in. A rehearsal changes nothing but another one.
"""

from collections.abc import Iterable

import msgspec

from .event import Event, Key
from .workshops import Cancelled, Changed, SignedUp


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-up now."""

    event: SignedUp
    """As it was made."""
    seats: int
    """For how many people; 0: it was given back whole."""
    waiting: int
    """How many of them wait for a seat."""
    since: int
    """Place on the waiting list: whoever waits under a lower one comes first."""

    @property
    def held(self) -> int:
        """Seats that are taken for it."""
        return self.seats - self.waiting


def begun(event: SignedUp, place: int = 0) -> Standing:
    """Right after it was made, as the `place`th thing that was told."""
    waiting = min(event.waiting, event.seats)
    return Standing(event=event, seats=event.seats, waiting=waiting, since=place)


def after(standing: Standing, word: Event, place: int = 0) -> Standing:
    """What becomes of it by a word about it; any other word changes nothing."""
    if word.trial and not standing.event.trial:
        return standing
    if isinstance(word, Cancelled):
        # Who waits gives back first.
        seats = 0 if word.seats is None else max(0, standing.seats - word.seats)
        given_back = standing.seats - seats
        return _changed(standing, seats, max(0, standing.waiting - given_back), place)
    if isinstance(word, Changed):
        return _changed(standing, word.seats, word.waiting, place)
    return standing


def fold(told: Iterable[tuple[Key, Event]]) -> dict[Key, Standing]:
    """Every sign-up under its key, of all that one unit told, oldest first."""
    standings = dict[Key, Standing]()
    for place, (key, event) in enumerate(told):
        if isinstance(event, SignedUp):
            standings[key] = begun(event, place)
        elif isinstance(event, Cancelled | Changed) and event.sign_up in standings:
            cited = event.sign_up
            standings[cited] = after(standings[cited], event, place)
    return standings


def people(told: Iterable[tuple[Key, Event]]) -> dict[str, int]:
    """Workshop → people who have seats or wait by these sign-ups now; no rehearsal counts."""
    found = dict[str, int]()
    for each in fold(told).values():
        if each.seats and not each.event.trial:
            found[each.event.workshop] = found.get(each.event.workshop, 0) + each.seats
    return found


def _changed(standing: Standing, seats: int, waiting: int, place: int) -> Standing:
    """Whoever asks for more people to wait goes to the end of the list, nobody else does."""
    waiting = min(waiting, seats)
    since = place if waiting > standing.waiting else standing.since
    return msgspec.structs.replace(standing, seats=seats, waiting=waiting, since=since)
