"""What belongs to an activity: papers to read and photos of the day."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yiting.activities.models.activity import Activity


class Material(models.Model):
    """Something to read or take along: a link, or a file."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="materials")
    title = models.CharField(max_length=120)
    link = models.URLField(max_length=400, blank=True)
    file = models.FileField(upload_to="activities/%Y/%m/", blank=True)
    name = models.CharField(max_length=120, blank=True)
    size = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(link="") & ~Q(file="")) | (~Q(link="") & Q(file="")), name="material_link_or_file"
            )
        ]


class ActivityPhoto(models.Model):
    """A photo of the day, re-encoded, with words for those who cannot see it."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="photos")
    file = models.FileField(upload_to="activities/%Y/%m/")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    caption = models.CharField(max_length=120)
    at = models.DateTimeField()
