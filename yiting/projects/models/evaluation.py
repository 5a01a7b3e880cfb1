"""What residents say of a finished project. Silence has no row and is never counted as consent."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiting.needs.models import Judgement
from yiting.projects.models.project import Project


class Evaluation(models.Model):
    """One tap and a word, one a household where the household is known, one a person otherwise."""

    class Basis(models.TextChoices):
        ASKED = "asked", _("asked for it")
        LIVES_THERE = "lives", _("lives there")

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="evaluations")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey(
        "people.Household", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    basis = models.CharField(max_length=6, choices=Basis.choices)
    look = models.PositiveSmallIntegerField(default=0)
    verdict = models.CharField(max_length=8, choices=Judgement.Verdict.choices)
    word = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "person", "look"], name="evaluation_once_a_person"),
            models.UniqueConstraint(
                fields=["project", "household", "look"],
                condition=Q(household__isnull=False),
                name="evaluation_once_a_household",
            ),
        ]


class ProjectLook(models.Model):
    """A second look at a finished project, some days after."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="looks")
    days = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "days"], name="project_look_once")]
