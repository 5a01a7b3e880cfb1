"""Resolutions: what was decided, and who does what about it by when."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yiting.deliberation.models.meetings import Point


class Resolution(models.Model):
    """What a meeting or a topic came to. Its text never changes; what is decided later is another resolution."""

    code = models.CharField(max_length=16, unique=True)
    title = models.CharField(max_length=120)
    text = models.TextField()
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    place_path = models.CharField(max_length=255, db_index=True)
    topic = models.ForeignKey(
        "deliberation.Topic", on_delete=models.PROTECT, null=True, blank=True, related_name="resolutions"
    )
    point = models.ForeignKey(Point, on_delete=models.PROTECT, null=True, blank=True, related_name="resolutions")
    decided_on = models.DateField()
    # The need that it opened, if any.
    need = models.ForeignKey("needs.Need", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(topic__isnull=False) | Q(point__isnull=False), name="resolution_comes_from_somewhere"
            )
        ]
        indexes = [models.Index(fields=["-decided_on", "-id"], name="resolution_by_day")]


class ResolutionTask(models.Model):
    """Something that a resolution asks an organisation to do by a day."""

    resolution = models.ForeignKey(Resolution, on_delete=models.PROTECT, related_name="tasks")
    what = models.CharField(max_length=200)
    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True, blank=True)
    # What shows that it is done: words (what a photo would show), and perhaps a link.
    outcome = models.CharField(max_length=400, blank=True)
    evidence = models.URLField(max_length=400, blank=True)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, outcome="", evidence="")
                | (Q(done_at__isnull=False) & ~Q(outcome="")),
                name="task_done_says_how",
            )
        ]
        indexes = [models.Index(fields=["due_on", "id"], condition=Q(done_at__isnull=True), name="task_open_by_day")]


class TaskNote(models.Model):
    """How far a task is, in public words."""

    task = models.ForeignKey(ResolutionTask, on_delete=models.CASCADE, related_name="notes")
    text = models.CharField(max_length=400)
    role = models.CharField(max_length=160)
    at = models.DateTimeField()
