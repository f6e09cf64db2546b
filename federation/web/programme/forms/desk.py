"""What somebody says on the telephone."""

from django import forms

from .. import once
from ..desk import MOST, Waits

_NOT_KEPT = {"autocomplete": "off", "data-lpignore": "true"}


class SignUpForm(forms.Form):
    """Neither first name nor telephone is ever demanded."""

    once = forms.CharField(
        required=False, max_length=32, initial=once.mark, widget=forms.HiddenInput
    )
    people = forms.IntegerField(
        label="Combien de personnes", min_value=1, max_value=MOST, initial=1
    )
    first_name = forms.CharField(
        label="Prénom", required=False, max_length=60, widget=forms.TextInput(attrs=_NOT_KEPT)
    )
    phone = forms.CharField(
        label="Téléphone", required=False, max_length=30,
        widget=forms.TextInput(attrs={**_NOT_KEPT, "inputmode": "tel"}),
    )  # fmt: skip
    waits = forms.BooleanField(
        label="En liste d'attente s'il n'y a pas assez de places", required=False
    )


class ChangeForm(forms.Form):
    """For how many people it is now; 0: given back."""

    people = forms.IntegerField(min_value=0, max_value=MOST)
    waits = forms.TypedChoiceField(
        required=False, choices=[(each, each) for each in Waits], coerce=Waits, empty_value=None
    )
