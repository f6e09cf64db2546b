"""Territories, centres, vehicles and the boxes in them. A vehicle outlives its boxes.

Read without Django too (federation/registry.py): tables and columns keep these names.
"""

from django.db import models


class Territory(models.Model):
    """One of the 44."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)

    class Meta:
        db_table = "territory"
        ordering = ("name",)

    def __str__(self) -> str:
        return str(self.name)


class Centre(models.Model):
    """A social centre."""

    territory = models.ForeignKey(Territory, models.PROTECT, related_name="centres")
    name = models.CharField(max_length=80)

    class Meta:
        db_table = "centre"
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("territory", "name"), name="one_centre"),)

    def __str__(self) -> str:
        return str(self.name)


class Vehicle(models.Model):
    """A van or a trike, as people know it."""

    class Kind(models.TextChoices):
        """As on its card."""

        CAMION = "camion", "camion"
        CAMPING_CAR = "camping-car", "camping-car"
        TRIPORTEUR = "triporteur", "triporteur"

    class Measure(models.TextChoices):
        """What a target counts."""

        PASSAGES = "passages", "passages"
        PERSONNES = "personnes", "personnes (premières visites déclarées)"
        PARTICIPANTS = "participants", "participants aux ateliers"

    name = models.CharField("nom", max_length=80)
    kind = models.CharField("sorte", max_length=12, choices=Kind.choices, default=Kind.CAMION)
    centre = models.ForeignKey(Centre, models.PROTECT, related_name="vehicles")
    zone = models.CharField("fuseau horaire", max_length=40, default="Europe/Paris")
    target_people = models.PositiveIntegerField("objectif par an", null=True, blank=True)
    target_measure = models.CharField(
        "compté en", max_length=12, choices=Measure.choices, default=Measure.PASSAGES
    )
    retired = models.BooleanField("n'est plus en service", default=False)

    class Meta:
        db_table = "vehicle"
        ordering = ("name",)

    def __str__(self) -> str:
        return str(self.name)


class Box(models.Model):
    """A unit in a vehicle, from when to when."""

    unit = models.CharField(max_length=26, unique=True)
    vehicle = models.ForeignKey(Vehicle, models.PROTECT, related_name="boxes")
    since = models.BigIntegerField()
    """Milliseconds since 1970."""
    until = models.BigIntegerField(null=True, blank=True)

    class Meta:
        db_table = "box"
        ordering = ("since",)

    def __str__(self) -> str:
        return str(self.unit)
