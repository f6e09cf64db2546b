"""People who signed up by telephone. Their names are sealed before they are written here."""

from django.db import models

from .workshops import Workshop


class DeskSignUp(models.Model):
    """As a van's `workshop.signed_up`, with its standing now; its key is (1, id).

    Read without Django too (federation/people/desk.py): table and columns keep these names.
    """

    workshop = models.ForeignKey(Workshop, models.PROTECT, related_name="desk")
    number = models.PositiveIntegerField()
    """What the person notes down."""
    seats = models.PositiveSmallIntegerField()
    """For how many people; 0: given back."""
    waiting = models.PositiveSmallIntegerField(default=0)
    made = models.BigIntegerField()
    """Times in milliseconds since 1970."""
    since = models.BigIntegerField()
    """From when on it has its place on the waiting list."""
    contact = models.BigIntegerField()
    """When the person was last heard of."""
    moved_up = models.BigIntegerField(null=True)
    """When seats came free for who waited; gone once they know."""
    envelope = models.BinaryField(null=True)
    erased = models.BigIntegerField(null=True)

    class Meta:
        db_table = "desk_sign_up"
        ordering = ("workshop", "since", "id")


class Call(models.Model):
    """Somebody was called about a seat, wherever they signed up."""

    class Outcome(models.TextChoices):
        """What came of it."""

        LEFT = "left_word", "appelé, message laissé"
        REACHED = "reached", "joint"
        NOT_REACHED = "not_reached", "pas joint"

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="calls")
    unit = models.CharField(max_length=26)
    epoch = models.BigIntegerField()
    seq = models.BigIntegerField()
    at = models.BigIntegerField()
    who = models.CharField(max_length=60)
    outcome = models.CharField(max_length=12, choices=Outcome.choices)

    class Meta:
        db_table = "desk_call"
        ordering = ("at", "id")
