"""Workshop sign-ups and attendance, as numbers and places. Names are sealed, never in a body.

How a sign-up stands after all of them: `protocol/standing.py`.
"""

from typing import ClassVar, Literal

from .event import Code, Count, Event, Initials, Key, PersonalEvent


class SignedUp(PersonalEvent, frozen=True, kw_only=True):
    """Somebody takes seats, or a place on the waiting list."""

    TYPE: ClassVar[str] = "workshop.signed_up"
    PERSONAL: ClassVar[tuple[str, ...]] = ("first_name", "phone")

    workshop: Code
    """Id of the workshop in the programme."""
    number: Count
    """What the person takes home: with it they or staff can change or cancel."""
    seats: Count = 1
    """For how many people."""
    waiting: Count = 0
    """How many of them wait for a seat."""
    by_staff: bool = False


class Cancelled(Event, frozen=True, kw_only=True):
    """A sign-up given back, whole or in part."""

    TYPE: ClassVar[str] = "workshop.cancelled"

    sign_up: Key
    seats: Count | None = None
    """How many seats are given back; None: all of them."""
    reason: Code = "non_communique"
    """Code list `cancel_reason`."""


class Changed(Event, frozen=True, kw_only=True):
    """A sign-up is for as many people as this says, and so many of them wait."""

    TYPE: ClassVar[str] = "workshop.changed"

    sign_up: Key
    seats: Count
    waiting: Count = 0
    cause: Literal["asked", "moved_up"]
    """Somebody asked for it, or seats came free for who waited longest."""


class Called(Event, frozen=True, kw_only=True):
    """Staff told somebody of the waiting list that there are seats now, or tried to."""

    TYPE: ClassVar[str] = "workshop.called"

    sign_up: Key
    reached: bool = True
    author: Initials = ""


class Attended(Event, frozen=True, kw_only=True):
    """One line of the attendance sheet; a later one of the same sign-up replaces it."""

    TYPE: ClassVar[str] = "workshop.attended"

    workshop: Code
    status: Code
    """Code list `attendance`."""
    sign_up: Key | None = None
    """None: a walk-in."""
    unit: Code | None = None
    """Where the sign-up was made, when that was another unit."""
    people: Count = 1
    corrects: Key | None = None
    """The line of a walk-in that this one replaces."""
    author: Initials = ""
