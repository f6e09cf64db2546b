"""What people type about accounts, checked. Says nothing about whether an account exists."""

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.password_validation import validate_password

from .models import Account


class Entering(forms.Form):
    """Login and password; whatever is wrong with them is told in the same words."""

    username = forms.CharField(max_length=60)
    password = forms.CharField(max_length=200, strip=False)


class NewPassword(forms.Form):
    """The same twice."""

    password = forms.CharField(
        label="Nouveau mot de passe", max_length=200, strip=False,
        help_text="Douze caractères au moins : quelques mots qui vous plaisent suffisent.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    again = forms.CharField(
        label="Encore une fois", max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Good enough, and typed alike."""
        told: dict[str, Any] = super().clean() or {}
        if "password" in told and "again" in told:
            if told["password"] != told["again"]:
                self.add_error("again", "Les deux mots de passe ne sont pas les mêmes.")
            try:
                validate_password(told["password"])
            except forms.ValidationError as error:
                self.add_error("password", error)
        return told


class First(NewPassword):
    """With the code that was given."""

    username = forms.CharField(
        label="Identifiant", max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )  # fmt: skip
    code = forms.CharField(
        label="Code", max_length=40, help_text="Les vingt lettres et chiffres que vous avez reçus.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none"}),
    )  # fmt: skip
    field_order = ("username", "code", "password", "again")


class Changing(NewPassword):
    """With the former one."""

    former = forms.CharField(
        label="Mot de passe actuel", max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip
    field_order = ("former", "password", "again")


class Changed(forms.ModelForm):
    """An account's role and what it is for."""

    class Meta:
        model = Account
        fields: tuple[str, ...] = ("role", "territory", "centre", "email")
        help_texts: ClassVar = {
            "territory": "Pour un compte de territoire, ou un financeur d'un seul territoire.",
            "centre": "Pour un compte de centre social.",
            "email": "Pour les alertes, et pour entrer par le fournisseur d'identité.",
        }


class Added(Changed):
    """A new one, with its login."""

    class Meta(Changed.Meta):
        fields = ("login", *Changed.Meta.fields)
        help_texts: ClassVar = {**Changed.Meta.help_texts, "login": "Ne changera plus."}
