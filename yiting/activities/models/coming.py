"""Who comes: places taken and waited for, who was there, and what they thought of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiting.activities.models.activity import Activity

_ONE_WHO = Q(person__isnull=False, organisation__isnull=True) | Q(person__isnull=True, organisation__isnull=False)


class SignUp(models.Model):
    """A person or a unit that wants to come. Seats are counted in heads; who waits moves up in order."""

    class State(models.TextChoices):
        SEAT = "seat", _("Has a place")
        WAITING = "waiting", _("Waiting")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="sign_ups")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    heads = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State.choices)
    signed_at = models.DateTimeField()
    moved_up_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_ONE_WHO, name="sign_up_of_one"),
            models.CheckConstraint(condition=Q(heads__gte=1), name="sign_up_heads_from_1"),
            models.UniqueConstraint(fields=["activity", "person"], name="sign_up_once_a_person"),
            models.UniqueConstraint(fields=["activity", "organisation"], name="sign_up_once_a_unit"),
        ]
        indexes = [models.Index(fields=["activity", "state", "signed_at", "id"], name="sign_up_in_line")]


class CheckIn(models.Model):
    """Those who were there: a person, a unit, or so many heads of whom nobody asked who they are."""

    class Way(models.TextChoices):
        QR = "qr", _("By the code at the door")
        HAND = "hand", _("Written down by hand")

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="check_ins")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    heads = models.PositiveSmallIntegerField(default=1)
    way = models.CharField(max_length=4, choices=Way.choices)
    # Marks one tap on one page, so that sending it twice counts it once.
    key = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=True) | Q(organisation__isnull=True), name="check_in_of_one_at_most"
            ),
            models.CheckConstraint(condition=Q(heads__gte=1), name="check_in_heads_from_1"),
            models.UniqueConstraint(fields=["activity", "person"], name="check_in_once_a_person"),
            models.UniqueConstraint(fields=["activity", "organisation"], name="check_in_once_a_unit"),
            models.UniqueConstraint(fields=["activity", "key"], condition=~Q(key=""), name="check_in_once_a_tap"),
        ]


class Feedback(models.Model):
    """A tap and, if one likes, a word; one a person, changeable."""

    class Verdict(models.TextChoices):
        GOOD = "good", _("Good")
        FAIR = "fair", _("So-so")
        POOR = "poor", _("Not good")

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="feedback")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=4, choices=Verdict.choices)
    word = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "person"], name="feedback_once_a_person")]


class FeedLink(models.Model):
    """The secret link to a person's own calendar; only its hash is kept. Renewing it ends the old one."""

    person = models.OneToOneField("people.Person", on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
