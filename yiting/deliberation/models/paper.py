"""Voting on paper: printed sheets, each entered at least twice, and what two entries agree on."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiting.deliberation.models.topics import Topic
from yiting.deliberation.models.voting import Participant


class Sheet(models.Model):
    """One printed voting sheet; its serial is entered until every line was read the same twice, then never again."""

    class State(models.TextChoices):
        PRINTED = "printed", _("Printed, not entered yet")
        ENTERED = "entered", _("Entered once")
        DIFFERENT = "different", _("Two entries differ")
        COUNTED = "counted", _("Counted")

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="sheets")
    serial = models.CharField(max_length=12, unique=True)
    # The numbers of the statements as they stand on the sheet, from the top down.
    lines = models.JSONField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PRINTED)
    participant = models.OneToOneField(Participant, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    printed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["topic", "state"], name="sheet_by_state")]


class SheetEntry(models.Model):
    """What one person read from a sheet: for each line a vote, or None where nothing was marked."""

    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="entries")
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, null=True, related_name="+")
    turn = models.PositiveSmallIntegerField()
    marks = models.JSONField()
    role = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "turn"], name="sheet_entry_turn_once"),
            models.UniqueConstraint(fields=["sheet", "account"], name="sheet_entry_once_a_reader"),
        ]
