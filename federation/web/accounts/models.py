"""An account: a login, a role, and the territory or centre it is for. No more of a person."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.crypto import salted_hmac

from ..fleet.models import Centre, Territory


class Accounts(BaseUserManager["Account"]):
    """Makes accounts."""

    def create(self, **fields: object) -> "Account":
        """An account; `password` is hashed, none means nobody can log in with one."""
        password = fields.pop("password", None)
        account = self.model(**fields)
        account.set_password(password)
        account.full_clean()
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """Whoever works with the federation's pages."""

    class Role(models.TextChoices):
        """As in federation/web/scope.py."""

        FEDERATION = "federation", "fédération"
        TERRITORY = "territory", "territoire"
        CENTRE = "centre", "centre"
        FUNDER = "funder", "financeur"
        AUDITOR = "auditor", "contrôle"

    login = models.CharField("identifiant", max_length=60, unique=True)
    email = models.EmailField("adresse électronique", blank=True)
    """For the digest of alerts, and to know somebody again who logs in by OpenID Connect."""
    role = models.CharField("rôle", max_length=12, choices=Role.choices)
    territory = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, verbose_name="territoire"
    )
    centre = models.ForeignKey(
        Centre, models.PROTECT, null=True, blank=True, verbose_name="centre social"
    )
    is_active = models.BooleanField("ouvert", default=True)
    era = models.PositiveIntegerField(default=0)
    """Sessions are of one era: closing, or another role, begins a new one."""
    subject = models.CharField(max_length=255, null=True, blank=True, unique=True)
    """Who it is at the OpenID Connect provider, from the first time on."""
    ticket = models.CharField(max_length=64, blank=True)
    """Digest of the code that lets a password be chosen, once."""
    ticket_until = models.BigIntegerField(default=0)
    """Milliseconds since 1970."""

    objects = Accounts()
    USERNAME_FIELD = "login"
    REQUIRED_FIELDS = ("role",)

    class Meta:
        db_table = "account"
        ordering = ("login",)

    def __str__(self) -> str:
        return str(self.login)

    def clean(self) -> None:
        """A role sees what it is for: no more, by a field left full, and no less."""
        wanted = {"territory": self.territory_id, "centre": self.centre_id}
        if self.role in wanted and wanted[self.role] is None:
            raise ValidationError({self.role: "Ce rôle en demande un."})
        if self.role not in ("territory", "funder"):
            self.territory = None
        if self.role != "centre":
            self.centre = None

    def of(self) -> str:
        """What the account is for, in words."""
        if self.centre is not None:
            return f"{self.centre} ({self.centre.territory})"
        return str(self.territory) if self.territory is not None else "tous les territoires"

    def end(self) -> None:
        """Nobody comes in with it any more, and whoever is in is out."""
        self.is_active, self.era, self.ticket = False, self.era + 1, ""
        self.save()

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        told = f"{self.password}|{self.era}|{self.role}|{self.territory_id}|{self.centre_id}"
        return salted_hmac("escale.session", told, secret=secret, algorithm="sha256").hexdigest()


class Try(models.Model):
    """How often somebody tried to come in: by account, by network. Neither is kept in clear."""

    mark = models.CharField(max_length=64, primary_key=True)
    """Keyed digest (throttle.py)."""
    failures = models.PositiveIntegerField()
    last = models.BigIntegerField()
    """Milliseconds since 1970."""

    class Meta:
        db_table = "login_try"


class Forgotten(models.Model):
    """What became of an erasure that was asked for (federation/people/erasing.py)."""

    erasure = models.BigIntegerField(primary_key=True)
    """Its number among them."""
    ledger = models.BigIntegerField(null=True)
    """When ingest had carried it out. Milliseconds since 1970."""
    backups = models.BigIntegerField(null=True)
    """When it had reached every copy."""
    copies = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "erasure_done"
