"""Days as addresses and forms name them. Refuses those that have no week before or after them."""

from datetime import date
from typing import Final

from django.core.exceptions import ValidationError

YEARS: Final = range(2000, 2200)
"""Nobody planned or counted anything in others; the calendar itself ends at 9999."""
NEAR: Final = 2 * 366
"""Days; a workshop that is further away is one of another year, mistyped."""


def read(text: str) -> date | None:
    """Of YYYY-MM-DD; None: it is no day that a page can show."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year in YEARS else None


def known(day: date) -> None:
    """Validator of fields. Raises ValidationError: beyond any calendar of ours."""
    if day.year not in YEARS:
        raise ValidationError(f"Une année de {YEARS.start} à {YEARS.stop - 1}.")


def is_near(day: date, today: date) -> bool:
    """Whether it may be meant."""
    return abs((day - today).days) <= NEAR
