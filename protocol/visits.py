"""A visit: an anonymous check-in and what staff make of it. No name, no language, no free text."""

from typing import ClassVar, Literal

from .event import Code, Count, Event, Initials, Key


class CheckedIn(Event, frozen=True, kw_only=True):
    """Somebody touched *Oui*: they have a number and wait to be called."""

    TYPE: ClassVar[str] = "visit.checked_in"

    number: Count
    """The day's number, shown large and called; it restarts each local day."""
    door: Code
    """The door that was touched: code list `door`."""
    theme: Code
    """What it counts as: code list `theme`."""
    people: Count = 1
    """How many came together for one démarche."""
    by_staff: bool = False
    """A member of staff did it for them."""
    stop: Key | None = None
    """The stop it happened at, when one is open."""


class Received(Event, frozen=True, kw_only=True):
    """The person with this number is being received."""

    TYPE: ClassVar[str] = "visit.received"

    visit: Key


class Left(Event, frozen=True, kw_only=True):
    """The person went away before being received."""

    TYPE: ClassVar[str] = "visit.left"

    visit: Key


class Described(Event, frozen=True, kw_only=True):
    """What is known of a visit beyond its number; a later one replaces the fields it repeats.

    Shaped like an *activité* of the Coop de la médiation numérique; absence is `non_communique`.
    """

    TYPE: ClassVar[str] = "visit.described"

    visit: Key
    source: Literal["visitor", "staff"]
    people: Count | None = None
    help_level: Code | None = None
    """Code list `help_level`."""
    age_band: Code | None = None
    """Code list `age_band`."""
    gender: Code | None = None
    """Code list `gender`."""
    social_status: Code | None = None
    """Code list `social_status`."""
    first_visit: Code | None = None
    """Whether it is the first of the year: code list `first_visit`."""
    commune: Code | None = None
    """INSEE code of where they live, chosen from the tour's communes; or `autre`."""
    known_via: Code | None = None
    """How they heard of the vehicle: code list `known_via`."""
    themes: tuple[Code, ...] = ()
    """Code list `theme`."""
    duration_minutes: Count | None = None
    """Any number; code list `duration` is offered."""
    place_type: Code | None = None
    """Code list `place_type`."""
    materials: tuple[Code, ...] = ()
    """Code list `material`."""
    autonomy: Code | None = None
    """Code list `autonomy`."""
    mode: Code | None = None
    """Shown, done together or done for them: code list `mode`."""
    referral: Code | None = None
    """Where they were sent on to: code list `referral`."""
    author: Initials = ""
    """Initials of the member of staff, stamped at capture."""


class Cancelled(Event, frozen=True, kw_only=True):
    """A check-in that must not count."""

    TYPE: ClassVar[str] = "visit.cancelled"

    visit: Key
    reason: Code
    """Code list `cancel_reason`."""
    author: Initials = ""


class Tally(Event, frozen=True, kw_only=True):
    """A street animation counted by hand: how many, by age band and gender."""

    TYPE: ClassVar[str] = "visits.tallied"

    theme: Code
    """Code list `theme`."""
    counts: dict[Code, dict[Code, Count]]
    """Code list `age_band` → code list `gender` → how many."""
    stop: Key | None = None
    duration_minutes: Count | None = None
    author: Initials = ""
