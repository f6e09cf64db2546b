"""When the driver is asked whether the service begins, or goes on. Pure: told what happens.

Each question is asked once for each reason, and only when nobody is at the panel.
"""

from typing import Literal

import msgspec

from .driving import Duty

Question = Literal["", "at_work", "tour_over"]
"""The screen that asks it."""


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be asked, and what has been."""

    question: Question = ""
    ignition: bool = False
    """As it was at the last look."""
    visits_asked: bool = False
    """Somebody checked in since duty ended, and the driver was asked."""
    end_asked: bool = False


def seen(
    asking: Asking,
    *,
    duty: Duty,
    ignition: bool,
    checked_in: bool,
    minutes_left: int | None,
) -> Asking:
    """A second has passed.

    `checked_in`: somebody did since the last look; `minutes_left`: until the service ends by
    itself, when that is near.
    """
    turned_on = ignition and not asking.ignition
    question, visits = asking.question, asking.visits_asked and duty != "on"
    if duty == "on":
        question = "" if question == "at_work" else question
    elif turned_on or (checked_in and duty == "off" and not visits):
        # During a break the others may well go on: only the ignition tells that it is over.
        question, visits = "at_work", visits or checked_in
    ends = duty == "on" and minutes_left is not None
    if ends and not asking.end_asked:
        question = "tour_over"
    elif not ends and question == "tour_over":
        question = ""
    return Asking(question=question, ignition=ignition, visits_asked=visits, end_asked=ends)


def asked(asking: Asking) -> Asking:
    """It was shown: answered or not, it is not asked again for this reason."""
    return msgspec.structs.replace(asking, question="")
