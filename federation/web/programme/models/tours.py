"""Places where vehicles stand, and the tours that go by them."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from protocol import codes
from protocol.documents import PlannedStop

from ...fleet.models import Territory, Vehicle

COVERAGE = (("unknown", "on ne sait pas"), ("covered", "couvert"), ("white", "zone blanche"))
"""As in federation/fleet_state.py."""
CLASSES = (
    ("qpv", "quartier prioritaire (QPV)"),
    ("frr", "France ruralités revitalisation"),
    ("autre", "ni l'un ni l'autre"),
)
DAY_MINUTES = 24 * 60


class Place(models.Model):
    """A place known by its name: its commune and territory class go with every stop there."""

    territory = models.ForeignKey(Territory, models.PROTECT, related_name="places")
    code = models.CharField(max_length=50, unique=True)
    """What vans and stops call it; never changes."""
    name = models.CharField("nom", max_length=80)
    lat = models.FloatField("latitude", validators=(MinValueValidator(-90), MaxValueValidator(90)))
    lon = models.FloatField(
        "longitude", validators=(MinValueValidator(-180), MaxValueValidator(180))
    )
    commune = models.CharField(
        "code INSEE de la commune", max_length=5,
        validators=(RegexValidator(r"^[0-9][0-9AB][0-9]{3}$", "Cinq caractères, comme 59599."),),
    )  # fmt: skip
    commune_name = models.CharField("nom de la commune", max_length=80)
    kind = models.CharField(
        "sorte de lieu", max_length=20, default="autre",
        choices=tuple(codes.CODES["stop_kind"].items()),
    )  # fmt: skip
    territory_class = models.CharField(
        "classement", max_length=8, choices=CLASSES, blank=True, default=""
    )
    zoning_year = models.PositiveSmallIntegerField("année du zonage", null=True, blank=True)
    coverage = models.CharField(
        "réseau mobile", max_length=8, choices=COVERAGE, default="unknown",
        help_text="En zone blanche, le silence d'un véhicule est prévu.",
    )  # fmt: skip

    class Meta:
        db_table = "place"
        ordering = ("name",)

    def __str__(self) -> str:
        return f"{self.name}, {self.commune_name}"

    def stop(self, opens: int = 0, closes: int = 0) -> PlannedStop:
        """As vans are told of it."""
        return PlannedStop(
            id=self.code, name=self.name, lat=self.lat, lon=self.lon, commune=self.commune,
            commune_name=self.commune_name, opens=opens, closes=closes, kind=self.kind,
            territory_class=self.territory_class or None, zoning_year=self.zoning_year,
        )  # fmt: skip


class Tour(models.Model):
    """Stops of a day that comes again each week, or every other one."""

    vehicle = models.ForeignKey(Vehicle, models.PROTECT, related_name="tours")
    name = models.CharField("nom", max_length=60)
    weekdays = models.CharField(max_length=13)
    """"1 3": Monday and Wednesday."""
    first = models.DateField("du")
    last = models.DateField("au", null=True, blank=True)
    weeks = models.PositiveSmallIntegerField(
        "semaines", default=1, choices=((1, "chaque semaine"), (2, "une semaine sur deux"))
    )

    class Meta:
        db_table = "tour"
        ordering = ("vehicle__name", "weekdays", "name")

    def __str__(self) -> str:
        return str(self.name)


class TourStop(models.Model):
    """One stop of it, in minutes of the local day."""

    tour = models.ForeignKey(Tour, models.CASCADE, related_name="stops")
    place = models.ForeignKey(Place, models.PROTECT, related_name="stops")
    opens = models.PositiveSmallIntegerField(validators=(MaxValueValidator(DAY_MINUTES),))
    closes = models.PositiveSmallIntegerField(validators=(MaxValueValidator(DAY_MINUTES),))

    class Meta:
        db_table = "tour_stop"
        ordering = ("opens",)


class TourDay(models.Model):
    """A day on which a tour is not as usual."""

    tour = models.ForeignKey(Tour, models.CASCADE, related_name="days")
    day = models.DateField()
    vehicle = models.ForeignKey(Vehicle, models.PROTECT, null=True, related_name="+")
    """Who drives it then; none: it does not take place."""

    class Meta:
        db_table = "tour_day"
        constraints = (models.UniqueConstraint(fields=("tour", "day"), name="one_tour_day"),)
