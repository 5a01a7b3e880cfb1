"""What the votes of a topic amount to, as it stood at one moment."""

from __future__ import annotations

from django.db import models

from yiting.deliberation.models.topics import Topic


class Analysis(models.Model):
    """A snapshot. `shown` is what pages may show; `members` keeps the groups alike from one snapshot to the next.

    `members` maps the numbers of participants to groups, `folded` each group to the one it is published under; neither
    is shown.
    """

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="analyses")
    votes = models.PositiveIntegerField()
    participants = models.PositiveIntegerField()
    # How far the votes and the decisions about statements were read: tells what came since.
    last_event = models.PositiveBigIntegerField()
    last_decision = models.PositiveBigIntegerField(default=0)
    # How far apart each statement drew people, by its number: what is asked next follows it.
    reach = models.JSONField(default=dict)
    shown = models.JSONField()
    members = models.JSONField()
    folded = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["topic", "id"], name="analysis_of_topic")]
