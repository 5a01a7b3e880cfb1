"""Who has voted, and what was voted: two tables with nothing in common.

A row of the roll says that somebody has used their vote, a ballot says what was voted. Neither has a time, a serial
number, or anything else that stands in the other; both have random keys. What a reader of the live database could
still see is written in `services/box.py`.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiting.ballots.models.rounds import Round


class RollEntry(models.Model):
    """That a person, a household or an account has used the vote of a round."""

    class Way(models.TextChoices):
        OWN = "own", _("On their own telephone")
        COUNTER = "counter", _("At the counter")
        PAPER = "paper", _("A paper ballot was handed out")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="roll")
    person = models.ForeignKey("people.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    household = models.ForeignKey(
        "people.Household", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    account = models.ForeignKey("people.Account", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    way = models.CharField(max_length=8, choices=Way.choices)
    # Of somebody who was erased while the vote is open: a keyed hash under which they, or their home, are known again.
    seal = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "person"], name="roll_person_once"),
            models.UniqueConstraint(fields=["round", "household"], name="roll_household_once"),
            models.UniqueConstraint(fields=["round", "account"], name="roll_account_once"),
        ]


class VotingPass(models.Model):
    """Leave to vote once at the shared tablet, given at the counter; gone as soon as it is used, or at night."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="passes")
    digest = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    account = models.ForeignKey("people.Account", on_delete=models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "person"], name="pass_once"),
            models.UniqueConstraint(fields=["round", "account"], name="pass_account_once"),
            models.CheckConstraint(
                condition=Q(person__isnull=False, account__isnull=True) | Q(person__isnull=True, account__isnull=False),
                name="pass_of_somebody",
            ),
        ]


class Ballot(models.Model):
    """What one voter wants: `marks` are pairs of a candidate's number and its mark, in order of the numbers.

    The leaf is a hash over the round, the marks and the salt (see `receipts.py`); only the voter was shown the salt.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="ballots")
    marks = models.JSONField()
    salt = models.CharField(max_length=64)
    leaf = models.CharField(max_length=64, unique=True)
    # Only where so many live that it tells of nobody; both are taken out at closing where few voted.
    estate = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    on_paper = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["round", "leaf"], name="ballot_by_leaf")]


class Paper(models.Model):
    """One printed ballot. Its number says only whether it was counted; the marks go once two people read the same."""

    class State(models.TextChoices):
        PRINTED = "printed", _("Printed, not entered yet")
        ENTERED = "entered", _("Entered once")
        DIFFERENT = "different", _("Two entries differ")
        COUNTED = "counted", _("Counted")
        SPOILED = "spoiled", _("Spoiled, not counted")

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="papers")
    serial = models.CharField(max_length=12, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PRINTED)
    # Why a paper that was handed in is not counted.
    reason = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = [models.Index(fields=["round", "state"], name="paper_by_state")]


class PaperEntry(models.Model):
    """One reading of a paper ballot by one person; deleted as soon as the paper is counted."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="entries")
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    marks = models.JSONField()
    # Why this reader holds that it cannot be counted; nothing is read from it then.
    unfit = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["paper", "account"], name="paper_entry_once_a_reader")]
