"""What is asked about a new token. Makes none."""

from typing import Any

from django import forms

from ..accounts.models import Account
from ..fleet.models import Centre, Territory
from .models import Token

DAY = 24 * 3600 * 1000


class Wanted(forms.ModelForm):
    """A token: for what, with which rights, until when."""

    days = forms.TypedChoiceField(
        label="Valable", coerce=int, initial=90,
        choices=((30, "30 jours"), (90, "90 jours"), (365, "un an")),
    )  # fmt: skip
    territory = forms.ModelChoiceField(
        Territory.objects.all(), label="Territoire", required=False, empty_label="tous"
    )
    centre = forms.ModelChoiceField(
        Centre.objects.select_related("territory"), label="Centre social", required=False,
        empty_label="aucun",
    )  # fmt: skip

    class Meta:
        model = Token
        fields = ("name", "role", "territory", "centre", "days")

    def clean(self) -> dict[str, Any]:
        """A role sees what it is for, as an account's does."""
        said = super().clean() or {}
        wanted = Account(
            login="-", role=said.get("role", ""), territory=said.get("territory"),
            centre=said.get("centre"),
        )  # fmt: skip
        wanted.clean()
        said["territory"], said["centre"] = wanted.territory, wanted.centre
        return said
