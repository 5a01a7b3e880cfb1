"""Conventions: what neighbours agreed to live by, in versions that nothing overwrites."""

from __future__ import annotations

from django.db import models

from yiting.deliberation.models.resolutions import Resolution


class Convention(models.Model):
    """The convention of an estate or a community."""

    code = models.CharField(max_length=16, unique=True)
    title = models.CharField(max_length=120)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    place_path = models.CharField(max_length=255, db_index=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "title"], name="convention_title_once_at_place")]


class ConventionVersion(models.Model):
    """The whole text as a resolution left it."""

    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    resolution = models.ForeignKey(Resolution, on_delete=models.PROTECT, related_name="convention_versions")
    in_force_on = models.DateField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["convention", "number"], name="convention_number_once"),
            models.UniqueConstraint(fields=["convention", "resolution"], name="convention_amended_once_by_resolution"),
        ]


class Article(models.Model):
    """One article of a version. It keeps its number for good; the number of one struck out stays empty."""

    version = models.ForeignKey(ConventionVersion, on_delete=models.PROTECT, related_name="articles")
    number = models.PositiveSmallIntegerField()
    heading = models.CharField(max_length=60, blank=True)
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="article_number_once")]
