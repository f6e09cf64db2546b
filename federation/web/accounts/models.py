"""An account: a login, a role, and the territory or centre it is for. No more of a person."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

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
    territory = models.ForeignKey(Territory, models.PROTECT, null=True, blank=True)
    centre = models.ForeignKey(Centre, models.PROTECT, null=True, blank=True)
    is_active = models.BooleanField("actif", default=True)

    objects = Accounts()
    USERNAME_FIELD = "login"
    REQUIRED_FIELDS = ("role",)

    class Meta:
        db_table = "account"
        ordering = ("login",)

    def __str__(self) -> str:
        return str(self.login)
