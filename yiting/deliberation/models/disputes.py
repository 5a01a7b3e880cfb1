"""Quarrels that somebody mediates: sealed texts, for the parties and the mediator alone."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Dispute(models.Model):
    """The record of a quarrel. Whoever is neither a party nor its mediator learns neither of whom nor of what it is.

    The ledger counts it, without a place, a role or a word.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Being mediated")
        AGREED = "agreed", _("Everybody agreed")
        CLOSED = "closed", _("Closed")

    code = models.CharField(max_length=16, unique=True)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    place_path = models.CharField(max_length=255)
    mediator = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    subject = models.TextField(_("subject, encrypted"))
    agreement = models.TextField(_("agreement, encrypted"), blank=True)
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | (~Q(state="closed") & Q(closed_at__isnull=True)),
                name="dispute_closed_has_a_time",
            )
        ]


class DisputeParty(models.Model):
    """One of those who quarrel, and when they agreed to the text that lies before them."""

    dispute = models.ForeignKey(Dispute, on_delete=models.CASCADE, related_name="parties")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    agreed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dispute", "person"], name="dispute_party_once"),
            models.UniqueConstraint(fields=["dispute", "position"], name="dispute_party_position_once"),
        ]


class DisputeNote(models.Model):
    """Something noted down: by a party, or by the mediator where no party is named."""

    dispute = models.ForeignKey(Dispute, on_delete=models.CASCADE, related_name="notes")
    party = models.ForeignKey(DisputeParty, on_delete=models.PROTECT, null=True, blank=True, related_name="notes")
    text = models.TextField(_("text, encrypted"), blank=True)
    at = models.DateTimeField()
