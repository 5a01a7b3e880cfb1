"""What has a time, a place and hosts."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Kind(models.Model):
    """A kind of activity; kinds are data that an office can add to and rename."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)


class Series(models.Model):
    """A repeat rule (RFC 5545 RRULE) and what its activities share; each of them is a row of `Activity`."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rule = models.CharField(max_length=200)
    zone = models.CharField(max_length=40)
    starts_at = models.DateTimeField()


class Activity(models.Model):
    """An activity on one day. `sequence` and `changed_at` tell calendars that something changed."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        CANCELLED = "cancelled", _("Cancelled")
        HELD = "held", _("Held")

    class SignUpFor(models.TextChoices):
        NOBODY = "nobody", _("No sign-up needed")
        PERSONS = "persons", _("Persons")
        UNITS = "units", _("Units")
        BOTH = "both", _("Persons and units")

    code = models.CharField(max_length=16, unique=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    series = models.ForeignKey(Series, on_delete=models.PROTECT, null=True, blank=True, related_name="activities")
    # The start that the rule gave, kept when the activity is moved: a calendar's RECURRENCE-ID.
    series_start_at = models.DateTimeField(null=True, blank=True)
    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, related_name="activities")
    title = models.CharField(max_length=120)
    about = models.TextField(blank=True)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    place_path = models.CharField(max_length=255, db_index=True)
    where = models.CharField(max_length=120, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    # Said where only the day is known, or not even that ("mid-May"); the calendar then shows whole days.
    when = models.CharField(max_length=60, blank=True)
    whole_days = models.BooleanField(default=False)
    listed = models.BooleanField(default=True)
    sign_up_for = models.CharField(max_length=8, choices=SignUpFor.choices, default=SignUpFor.NOBODY)
    capacity = models.PositiveIntegerField(null=True, blank=True)
    sign_up_until = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    cancel_reason = models.CharField(max_length=400, blank=True)
    report = models.TextField(blank=True)
    report_at = models.DateTimeField(null=True, blank=True)
    source = models.CharField(max_length=120, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gte=F("starts_at")), name="activity_ends_after_start"),
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(capacity__gte=1), name="activity_capacity_from_1"
            ),
            models.UniqueConstraint(fields=["series", "series_start_at"], name="activity_once_in_series"),
        ]
        indexes = [models.Index(fields=["starts_at", "id"], name="activity_by_start")]


class Host(models.Model):
    """An organisation that holds an activity: one leads, others hold it with it."""

    class Part(models.TextChoices):
        LEAD = "lead", _("Lead")
        CO = "co", _("Co-host")

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="hosts")
    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=4, choices=Part.choices, default=Part.CO)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["activity", "organisation"], name="host_once"),
            models.UniqueConstraint(fields=["activity"], condition=Q(part="lead"), name="host_one_lead"),
        ]
