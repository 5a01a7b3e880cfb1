"""A need, its place in the category tree, what was merged into it and what the system suggests about it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a need stands on its way: hear, sort, talk over, choose, do, judge; then it is closed or returned."""

    HEARD = "heard", _("Heard")
    SORTED = "sorted", _("Sorted")
    DISCUSSED = "discussed", _("Being talked over")
    CHOSEN = "chosen", _("Chosen as a project")
    DOING = "doing", _("Being done")
    JUDGING = "judging", _("Waiting for your judgement")
    CLOSED = "closed", _("Closed")
    RETURNED = "returned", _("Returned with a reason")


class Urgency(models.TextChoices):
    """How soon a need must be looked at; it sets the deadline."""

    NORMAL = "normal", _("Normal")
    SOON = "soon", _("Soon")
    URGENT = "urgent", _("Urgent")


class Category(models.Model):
    """A node of the three-level category tree. Days and usual handler are inherited from above when empty."""

    name = models.CharField(max_length=60)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    level = models.PositiveSmallIntegerField()
    full_name = models.CharField(max_length=200, unique=True)
    days_normal = models.PositiveSmallIntegerField(null=True, blank=True)
    days_soon = models.PositiveSmallIntegerField(null=True, blank=True)
    days_urgent = models.PositiveSmallIntegerField(null=True, blank=True)
    usual_handler = models.ForeignKey("people.Organisation", on_delete=models.SET_NULL, null=True, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(level__gte=1, level__lte=3), name="category_level_1_to_3")]


class Need(models.Model):
    """One matter that residents ask for, however many of them said it and in whatever words.

    A need that was merged into another keeps its rows; `parent` is the need it went into and `root` the need that
    stands for it today (itself when unmerged), so that a merge can be undone and every reading joins only once.
    """

    code = models.CharField(max_length=16, unique=True)
    title = models.CharField(max_length=200)
    quote = models.TextField(blank=True)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    place_path = models.CharField(max_length=255)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=12, choices=State.choices, default=State.HEARD)
    urgency = models.CharField(max_length=8, choices=Urgency.choices, default=Urgency.NORMAL)
    is_public = models.BooleanField(default=False)
    root = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="family")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="absorbed")
    version = models.PositiveIntegerField(default=0)

    people_count = models.PositiveIntegerField(default=0)
    household_count = models.PositiveIntegerField(default=0)
    request_count = models.PositiveIntegerField(default=0)
    suggestion_count = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    handler = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    waiting_for = models.CharField(max_length=120, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    unsolved = models.BooleanField(default=False)
    judged_with_project = models.BooleanField(default=False)
    excluded_reason = models.ForeignKey(
        "needs.ReturnReason", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="need_not_its_own_parent"
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="need_state_known"),
        ]
        # a list is picked by key inside one of these: what its filters ask stands in the index beside the order
        indexes = [
            models.Index(
                fields=["-last_at", "-id", "state", "is_public", "place_path", "handler"],
                condition=Q(parent__isnull=True),
                name="need_by_last",
            ),
            models.Index(
                fields=["-people_count", "-id", "state", "is_public", "place_path"],
                condition=Q(parent__isnull=True),
                name="need_by_people",
            ),
            models.Index(
                fields=["state", "-last_at", "-id", "place_path", "handler"],
                condition=Q(parent__isnull=True),
                name="need_by_state",
            ),
            models.Index(
                fields=["due_at", "id", "state", "place_path", "handler"],
                condition=Q(parent__isnull=True, due_at__isnull=False),
                name="need_by_due",
            ),
            models.Index(
                fields=["handler", "state"],
                condition=Q(parent__isnull=True, handler__isnull=False),
                name="need_by_handler",
            ),
            models.Index(
                fields=["waiting_since"],
                condition=Q(parent__isnull=True, waiting_since__isnull=False),
                name="need_waiting",
            ),
            models.Index(
                fields=["-last_at", "-id", "unsolved", "parent", "place_path", "handler"],
                condition=Q(parent__isnull=True, unsolved=True),
                name="need_unsolved",
            ),
        ]


class Merge(models.Model):
    """That one need was merged into another, and when that was undone."""

    keep = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="+")
    absorbed = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="merges")
    reason = models.CharField(max_length=200, blank=True)
    role_label = models.CharField(max_length=120)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["absorbed"], condition=Q(undone_at__isnull=True), name="merge_one_standing_a_need"
            )
        ]


class Suggestion(models.Model):
    """What the system proposes for a need. A refused one is kept, so that it is never proposed again."""

    class Kind(models.TextChoices):
        MERGE = "merge", _("Same matter")
        CATEGORY = "category", _("Category")
        URGENCY = "urgency", _("Urgency")

    class Answer(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")
        CHANGED = "changed", _("Decided otherwise")

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="suggestions")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    target = models.ForeignKey(Need, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    category = models.ForeignKey(Category, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    urgency = models.CharField(max_length=8, choices=Urgency.choices, blank=True)
    score = models.FloatField()
    because = models.JSONField(default=list)
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.OPEN)
    role_label = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["need", "kind", "target", "category", "urgency"],
                nulls_distinct=False,
                name="suggestion_once",
            )
        ]


class SavedView(models.Model):
    """A filter of the inbox that a worker keeps under a name."""

    account = models.ForeignKey("people.Account", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=400)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="saved_view_name_once")]


class HotSnapshot(models.Model):
    """The ranked matters of a place as last computed, so that a page need not group texts while someone waits."""

    place = models.OneToOneField("places.Place", on_delete=models.CASCADE, related_name="+")
    matters = models.JSONField(default=list)
    considered = models.PositiveIntegerField()
    at = models.DateTimeField()
