"""Workshops, and how many seats each vehicle may give away."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from protocol import codes
from protocol.documents import Workshop as Told

from ...fleet.models import Centre, Territory, Vehicle


class Workshop(models.Model):
    """On offer once it is open; a draft is nobody's but the planner's."""

    class State(models.TextChoices):
        """What becomes of it."""

        DRAFT = "draft", "brouillon"
        OPEN = "open", "ouvert"
        CANCELLED = "cancelled", "annulé"

    territory = models.ForeignKey(Territory, models.PROTECT, related_name="workshops")
    centre = models.ForeignKey(Centre, models.PROTECT, null=True, blank=True)
    """Whose it is; none: of the whole territory."""
    code = models.CharField(max_length=60, unique=True)
    """What events and documents call it; never changes."""
    title = models.CharField("titre", max_length=80)
    theme = models.CharField("thème", max_length=60, choices=tuple(codes.CODES["theme"].items()))
    starts = models.DateTimeField("début")
    zone = models.CharField(max_length=40)
    """IANA: by whose clocks it begins."""
    minutes = models.PositiveSmallIntegerField(
        "durée en minutes", default=90,
        validators=(MinValueValidator(5), MaxValueValidator(24 * 60)),
    )  # fmt: skip
    place = models.CharField("lieu", max_length=80, blank=True)
    audience = models.CharField(
        "pour qui", max_length=80, blank=True, help_text="Vide : pour tout le monde."
    )
    level = models.CharField(
        "niveau", max_length=20, blank=True, choices=tuple(codes.CODES["level"].items())
    )
    asks_name = models.BooleanField(
        "on propose de laisser un prénom et un téléphone", default=True,
        help_text="Ni l'un ni l'autre n'est jamais exigé.",
    )  # fmt: skip
    total = models.PositiveSmallIntegerField(
        "places en tout", default=10, validators=(MaxValueValidator(1000),)
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=0)
    """How often it was changed: calendars take the higher one."""
    changed = models.BigIntegerField(default=0)
    """Milliseconds since 1970."""

    class Meta:
        db_table = "workshop"
        ordering = ("starts", "code")

    def __str__(self) -> str:
        return str(self.title)

    @property
    def starts_ms(self) -> int:
        """Milliseconds since 1970."""
        return round(self.starts.timestamp() * 1000)

    def told(self, seats: int) -> Told:
        """As a van is told of it."""
        return Told(
            id=self.code, title=self.title, starts=self.starts_ms, minutes=self.minutes,
            theme=self.theme, place=self.place, seats=seats, asks_name=self.asks_name,
            audience=self.audience, level=self.level or None,
        )  # fmt: skip


class Allotment(models.Model):
    """Seats that a vehicle may give away; 0: it keeps a waiting list alone."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="allotments")
    vehicle = models.ForeignKey(Vehicle, models.PROTECT, related_name="allotments")
    seats = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "allotment"
        constraints = (
            models.UniqueConstraint(fields=("workshop", "vehicle"), name="one_allotment"),
        )


class Settled(models.Model):
    """The programme that a unit has said it applied, all its sign-ups until then being known."""

    unit = models.CharField(max_length=26, primary_key=True)
    revision = models.BigIntegerField()

    class Meta:
        db_table = "settled"
