"""Who handles a need, what the clock waits for, what was answered and what the residents said of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiting.needs.models.need import Need


class ReturnReason(models.Model):
    """A published reason for which a need may be returned; `excluded` says whether it leaves the satisfaction base."""

    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    explanation = models.CharField(max_length=200)
    excluded = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)


class Assignment(models.Model):
    """A need given to an organisation, which takes it or returns it with a published reason and a route onward."""

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="assignments")
    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    role_label = models.CharField(max_length=120)
    at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.ForeignKey(ReturnReason, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=400, blank=True)
    route_to = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["need"], condition=Q(ended_at__isnull=True), name="assignment_one_standing"
            ),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True) | Q(reason__isnull=False),
                name="assignment_returned_has_reason",
            ),
        ]


class Pause(models.Model):
    """The clock stands still while somebody named is waited for."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="pauses")
    waiting_for = models.CharField(max_length=120)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["need"], condition=Q(ended_at__isnull=True), name="pause_one_standing"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=models.F("started_at")),
                name="pause_ends_after",
            ),
        ]


class Reply(models.Model):
    """An answer to everybody who asked: what was found, what is done, by when and whom to call."""

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="replies")
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    role_label = models.CharField(max_length=120)
    text = models.TextField()
    is_final = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["need", "at", "id"], name="reply_by_need")]


class Judgement(models.Model):
    """What one of those who asked says of the result. Silence has no row and is never counted as consent."""

    class Verdict(models.TextChoices):
        SOLVED = "solved", _("Solved")
        PARTLY = "partly", _("Partly")
        NOT = "not", _("Not solved")

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="judgements")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    look = models.PositiveSmallIntegerField(default=0)
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    word = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["need", "person", "look"], name="judgement_once_a_look")]


class SecondLook(models.Model):
    """Those who asked are asked again some days after the answer: does it still hold?"""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="looks")
    days = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["need", "days"], name="second_look_once")]
        indexes = [models.Index(fields=["due_at"], condition=Q(asked_at__isnull=True), name="second_look_due")]
