"""A workshop and the seats of each vehicle."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError

from ....registry import Vehicle
from ... import days
from ..models import Workshop

SEATS = "seats-"


class WorkshopForm(forms.ModelForm):
    """`vehicles`: those in reach, of the workshop's territory."""

    day = forms.DateField(
        label="Jour", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    at = forms.TimeField(
        label="Heure", widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )

    class Meta:
        model = Workshop
        fields = (
            "title", "theme", "minutes", "place", "audience", "level", "asks_name", "total",
        )  # fmt: skip

    field_order = (
        "title", "day", "at", "minutes", "place", "theme", "level", "audience", "asks_name",
        "total",
    )  # fmt: skip

    def __init__(self, *arguments: Any, vehicles: Sequence[Vehicle], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.vehicles = vehicles
        self._zone = ZoneInfo(self.instance.zone)
        if self.instance.pk:
            local = self.instance.starts.astimezone(self._zone)
            self.initial |= {"day": local.date(), "at": local.time()}
        held = self._allotted()
        self.others = sum(
            count for vehicle, count in held.items() if vehicle not in {v.id for v in vehicles}
        )
        """Seats of vehicles that are out of reach: they stay as they are."""
        for vehicle in vehicles:
            self.fields[f"{SEATS}{vehicle.id}"] = forms.IntegerField(
                label=vehicle.name, required=False, min_value=0, max_value=1000,
                initial=held.get(vehicle.id),
            )  # fmt: skip

    def plain(self) -> Iterator[Any]:
        """All fields but the seats."""
        return (field for field in self if not field.name.startswith(SEATS))

    def seats(self) -> Iterator[tuple[Vehicle, Any]]:
        """The field of each vehicle."""
        return ((vehicle, self[f"{SEATS}{vehicle.id}"]) for vehicle in self.vehicles)

    def clean_day(self) -> date:
        """Not years away: that would be offered on no van, and nobody would be told."""
        day: date = self.cleaned_data["day"]
        today = datetime.now(self._zone).date()
        if day != self.initial.get("day") and not days.is_near(day, today):
            raise ValidationError(
                f"Le {day:%d/%m/%Y} est à plus de deux ans d'ici : vérifiez l'année."
            )
        return day

    @property
    def is_past(self) -> bool:
        """Whether what was saved has begun already."""
        return bool(self.instance.starts <= datetime.now(self._zone))

    def clean(self) -> dict[str, Any]:
        """No more seats are allotted than there are."""
        told: dict[str, Any] = super().clean() or {}
        given = self.others + sum(told.get(f"{SEATS}{each.id}") or 0 for each in self.vehicles)
        if given > (told.get("total") or 0):
            self.add_error(
                "total",
                f"Les véhicules ont {given} places ensemble : c'est plus que le total.",
            )
        return told

    def save(self, commit: bool = True) -> Workshop:
        """The workshop, and its allotments."""
        told = self.cleaned_data
        workshop: Workshop = super().save(commit=False)
        workshop.starts = datetime.combine(told["day"], told["at"], self._zone)
        if commit:
            workshop.save()
            self._allot(workshop)
        return workshop

    def _allot(self, workshop: Workshop) -> None:
        for vehicle in self.vehicles:
            seats = self.cleaned_data.get(f"{SEATS}{vehicle.id}")
            if seats is None:
                workshop.allotments.filter(vehicle_id=vehicle.id).delete()
            else:
                workshop.allotments.update_or_create(
                    vehicle_id=vehicle.id, defaults={"seats": seats}
                )

    def _allotted(self) -> dict[int, int]:
        if not self.instance.pk:
            return {}
        return dict(self.instance.allotments.values_list("vehicle_id", "seats"))
