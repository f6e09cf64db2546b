"""Tokens of the programming interface. A token is kept as a digest: nobody can read it back."""

from django.db import models

from ..accounts.models import Account
from ..fleet.models import Centre, Territory


class Token(models.Model):
    """What a program shows instead of a login; scoped as an account is (../scope.py)."""

    name = models.CharField("pour quoi", max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of it, hexadecimal: it is 256 bits of chance, so that no slower one is needed."""
    role = models.CharField("rôle", max_length=12, choices=Account.Role.choices)
    territory = models.ForeignKey(Territory, models.PROTECT, null=True, blank=True)
    centre = models.ForeignKey(Centre, models.PROTECT, null=True, blank=True)
    made = models.BigIntegerField()
    """Milliseconds since 1970, as the two below."""
    expires = models.BigIntegerField()
    revoked = models.BigIntegerField(null=True)
    by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    last_day = models.CharField(max_length=10, blank=True)
    """Day it was last used on (UTC), no more."""

    class Meta:
        db_table = "api_token"
        ordering = ("revoked", "-made")

    def __str__(self) -> str:
        return str(self.name)
