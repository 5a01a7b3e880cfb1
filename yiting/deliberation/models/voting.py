"""Who takes part, what they say, and how they vote.

A vote points at a participant, never at a person. Only `Participant.person` knows who that is: it is read to find
somebody's own row and for nothing else, and is cut when the person is erased.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiting.deliberation.models.topics import Topic


class Participant(models.Model):
    """One voice in one topic: a person, or a sheet of paper (then without a person). `number` is drawn by lot."""

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="participants")
    person = models.ForeignKey("people.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    number = models.PositiveBigIntegerField()
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["topic", "person"], name="participant_once_in_topic"),
            models.UniqueConstraint(fields=["topic", "number"], name="participant_number_once"),
        ]


class Statement(models.Model):
    """One short sentence to vote on. `number` counts up within its topic, as in a Polis file."""

    class State(models.TextChoices):
        SHOWN = "shown", _("Shown")
        HELD = "held", _("Held back")
        DECLINED = "declined", _("Not shown")

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="statements")
    number = models.PositiveIntegerField()
    # None for what the staff wrote, and for what an erased person wrote.
    author = models.ForeignKey(Participant, on_delete=models.SET_NULL, null=True, blank=True, related_name="statements")
    text = models.CharField(max_length=200)
    is_seed = models.BooleanField(default=False)
    # Says something about the talk itself ("this question is badly put"); kept out of the groups.
    is_meta = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices)
    same_as = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "number"], name="statement_number_once")]
        indexes = [models.Index(fields=["topic", "state", "number"], name="statement_by_state")]


class Moderation(models.Model):
    """One decision about a statement with its reason; all of them are public."""

    class Decision(models.TextChoices):
        HELD = "held", _("Held back until somebody has looked at it")
        SHOWN = "shown", _("Shown")
        DECLINED = "declined", _("Not shown")
        SAME = "same", _("Joined with one that says the same")

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="decisions")
    decision = models.CharField(max_length=10, choices=Decision.choices)
    reason = models.CharField(max_length=400)
    role = models.CharField(max_length=160)
    at = models.DateTimeField()


class VoteValue(models.IntegerChoices):
    """Agree, disagree, pass; the numbers are those of the Polis files."""

    AGREE = 1, _("Agree")
    DISAGREE = -1, _("Disagree")
    PASS = 0, _("Pass")


_KNOWN_VALUE = Q(value__in=VoteValue.values)


class Vote(models.Model):
    """How a participant votes on a statement now; one row, changed until the topic closes."""

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="votes")
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="votes")
    value = models.SmallIntegerField(choices=VoteValue.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["participant", "statement"], name="vote_once"),
            models.CheckConstraint(condition=_KNOWN_VALUE, name="vote_value_known"),
        ]
        indexes = [models.Index(fields=["statement", "value"], name="vote_by_statement")]


class VoteEvent(models.Model):
    """Every vote and every change of one, in order; the last row of a participant and statement counts."""

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="events")
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="events")
    value = models.SmallIntegerField(choices=VoteValue.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=_KNOWN_VALUE, name="vote_event_value_known")]
