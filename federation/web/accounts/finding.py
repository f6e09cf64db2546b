"""Sign-ups found by the number taken home, in reach of whoever asks. Opens no name."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.formats import date_format

from ...database import Database, reading_ledger
from ...people import held, signups
from ...people.held import Held
from ...people.signups import SignUp
from ...planning.seats import DESK
from .. import store
from ..programme import reach
from ..programme.models import Workshop
from . import telling

_STOP = """
SELECT name FROM stop WHERE unit = :unit AND arrived <= :at AND (open = 1 OR departed >= :at)
ORDER BY arrived DESC LIMIT 1
"""


class Search(forms.Form):
    """By what stands on the person's paper."""

    number = forms.IntegerField(
        label="Numéro d'inscription", min_value=0, max_value=2**31,
        widget=forms.NumberInput({"autocomplete": "off"}),
    )  # fmt: skip
    vehicle = forms.ChoiceField(label="Véhicule", required=False)

    def __init__(self, data: Any, scope: Any) -> None:
        super().__init__(data)
        choices = [("", "tous")] + [(str(each.id), each.name) for each in scope.vehicles]
        self.fields["vehicle"].choices = [*choices, ("desk", telling.DESK_NAME)]


def found(scope: Any, number: int, vehicle: str) -> list[telling.Told]:
    """Each with what tells it from another of that number: vehicle, day, stop, people."""
    settings, chosen = store.config().store, _units(scope, vehicle)
    with reading_ledger(settings) as ledger:
        lines = [
            line
            for line in held.with_number(ledger, settings, number)
            if reaches(scope, line) and (chosen is None or line.unit in chosen)
        ]
        words = signups.told(ledger) if lines else {}
        return [_told(ledger, scope, line, signups.told_of(words, line)) for line in lines]


def reaches(scope: Any, line: SignUp) -> bool:
    """Whether it is theirs to see."""
    if line.unit != DESK:
        return bool(scope.reaches(line.unit))
    return reach.workshops(scope).filter(code=line.event.workshop).exists()


def title(code: str) -> str:
    """What people call that workshop, and its day; of one nobody planned here its code."""
    shop = Workshop.objects.filter(code=code).first()
    if shop is None:
        return code
    local = shop.starts.astimezone(ZoneInfo(shop.zone))
    return f"« {shop.title} » du {date_format(local.replace(tzinfo=None), 'j F Y')}"


def _told(ledger: Database, scope: Any, line: SignUp, words: list[signups.Word]) -> telling.Told:
    one = Held(line, words, signups.stands(line, words))
    told = telling.told(one, scope.registry, [], title(line.event.workshop))
    stop = ledger.execute(_STOP, {"unit": line.unit, "at": line.utc}).fetchone()
    return told._replace(stop=stop[0]) if stop is not None else told


def _units(scope: Any, vehicle: str) -> tuple[str, ...] | None:
    """Of the vehicle somebody chose; None: of all."""
    if vehicle == "desk":
        return (DESK,)
    return next((each.units for each in scope.vehicles if str(each.id) == vehicle), None)
