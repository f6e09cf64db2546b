"""One sign-up for one form, however often its button was pressed. Keeps no name.

In memory, under the seats' lock: the pages are one process, and two presses are seconds apart.
"""

import secrets
from collections import OrderedDict
from typing import Final

from . import desk, seating
from .desk import Said
from .models import DeskSignUp, Workshop

KEPT: Final = 1000
"""Forms that are remembered: hours of all desks."""
_made: Final[OrderedDict[tuple[int, str, int], int]] = OrderedDict()


def mark() -> str:
    """Of a form that is being shown."""
    return secrets.token_urlsafe(12)


def sign_up(workshop: Workshop, said: Said, form: str) -> tuple[DeskSignUp, bool]:
    """The sign-up, and whether this form had made it before. Raises Refused, as the desk does.

    A form that somebody went back to and filled in anew is another sign-up: what it says counts.
    """
    key = (workshop.pk, form, hash(said))
    with seating.LOCK:
        before = DeskSignUp.objects.filter(pk=_made.get(key), workshop=workshop).first()
        if form and before is not None:
            return before, True
        made = desk.sign_up(workshop, said)
        _made[key] = made.pk
        while len(_made) > KEPT:
            _made.popitem(last=False)
    return made, False
