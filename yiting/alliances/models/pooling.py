"""What organisations can give, what needs, projects and organisations ask for, and what came of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Pool(models.Model):
    """One of the things that are pooled (四筹: ideas, money, labour, goods); an office can rename it."""

    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField(default=0)


class ResourceKind(models.Model):
    """A kind of resource and how it is counted: a whole thing goes to one a day, the rest can be divided."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="kinds")
    # What one of it is called: a session, an hour, a piece. Of money it is the yuan, stored as integer fen.
    measure = models.CharField(max_length=12)
    money = models.BooleanField(default=False)
    whole = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(money=True, whole=True), name="resource_money_divides"),
            models.CheckConstraint(condition=~Q(measure=""), name="resource_has_measure"),
        ]


class Offer(models.Model):
    """What an organisation can give. `promised` is what both sides confirmed and was not given up again.

    Of a whole thing `amount` is on how many days it may be had in all; `MatchDay` keeps it to one a day.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        WITHDRAWN = "withdrawn", _("Taken back")
        USED_UP = "used_up", _("Given away")

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    kind = models.ForeignKey(ResourceKind, on_delete=models.PROTECT, related_name="offers")
    title = models.CharField(max_length=80)
    amount = models.PositiveBigIntegerField()
    promised = models.PositiveBigIntegerField(default=0)
    since_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    place_path = models.CharField(max_length=255, db_index=True)
    conditions = models.CharField(max_length=400, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    withdraw_reason = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=1), name="offer_amount_from_1"),
            models.CheckConstraint(condition=Q(promised__lte=F("amount")), name="offer_never_overbooked"),
            models.CheckConstraint(
                condition=Q(since_on__isnull=True) | Q(until_on__isnull=True) | Q(until_on__gte=F("since_on")),
                name="offer_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["state", "kind", "-id"], name="offer_by_kind")]


class Ask(models.Model):
    """What is asked for, by an organisation on its own behalf or for a need or a project."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        MET = "met", _("Met")
        CLOSED = "closed", _("Closed")

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    need = models.ForeignKey("needs.Need", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.ForeignKey(ResourceKind, on_delete=models.PROTECT, related_name="asks")
    title = models.CharField(max_length=80)
    amount = models.PositiveBigIntegerField()
    promised = models.PositiveBigIntegerField(default=0)
    since_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    place_path = models.CharField(max_length=255, db_index=True)
    households = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    close_reason = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=1), name="ask_amount_from_1"),
            models.CheckConstraint(condition=Q(promised__lte=F("amount")), name="ask_never_overfilled"),
            models.CheckConstraint(condition=Q(need__isnull=True) | Q(project__isnull=True), name="ask_for_one_thing"),
            models.CheckConstraint(
                condition=Q(since_on__isnull=True) | Q(until_on__isnull=True) | Q(until_on__gte=F("since_on")),
                name="ask_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["state", "kind", "-id"], name="ask_by_kind")]


class Match(models.Model):
    """An offer and an ask that fit: suggested, claimed by one side, confirmed by the other, delivered."""

    class State(models.TextChoices):
        SUGGESTED = "suggested", _("Suggested")
        CLAIMED = "claimed", _("Waits for the other side")
        CONFIRMED = "confirmed", _("Promised by both")
        DELIVERED = "delivered", _("Delivered")
        REFUSED = "refused", _("Declined")
        WITHDRAWN = "withdrawn", _("Taken back")

    class Side(models.TextChoices):
        OFFER = "offer", _("The giving side")
        ASK = "ask", _("The asking side")

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="matches")
    ask = models.ForeignKey(Ask, on_delete=models.PROTECT, related_name="matches")
    amount = models.PositiveBigIntegerField()
    # How well they fit, as the assignment weighed it, and of what parts; a pair claimed by hand has none.
    fit = models.PositiveIntegerField(null=True, blank=True)
    parts = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SUGGESTED)
    claimed_by = models.CharField(max_length=5, choices=Side.choices, blank=True)
    # Who refused, or gave the promise up, and why.
    ended_by = models.CharField(max_length=5, choices=Side.choices, blank=True)
    reason = models.CharField(max_length=400, blank=True)
    suggested_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    delivered_amount = models.PositiveBigIntegerField(null=True, blank=True)
    delivered_on = models.DateField(null=True, blank=True)
    delivered_note = models.CharField(max_length=400, blank=True)
    thanks = models.CharField(max_length=200, blank=True)
    thanks_public = models.BooleanField(default=False)
    thanks_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=1), name="match_amount_from_1"),
            models.CheckConstraint(
                condition=Q(delivered_amount__isnull=True)
                | Q(delivered_amount__gte=1, delivered_amount__lte=F("amount")),
                name="match_delivers_what_was_promised",
            ),
            models.UniqueConstraint(
                fields=["offer", "ask"],
                condition=Q(state__in=("suggested", "claimed", "confirmed")),
                name="match_stands_once",
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="match_by_state")]


class MatchDay(models.Model):
    """A day on which a whole thing is wanted; `held` once both sides confirmed, and then it is nobody else's."""

    match = models.ForeignKey(Match, on_delete=models.CASCADE, related_name="days")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    held = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["match", "on"], name="match_day_once"),
            models.UniqueConstraint(fields=["offer", "on"], condition=Q(held=True), name="match_day_held_once"),
        ]
