"""A livelihood project of a year, the needs it serves, the visits before it and the steps of building it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """Where a project stands."""

    CANDIDATE = "candidate", _("Candidate")
    CHOSEN = "chosen", _("Chosen")
    BUILDING = "building", _("Being built")
    DELIVERED = "delivered", _("Finished, you judge")
    CLOSED = "closed", _("Judged")
    DROPPED = "dropped", _("Given up")


class Project(models.Model):
    """A project of a year. Money is integer fen and stays empty while nobody has said it."""

    code = models.CharField(max_length=16, unique=True)
    title = models.CharField(max_length=120)
    purpose = models.TextField(blank=True)
    year = models.PositiveSmallIntegerField()
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    place_path = models.CharField(max_length=255, db_index=True)
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.CANDIDATE)
    lead = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # The resolution that it carries out, if one asked for it.
    resolution = models.ForeignKey(
        "deliberation.Resolution", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    budget_fen = models.BigIntegerField(null=True, blank=True)
    spent_fen = models.BigIntegerField(null=True, blank=True)
    households = models.PositiveIntegerField(null=True, blank=True)
    households_on_allowance = models.PositiveIntegerField(null=True, blank=True)
    chosen_on = models.DateField(null=True, blank=True)
    started_on = models.DateField(null=True, blank=True)
    delivered_on = models.DateField(null=True, blank=True)
    delivered_when = models.CharField(max_length=60, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    drop_reason = models.CharField(max_length=400, blank=True)
    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(budget_fen__isnull=True) | Q(budget_fen__gte=0), name="budget_not_below_0"
            ),
            models.CheckConstraint(condition=Q(spent_fen__isnull=True) | Q(spent_fen__gte=0), name="spent_not_below_0"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="project_stage_known"),
        ]
        indexes = [models.Index(fields=["-year", "stage", "-id"], name="project_by_year")]


class ProjectNeed(models.Model):
    """That a project serves a need. A need has at most one standing project."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="serves")
    need = models.ForeignKey("needs.Need", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["need"], condition=Q(ended_at__isnull=True), name="need_in_one_project")
        ]


class NoProject(models.Model):
    """Why a need did not become a project, in words for those who asked."""

    need = models.ForeignKey("needs.Need", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=400)
    role_label = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["need", "year"], name="no_project_once_a_year")]


class FieldVisit(models.Model):
    """A visit on the spot: who came, in which role, and what they found. The day may be unknown."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="visits")
    visited_on = models.DateField(null=True, blank=True)
    when = models.CharField(max_length=60, blank=True)
    organisations = models.ManyToManyField("people.Organisation", blank=True, related_name="+")
    with_deputies = models.BooleanField(default=False)
    deputies = models.PositiveSmallIntegerField(null=True, blank=True)
    findings = models.TextField(blank=True)
    role_label = models.CharField(max_length=120)
    at = models.DateTimeField()


class Milestone(models.Model):
    """A step on the way, planned and done."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="milestones")
    title = models.CharField(max_length=120)
    planned_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    done_when = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=400, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "title"], name="milestone_once")]


class ProjectPhoto(models.Model):
    """A photo of a project: before, under way, after; re-encoded, with words for those who cannot see it."""

    class Kind(models.TextChoices):
        BEFORE = "before", _("Before")
        PROGRESS = "progress", _("Under way")
        AFTER = "after", _("After")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="photos")
    milestone = models.ForeignKey(Milestone, on_delete=models.SET_NULL, null=True, blank=True, related_name="photos")
    visit = models.ForeignKey(FieldVisit, on_delete=models.SET_NULL, null=True, blank=True, related_name="photos")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    file = models.FileField(upload_to="projects/%Y/%m/")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    caption = models.CharField(max_length=120)
    at = models.DateTimeField()
