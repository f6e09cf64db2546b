"""A place, and a tour with its stops."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms

from ... import days
from ..models import Place, Tour, TourStop

WEEKDAYS = (
    ("1", "lundi"), ("2", "mardi"), ("3", "mercredi"), ("4", "jeudi"), ("5", "vendredi"),
    ("6", "samedi"), ("7", "dimanche"),
)  # fmt: skip
ROWS = 8
"""Stops of a day."""


class PlaceForm(forms.ModelForm):
    """A place."""

    class Meta:
        model = Place
        fields = (
            "name", "kind", "lat", "lon", "commune", "commune_name", "territory_class",
            "zoning_year", "coverage",
        )  # fmt: skip
        widgets: ClassVar = {
            "lat": forms.NumberInput(attrs={"step": "any"}),
            "lon": forms.NumberInput(attrs={"step": "any"}),
        }

    def clean(self) -> dict[str, Any]:
        """A class without its year cannot be compared with another year's."""
        told: dict[str, Any] = super().clean() or {}
        if told.get("territory_class") in ("qpv", "frr") and not told.get("zoning_year"):
            self.add_error("zoning_year", "Indiquez l'année du zonage, comme 2024.")
        return told


class TourForm(forms.ModelForm):
    """Days, and up to eight stops."""

    weekdays = forms.MultipleChoiceField(
        label="Jours", choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Tour
        fields = ("name", "weekdays", "weeks", "first", "last")
        widgets: ClassVar = {
            "first": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "last": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }

    def __init__(self, *arguments: Any, places: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        known = list(self.instance.stops.select_related("place")) if self.instance.pk else []
        for name in ("first", "last"):
            self.fields[name].validators.append(days.known)
        self.initial["weekdays"] = self.instance.weekdays.split()
        for row in range(ROWS):
            stop = known[row] if row < len(known) else None
            self.fields[f"place-{row}"] = forms.ModelChoiceField(
                places, required=False, label=f"Lieu {row + 1}", empty_label="—",
                initial=stop and stop.place_id, to_field_name=None,
            )  # fmt: skip
            for name, label in (("opens", "de"), ("closes", "à")):
                self.fields[f"{name}-{row}"] = forms.TimeField(
                    required=False, label=f"{label} (lieu {row + 1})",
                    initial=stop and clock(getattr(stop, name)),
                    widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
                )  # fmt: skip

    def plain(self) -> Iterator[Any]:
        """All fields but the stops and the weekdays."""
        return (self[name] for name in ("name", "weeks", "first", "last"))

    def rows(self) -> Iterator[tuple[Any, Any, Any]]:
        """Place, from, to."""
        return (
            (self[f"place-{row}"], self[f"opens-{row}"], self[f"closes-{row}"])
            for row in range(ROWS)
        )

    def clean_weekdays(self) -> str:
        """As they are kept."""
        return " ".join(sorted(self.cleaned_data["weekdays"]))

    def clean(self) -> dict[str, Any]:
        """Each stop has a place and two times; the last day is not before the first."""
        told: dict[str, Any] = super().clean() or {}
        if told.get("last") and told.get("first") and told["last"] < told["first"]:
            self.add_error("last", "La tournée finirait avant de commencer.")
        self.stops = []
        for row in range(ROWS):
            place, opens, closes = (told.get(f"{n}-{row}") for n in ("place", "opens", "closes"))
            if place is None and opens is None and closes is None:
                continue
            if place is None or opens is None or closes is None or opens >= closes:
                self.add_error(
                    f"place-{row}", "Un arrêt a un lieu, une arrivée et un départ plus tard."
                )
                continue
            self.stops.append(TourStop(place=place, opens=minutes(opens), closes=minutes(closes)))
        if not self.stops and not self.errors:
            self.add_error(None, "Une tournée a un arrêt au moins.")
        return told

    def save(self, commit: bool = True) -> Tour:
        """The tour, and its stops instead of those it had."""
        tour: Tour = super().save(commit=commit)
        if commit:
            tour.stops.all().delete()
            for stop in self.stops:
                stop.tour = tour
                stop.save()
        return tour


def clock(minute: int) -> str:
    """9:30, of minutes of the day."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def minutes(moment: Any) -> int:
    """Of the day."""
    return int(moment.hour) * 60 + int(moment.minute)
