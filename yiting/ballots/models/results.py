"""What was counted, what was objected, and what a council decided otherwise."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yiting.ballots.models.candidates import Candidate
from yiting.ballots.models.rounds import Round


class Allocation(models.Model):
    """One count of a round, as its rule gives it; the last one stands, the earlier ones stay to be seen."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="allocations")
    turn = models.PositiveSmallIntegerField()
    # Numbers of the winners in the order chosen.
    winners = models.JSONField()
    cost_fen = models.BigIntegerField()
    # The withdrawn candidates that this count left out.
    left_out = models.JSONField()
    ties = models.JSONField()
    explanation = models.JSONField()
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "turn"], name="allocation_turn_once")]


class Override(models.Model):
    """That a council decides otherwise about one candidate, with its reason and the law that lets it."""

    candidate = models.OneToOneField(Candidate, on_delete=models.PROTECT, related_name="override")
    # True takes a candidate in that did not win, False takes out one that did.
    takes_in = models.BooleanField()
    reason = models.CharField(max_length=400)
    legal_basis = models.CharField(max_length=200)
    role = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason="") & ~Q(legal_basis=""), name="override_says_why")]


class Objection(models.Model):
    """What a resident objects to in a result, and the public answer."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="objections")
    number = models.PositiveSmallIntegerField()
    # Cut when the person is erased.
    person = models.ForeignKey("people.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.CharField(max_length=400)
    at = models.DateTimeField()
    answer = models.CharField(max_length=400, blank=True)
    answered_role = models.CharField(max_length=160, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "number"], name="objection_number_once")]
