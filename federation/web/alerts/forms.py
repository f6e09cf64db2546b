"""What people may write about alerts, checked. Decides nothing of an alert."""

from django import forms

from ... import alert_digest
from .models import Delay, Digest

REASON = "Sans rien de personnel : d'autres le lisent."


class Why(forms.Form):
    """A reason, said in a few words."""

    why = forms.CharField(label="Pourquoi", max_length=200, help_text=REASON)


class Mute(Why):
    """Nobody is told of it for so many days."""

    days = forms.TypedChoiceField(
        label="Pendant",
        coerce=int,
        choices=((1, "1 jour"), (3, "3 jours"), (7, "7 jours"), (30, "30 jours")),
        initial=1,
    )
    whole = forms.BooleanField(label="toutes les alertes de ce véhicule", required=False)


class Delays(forms.ModelForm):
    """Of one territory."""

    silence = forms.IntegerField(
        label="« Sans nouvelles » depuis, en minutes", required=False, min_value=0, max_value=2880
    )
    others = forms.IntegerField(
        label="Autres ennuis, en minutes", required=False, min_value=0, max_value=2880
    )

    class Meta:
        model = Delay
        fields = ("silence", "others")


class Rhythm(forms.ModelForm):
    """Of somebody's digest."""

    wanted = forms.BooleanField(label="Recevoir le résumé par courriel", required=False)
    minutes = forms.IntegerField(
        label="Un message toutes les … minutes au plus", min_value=10, max_value=10080
    )
    hours = forms.CharField(
        label="Seulement à ces heures",
        required=False,
        max_length=60,
        help_text="Par exemple « 8 14 » ; vide : à toute heure. Heure locale de vos véhicules.",
    )

    class Meta:
        model = Digest
        fields = ("wanted", "minutes", "hours")

    def clean_hours(self) -> str:
        """Hours of the day, apart by blanks."""
        found = alert_digest.hours(self.cleaned_data["hours"])
        if found is None:
            raise forms.ValidationError("Des heures de 0 à 23, séparées par des espaces.")
        return " ".join(map(str, sorted(found)))
