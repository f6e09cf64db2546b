"""The questions after the number: optional, without a name, one a page. Pure.

Says which are asked, what may be answered and what is kept of it; the words are in the catalogues.
"""

from collections.abc import Iterable
from typing import NamedTuple

from protocol import codes
from protocol.documents import PlannedStop, Tours
from protocol.event import Key
from protocol.visits import Described


class Choice(NamedTuple):
    """One answer: its code, and how it looks."""

    code: str
    pictogram: str = ""
    text: str = ""
    """What no catalogue can say: a number, the name of a place."""


class Question(NamedTuple):
    """One page; `code` is the field of `visit.described` that it fills."""

    code: str
    choices: tuple[Choice, ...]


ALL = ("people", "help_level", "age_band", "gender", "first_visit", "commune", "known_via")
USUAL = ("people", "first_visit")
"""The two that are asked unless the vehicle is set otherwise."""
COMMUNES = 5
"""On one page, besides elsewhere."""
_ACROSS = {"people": (6, 2), "commune": (2, 1)}
"""Buttons side by side on a panel that lies, and on one that stands, where not 4 and 2."""
ELSEWHERE = Choice("autre", "map")

# Ages have no pictogram: a stick for whoever is seventy would hurt.
_CHOICES = {
    "people": tuple(Choice(str(count), f"persons_{count}", str(count)) for count in range(1, 7)),
    "help_level": (Choice("information", "info"), Choice("accompagnement", "volunteer_activism")),
    "age_band": tuple(Choice(code) for code in codes.CODES["age_band"] if code != codes.NOT_STATED),
    "gender": (Choice("feminin", "woman"), Choice("masculin", "man")),
    "first_visit": (
        Choice("oui", "check_circle"),
        Choice("non", "cancel"),
        Choice("ne_sait_pas", "help"),
    ),
    # Fewer than the list has: what is not among them is told to staff.
    "known_via": (
        Choice("bouche_a_oreille", "forum"),
        Choice("passage", "directions_walk"),
        Choice("mairie", "account_balance"),
        Choice("service_social", "support_agent"),
        Choice("association", "diversity_3"),
        Choice("affiche", "description"),
        Choice("internet", "language"),
        Choice("autre", "pending"),
    ),
}


def asked(wanted: Iterable[str], tours: Tours, day: str) -> tuple[Question, ...]:
    """What is asked, in the order in which it is wanted; a question without answers is not.

    `day`: today, YYYY-MM-DD; empty when the date is not known.
    """
    choices = {**_CHOICES, "commune": _communes(tours, day)}
    return tuple(Question(code, choices[code]) for code in wanted if choices.get(code))


def described(visit: Key, question: str, answer: str) -> Described | None:
    """What is kept of an answer; empty: they prefer not to say, of which a number keeps nothing."""
    told = {"visit": visit, "source": "visitor"}
    if question == "people":
        return Described(**told, people=int(answer)) if answer else None
    return Described(**told, **{question: answer or codes.NOT_STATED})


def _communes(tours: Tours, day: str) -> tuple[Choice, ...]:
    """Those with a name, today's first; none: nobody is asked."""
    ordered = sorted(tours.tours, key=lambda tour: tour.day != day)
    stops: list[PlannedStop] = [stop for tour in ordered for stop in tour.stops]
    named = {stop.commune: stop.commune_name for stop in reversed(stops) if stop.commune_name}
    first = dict.fromkeys(stop.commune for stop in stops if stop.commune in named)
    places = tuple(Choice(code, "location_on", named[code]) for code in first)
    return (*places[:COMMUNES], ELSEWHERE) if places else ()


def rows(question: Question, wide: bool) -> list[int]:
    """How many choices stand in each row on a panel that lies, or stands; longer rows first."""
    count = len(question.choices)
    if count <= 3:
        return [count] if wide else [1] * count
    across = _ACROSS.get(question.code, (4, 2))[0 if wide else 1]
    lines = -(-count // across)
    return [count // lines + (line < count % lines) for line in range(lines)]
