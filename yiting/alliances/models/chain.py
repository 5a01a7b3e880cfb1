"""Who supplies whom along the industry chain."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Relation(models.Model):
    """That one organisation gives another something, regularly; upstream is the one that gives."""

    class Kind(models.TextChoices):
        SUPPLY = "supply", _("Supply")
        RESEARCH = "research", _("Research")
        SERVICE = "service", _("Service")

    upstream = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    downstream = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    what = models.CharField(max_length=80)
    since_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=120)
    ended_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(upstream=F("downstream")), name="relation_between_two"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(since_on__isnull=True) | Q(ended_on__gte=F("since_on")),
                name="relation_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["upstream", "downstream", "kind", "what"],
                condition=Q(ended_on__isnull=True),
                name="relation_stands_once",
            ),
        ]
