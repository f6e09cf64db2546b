"""What is set on board of a vehicle, and the texts for its visitors."""

from typing import Any, ClassVar

from django import forms

from ..models import Board

LANGUAGES = {
    "fr": "français", "ar": "العربية (arabe)", "en": "English (anglais)",
    "pt": "português (portugais)", "tr": "Türkçe (turc)", "uk": "українська (ukrainien)",
    "gcr": "kriyòl (créole guyanais)", "gcf": "kréyòl (créole guadeloupéen)",
}  # fmt: skip
"""Those that the screens have a catalogue of."""
MOST = 2000
"""Characters of a text."""


class BoardForm(forms.ModelForm):
    """Settings, and a text in each language."""

    class Meta:
        model = Board
        fields = ("languages", "keep_track_days", "depot")
        help_texts: ClassVar = {
            "languages": "Codes séparés par un espace : fr ar en pt tr uk gcr gcf. L'ordre est "
            "celui des boutons du premier écran ; vide : comme le véhicule est réglé.",
            "keep_track_days": "60 au plus.",
        }

    def __init__(self, *arguments: Any, places: Any, texts: dict[str, str], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["depot"].queryset = places
        self.fields["depot"].empty_label = "—"
        for code, label in LANGUAGES.items():
            self.fields[f"text-{code}"] = forms.CharField(
                label=label, required=False, max_length=MOST, initial=texts.get(code, ""),
                widget=forms.Textarea(
                    attrs={"rows": 3, "lang": code, "dir": "rtl" if code == "ar" else "ltr"}
                ),
            )  # fmt: skip

    def settings(self) -> Any:
        """The fields of the vehicle's settings."""
        return (self[name] for name in self.Meta.fields)

    def texts(self) -> Any:
        """The field of each language."""
        return (self[f"text-{code}"] for code in LANGUAGES)

    def clean_languages(self) -> str:
        """Codes that a screen knows, each once."""
        told = str(self.cleaned_data["languages"]).lower().replace(",", " ").split()
        unknown = [code for code in told if code not in LANGUAGES]
        if unknown:
            raise forms.ValidationError(
                f"Inconnu : {', '.join(unknown)}. Les codes sont {', '.join(LANGUAGES)}."
            )
        return " ".join(dict.fromkeys(told))

    def told(self) -> dict[str, str]:
        """Language → text; those that are empty too."""
        return {code: self.cleaned_data[f"text-{code}"].strip() for code in LANGUAGES}
