"""What the federation sets on board of a vehicle: languages, notices, how long tracks are kept."""

from django.core.validators import MaxValueValidator
from django.db import models

from ...fleet.models import Vehicle
from .tours import Place


class Board(models.Model):
    """Settings of a vehicle; none: it is as it was set when it was made."""

    vehicle = models.OneToOneField(Vehicle, models.CASCADE, related_name="board")
    languages = models.CharField("langues, dans l'ordre", max_length=60, blank=True)
    """"fr ar en"."""
    keep_track_days = models.PositiveSmallIntegerField(
        "jours de trajets gardés à bord", default=60, validators=(MaxValueValidator(60),)
    )
    pin_reset = models.PositiveSmallIntegerField(default=0)
    """A higher one: the PIN is forgotten."""
    depot = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, verbose_name="dépôt", related_name="+"
    )

    class Meta:
        db_table = "board"


class Notice(models.Model):
    """A text for visitors of a vehicle, in one language."""

    vehicle = models.ForeignKey(Vehicle, models.CASCADE, related_name="notices")
    language = models.CharField(max_length=8)
    text = models.TextField(max_length=2000)

    class Meta:
        db_table = "notice"
        ordering = ("language",)
        constraints = (models.UniqueConstraint(fields=("vehicle", "language"), name="one_notice"),)


class Managed(models.Model):
    """A document that the pages have published: they go on when nothing is planned any more."""

    unit = models.CharField(max_length=26)
    kind = models.CharField(max_length=20)

    class Meta:
        db_table = "managed"
        constraints = (models.UniqueConstraint(fields=("unit", "kind"), name="one_managed"),)
