"""Alliances, their members, and what was reported of them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Alliance(models.Model):
    """Organisations along an industry chain that share what they have and host in turn."""

    class Turns(models.TextChoices):
        ACTIVITY = "activity", _("One turn an activity")
        SEASON = "season", _("One turn a season")

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    field = models.CharField(max_length=200, blank=True)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    place_path = models.CharField(max_length=255, db_index=True)
    lead = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    cooperating = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    rule_name = models.CharField(max_length=60, blank=True)
    rule = models.TextField(blank=True)
    turns = models.CharField(max_length=8, choices=Turns.choices, default=Turns.ACTIVITY)
    by_weight = models.BooleanField(default=False)
    created_at = models.DateTimeField()


class JointKind(models.Model):
    """One of the kinds of activity that an alliance holds together (五联), by its own name for it."""

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="joint_kinds")
    name = models.CharField(max_length=40)
    kind = models.ForeignKey("activities.Kind", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alliance", "name"], name="joint_kind_once")]


class Membership(models.Model):
    """A place in an alliance, held by an organisation from a day to a day; numbered and to be filled while unknown.

    `left_on` is the last day. One that left and came back has two rows with one number; a number is never given to
    another organisation, so that it names a unit for good.
    """

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="memberships")
    number = models.PositiveSmallIntegerField()
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="alliance_memberships"
    )
    joined_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    weight = models.PositiveSmallIntegerField(default=1)
    # Turns still to be made up, or taken too many (below 0), from before the records here.
    owed = models.SmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weight__gte=1), name="membership_weight_from_1"),
            models.CheckConstraint(condition=Q(number__gte=1), name="membership_number_from_1"),
            models.UniqueConstraint(
                fields=["alliance", "number"], condition=Q(left_on__isnull=True), name="membership_number_once"
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(joined_on__isnull=True) | Q(left_on__gte=F("joined_on")),
                name="membership_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["alliance", "organisation"],
                condition=Q(left_on__isnull=True, organisation__isnull=False),
                name="membership_held_once",
            ),
        ]


class Reported(models.Model):
    """A figure that somebody reported of an alliance, with when and where it was said; never made up."""

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="reported")
    what = models.CharField(max_length=60)
    amount = models.PositiveIntegerField()
    said_when = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alliance", "what", "said_when"], name="reported_once")]


class JointActivity(models.Model):
    """That an activity is an alliance's, and of which of its kinds."""

    alliance = models.ForeignKey(Alliance, on_delete=models.PROTECT, related_name="joint_activities")
    activity = models.OneToOneField("activities.Activity", on_delete=models.PROTECT, related_name="joint")
    joint_kind = models.ForeignKey(JointKind, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
