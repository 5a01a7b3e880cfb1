"""Meetings: an activity with an agenda, and its minutes in versions, approved by those who were there."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiting.people.models import RoleKind

_ONE_WHO = Q(person__isnull=False, organisation__isnull=True) | Q(person__isnull=True, organisation__isnull=False)


class Meeting(models.Model):
    """A meeting about a topic, or of a council. Place, time, hosts, sign-up and attendance are the activity's."""

    activity = models.OneToOneField("activities.Activity", on_delete=models.PROTECT, related_name="meeting")
    topic = models.ForeignKey(
        "deliberation.Topic", on_delete=models.PROTECT, null=True, blank=True, related_name="meetings"
    )
    # How many people must be there to decide anything; 0 asks for no number.
    quorum = models.PositiveSmallIntegerField(default=0)
    # How many of those who were there must approve of the minutes.
    approvals_needed = models.PositiveSmallIntegerField(default=1)
    called_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(approvals_needed__gte=1), name="meeting_approvals_from_1")]


class MeetingInvitation(models.Model):
    """Who is asked to come: the people of an organisation, or all who hold a role over the place."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="invitations")
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    role = models.CharField(max_length=10, choices=RoleKind.choices, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, role="") | (Q(organisation__isnull=True) & ~Q(role="")),
                name="meeting_invites_unit_or_role",
            ),
            models.UniqueConstraint(fields=["meeting", "organisation"], name="meeting_invites_unit_once"),
            models.UniqueConstraint(
                fields=["meeting", "role"], condition=~Q(role=""), name="meeting_invites_role_once"
            ),
        ]


class Minutes(models.Model):
    """One version of the minutes; its points are the agenda first. A final version never changes again."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Being written")
        ASKED = "asked", _("Waiting for approval")
        FINAL = "final", _("Final")

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="minutes")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=6, choices=State.choices, default=State.DRAFT)
    # Why a version before it had to be corrected, in public words.
    correction = models.CharField(max_length=400, blank=True)
    begun_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True)
    final_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="minutes_number_once"),
            models.UniqueConstraint(
                fields=["meeting"], condition=Q(state__in=["draft", "asked"]), name="minutes_one_in_the_making"
            ),
            models.CheckConstraint(
                condition=Q(state="final", final_at__isnull=False)
                | (~Q(state="final") & Q(final_at__isnull=True, published_at__isnull=True)),
                name="minutes_final_has_a_time",
            ),
        ]


class Point(models.Model):
    """A point of the agenda, and what came of it. `version` counts the savings, for two who write at once."""

    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="points")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    topic = models.ForeignKey("deliberation.Topic", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    need = models.ForeignKey("needs.Need", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Whether it stood on the agenda; the others came up in the meeting.
    announced = models.BooleanField(default=True)
    decision = models.CharField(max_length=1000, blank=True)
    dissent = models.CharField(max_length=1000, blank=True)
    votes_for = models.PositiveIntegerField(null=True, blank=True)
    votes_against = models.PositiveIntegerField(null=True, blank=True)
    abstained = models.PositiveIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["minutes", "position"], name="point_position_once")]


class Said(models.Model):
    """What somebody said at a point, shortly, and in which role; never under a name."""

    point = models.ForeignKey(Point, on_delete=models.CASCADE, related_name="said")
    position = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=40)
    text = models.CharField(max_length=400)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["point", "position"], name="said_position_once")]


class Approval(models.Model):
    """What one who was there says of the minutes: yes, or no with a word. One a person or unit, changeable."""

    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="approvals")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    agrees = models.BooleanField()
    word = models.CharField(max_length=400, blank=True)
    # Whoever keeps the minutes wrote the answer down for them; what they say themselves goes before it.
    by_keeper = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_ONE_WHO, name="approval_of_one"),
            models.UniqueConstraint(fields=["minutes", "person"], name="approval_once_a_person"),
            models.UniqueConstraint(fields=["minutes", "organisation"], name="approval_once_a_unit"),
        ]
