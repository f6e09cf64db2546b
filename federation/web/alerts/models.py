"""Alerts as they stand and stood, who took care of them, delays and digests. Decides nothing.

Moments are milliseconds since 1970. Nothing here is about a person but accounts, by reference.
"""

from django.db import models

from ..accounts.models import Account
from ..fleet.models import Territory


class Alert(models.Model):
    """One trouble from its first sight to its end; what it means is in federation/alerting.py."""

    subject = models.CharField(max_length=60)
    kind = models.CharField(max_length=16)
    territory = models.CharField(max_length=40, blank=True)
    """Its code."""
    state = models.CharField(max_length=8)
    since = models.BigIntegerField()
    detail = models.CharField(max_length=400, blank=True)
    mark = models.BigIntegerField(null=True)
    opened = models.BigIntegerField(null=True)
    fine_since = models.BigIntegerField(null=True)
    closed = models.BigIntegerField(null=True)
    under = models.ForeignKey("self", models.SET_NULL, null=True, related_name="folded")
    taken_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    taken_at = models.BigIntegerField(null=True)
    taken_why = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "alert"
        ordering = ("-since", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("subject", "kind"), condition=models.Q(closed=None), name="one_alert"
            ),
        )
        indexes = (models.Index(fields=("closed",), name="alert_closed"),)


class Mute(models.Model):
    """Until when nobody is told of a subject, by whom and why."""

    subject = models.CharField(max_length=60)
    kind = models.CharField(max_length=16, blank=True)
    """Empty: of every kind."""
    until = models.BigIntegerField()
    made = models.BigIntegerField()
    by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    why = models.CharField(max_length=200)

    class Meta:
        db_table = "alert_mute"
        constraints = (models.UniqueConstraint(fields=("subject", "kind"), name="one_mute"),)


class Deed(models.Model):
    """What somebody did about alerts."""

    subject = models.CharField(max_length=60, db_index=True)
    kind = models.CharField(max_length=16, blank=True)
    at = models.BigIntegerField()
    by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    what = models.CharField(max_length=16)
    """taken, given_back, muted, unmuted or delay."""
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "alert_deed"
        ordering = ("-at", "-id")


class Delay(models.Model):
    """How long a territory waits before a trouble is an alert, in minutes."""

    territory = models.OneToOneField(Territory, models.CASCADE, primary_key=True)
    silence = models.PositiveIntegerField(null=True, blank=True)
    others = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        db_table = "alert_delay"


class Digest(models.Model):
    """When an account is written to, and what it was told already."""

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True, related_name="+")
    wanted = models.BooleanField(default=True)
    minutes = models.PositiveIntegerField(default=60)
    """At most one message in so many."""
    hours = models.CharField(max_length=60, blank=True)
    """Local hours at which it is sent alone, apart by blanks; empty: at any."""
    sent = models.BigIntegerField(default=0)
    told = models.TextField(default="", blank=True)
    """Numbers of the open alerts that it was told of."""

    class Meta:
        db_table = "alert_digest"
