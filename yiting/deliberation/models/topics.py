"""What is talked over: topics, who may take part, what there is to know, and who asks for it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Topic(models.Model):
    """A plain question for a place. Its state changes only along the declared transitions (see `states.py`)."""

    class State(models.TextChoices):
        DRAFT = "draft", _("In preparation")
        OPEN = "open", _("Being talked over")
        CLOSING = "closing", _("Last days")
        CLOSED = "closed", _("Voting is over")
        RESOLVED = "resolved", _("Resolved")

    class Origin(models.TextChoices):
        OFFICE = "office", _("Asked by the community")
        RESIDENTS = "residents", _("Proposed by residents")
        NEED = "need", _("From a need")

    class Who(models.TextChoices):
        ANYBODY = "anybody", _("Anybody")
        RESIDENTS = "residents", _("Those who live in the place")
        INVITED = "invited", _("Those who work for the invited organisations")

    code = models.CharField(max_length=16, unique=True)
    question = models.CharField(max_length=120)
    background = models.TextField(blank=True)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    place_path = models.CharField(max_length=255, db_index=True)
    origin = models.CharField(max_length=10, choices=Origin.choices)
    need = models.ForeignKey("needs.Need", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Who proposed it; cut when they are erased.
    proposer = models.ForeignKey("people.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    supports_needed = models.PositiveIntegerField(default=0)
    who = models.CharField(max_length=10, choices=Who.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    # Why the state is what it is, in public words.
    reason = models.CharField(max_length=400, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    # Groups of opinion smaller than this are never shown, on no page and in no export.
    smallest_group = models.PositiveSmallIntegerField(default=5)
    created_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(smallest_group__gte=3), name="topic_groups_from_3"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(opened_at__isnull=False, closes_at__isnull=False) | Q(state="closed"),
                name="topic_open_has_dates",
            ),
            models.CheckConstraint(condition=~Q(origin="need") | Q(need__isnull=False), name="topic_from_a_need"),
        ]
        indexes = [models.Index(fields=["state", "closes_at", "id"], name="topic_by_state")]


class Invitation(models.Model):
    """An organisation whose people are asked to take part."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="invitations")
    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "organisation"], name="invitation_once")]


class Evidence(models.Model):
    """Something to know before one votes: a link, or a file."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="evidence")
    title = models.CharField(max_length=120)
    link = models.URLField(max_length=400, blank=True)
    file = models.FileField(upload_to="deliberation/%Y/%m/", blank=True)
    name = models.CharField(max_length=120, blank=True)
    size = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(link="") & ~Q(file="")) | (~Q(link="") & Q(file="")), name="evidence_link_or_file"
            )
        ]


class TopicSupport(models.Model):
    """Somebody who wants a proposal to be talked over; erasing the person keeps the count."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="supports")
    person = models.ForeignKey("people.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "person"], name="topic_support_once")]
