"""Workshop sign-ups and attendance, as numbers and places. Names are sealed, never in a body."""

from typing import ClassVar

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


class Attended(Event, frozen=True, kw_only=True):
    """One line of the attendance sheet."""

    TYPE: ClassVar[str] = "workshop.attended"

    workshop: Code
    status: Code
    """Code list `attendance`."""
    sign_up: Key | None = None
    """None: a walk-in."""
    people: Count = 1
    author: Initials = ""
