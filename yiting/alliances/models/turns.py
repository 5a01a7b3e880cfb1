"""Whose turn it is: absences, plans of a period, the turns themselves and swaps of them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yiting.alliances.models.alliance import Alliance, JointKind, Membership


class Absence(models.Model):
    """Days on which a member cannot host, both ends included. The days are public, the reason is not."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="absences")
    from_on = models.DateField()
    to_on = models.DateField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="absence_ends_after_start")]


class TurnPlan(models.Model):
    """A plan of a period: a draft until it is adopted; an alliance has one draft at a time.

    `solved` is what was put to `yiting rotations plan`, as that command reads it, so that anybody can solve it again;
    the figures beside it are what came out.
    """

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="turn_plans")
    since_on = models.DateField()
    until_on = models.DateField()
    # The day on which it was made: turns before it are the past.
    today_on = models.DateField()
    solved = models.JSONField()
    is_optimal = models.BooleanField()
    way = models.CharField(max_length=10)
    spread = models.PositiveIntegerField()
    running = models.PositiveIntegerField()
    repeats = models.PositiveIntegerField()
    changes = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    adopted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=F("since_on")), name="turn_plan_ends_after_start"),
            models.UniqueConstraint(
                fields=["alliance"], condition=Q(adopted_at__isnull=True), name="turn_plan_one_draft"
            ),
        ]


class Turn(models.Model):
    """An occasion that a member hosts. `key` names it in plans and calendars and stays when the day moves.

    With an activity it stands as the activity stands: on its day, and held when it was held. `pinned` turns keep
    their host when the period is planned again (a swap was agreed, or somebody stepped in).
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("To come")
        HELD = "held", _("Held")
        SKIPPED = "skipped", _("Skipped")

    alliance = models.ForeignKey(Alliance, on_delete=models.PROTECT, related_name="turns_of")
    plan = models.ForeignKey(TurnPlan, on_delete=models.PROTECT, related_name="turns")
    key = models.CharField(max_length=20)
    day = models.DateField()
    joint_kind = models.ForeignKey(JointKind, on_delete=models.PROTECT, null=True, blank=True, related_name="turns")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="turns")
    state = models.CharField(max_length=8, choices=State.choices, default=State.PLANNED)
    pinned = models.BooleanField(default=False)
    # Who had the turn and did not take it: owed, whether somebody stepped in or the turn fell away.
    skipped_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="skipped")
    skip_reason = models.CharField(max_length=200, blank=True)
    activity = models.OneToOneField(
        "activities.Activity", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # For calendars: how often it was changed, and when last.
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["alliance", "key"], name="turn_key_once"),
            models.CheckConstraint(
                condition=~Q(state="skipped") | Q(skipped_by__isnull=False), name="turn_skipped_by_somebody"
            ),
        ]
        indexes = [models.Index(fields=["alliance", "day"], name="turn_by_day")]


class Proposal(models.Model):
    """A line of a draft: who would host what. Without a turn it would be a new one."""

    plan = models.ForeignKey(TurnPlan, on_delete=models.CASCADE, related_name="proposals")
    turn = models.ForeignKey(Turn, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    key = models.CharField(max_length=20)
    day = models.DateField()
    joint_kind = models.ForeignKey(JointKind, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "key"], name="proposal_key_once")]


class TurnSwap(models.Model):
    """One host asks another to change turns; both must agree. Of a turn, one question is open at a time."""

    class State(models.TextChoices):
        ASKED = "asked", _("Asked")
        AGREED = "agreed", _("Agreed")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    turn = models.ForeignKey(Turn, on_delete=models.CASCADE, related_name="swaps_asked")
    other = models.ForeignKey(Turn, on_delete=models.CASCADE, related_name="swaps_to_answer")
    # Who hosted what when it was asked: if that changes, the question has lapsed.
    asker = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    answerer = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(turn=F("other")), name="turn_swap_of_two"),
            models.UniqueConstraint(fields=["turn"], condition=Q(state="asked"), name="turn_swap_asked_once"),
        ]
