"""What people type about vehicles, checked. Knows no page."""

from typing import Any, Final

from django import forms

from protocol import topics

from .. import days
from ..programme.tours import NOBODY, TO_CHOOSE
from .models import Centre, Territory, Vehicle

ZONES: Final = (
    ("Europe/Paris", "Hexagone (Paris)"),
    ("America/Guadeloupe", "Guadeloupe"),
    ("America/Martinique", "Martinique"),
    ("America/Cayenne", "Guyane (Cayenne)"),
    ("Indian/Reunion", "La Réunion"),
    ("Indian/Mayotte", "Mayotte"),
    ("America/Miquelon", "Saint-Pierre-et-Miquelon"),
    ("America/St_Barthelemy", "Saint-Barthélemy"),
    ("America/Marigot", "Saint-Martin"),
    ("Pacific/Noumea", "Nouvelle-Calédonie"),
    ("Pacific/Tahiti", "Polynésie (Tahiti)"),
)


class VehicleForm(forms.ModelForm):
    """A vehicle as people know it."""

    zone = forms.ChoiceField(label="Fuseau horaire", choices=ZONES)

    class Meta:
        model = Vehicle
        fields = ("name", "kind", "centre", "zone", "target_people", "target_measure")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        centres = Centre.objects.select_related("territory").order_by("territory__name", "name")
        field = self.fields["centre"]
        field.queryset = centres
        field.label_from_instance = lambda each: f"{each.territory.name} : {each.name}"

    def clean(self) -> dict[str, Any]:
        """One name in a centre."""
        told: dict[str, Any] = super().clean() or {}
        same = Vehicle.objects.filter(name=told.get("name"), centre=told.get("centre"))
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error("name", "Ce centre a déjà un véhicule de ce nom.")
        return told


class BoxForm(forms.Form):
    """Which box rides in a vehicle from now on."""

    unit = forms.RegexField(
        label="Boîtier", regex=topics.UNIT_ID, max_length=26,
        help_text="Son identifiant, tel que l'enrôlement l'a donné.",
        error_messages={"invalid": "De 3 à 26 lettres minuscules, chiffres et tirets."},
        widget=forms.TextInput(attrs={"list": "boxes", "autocapitalize": "none"}),
    )  # fmt: skip


class TerritoryForm(forms.ModelForm):
    """A territory."""

    code = forms.SlugField(label="Code", max_length=40)

    class Meta:
        model = Territory
        fields = ("name", "code")
        labels = {"name": "Nom"}  # noqa: RUF012 - as Django asks for it


class CentreForm(forms.ModelForm):
    """A social centre."""

    class Meta:
        model = Centre
        fields = ("territory", "name")
        labels = {"territory": "Territoire", "name": "Nom"}  # noqa: RUF012


class HandOver(forms.Form):
    """A day's tour for another vehicle; none: it does not take place."""

    day = forms.DateField(
        label="Jour", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[days.known],
        error_messages={"required": "Écrivez le jour.", "invalid": "Ce jour n'est pas une date."},
    )  # fmt: skip
    target = forms.RegexField(rf"\d{{1,18}}|{NOBODY}", error_messages={"required": TO_CHOOSE})

    def clean_target(self) -> int | None:
        """The vehicle; None: nobody."""
        target = self.cleaned_data["target"]
        return None if target == NOBODY else int(target)
