"""A year's round: the money, the calendar, who votes and how, and the rule by which it is counted."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """How a ballot is filled in."""

    APPROVAL = "approval", _("Mark all that you want")
    UP_TO = "up_to", _("Mark up to a number")
    POINTS = "points", _("Share out points")
    RANKING = "ranking", _("Put in order")
    KNAPSACK = "knapsack", _("Mark as much as the money allows")
    YES_NO = "yes_no", _("For, against or abstain")


class Rule(models.TextChoices):
    """By which rule the projects are chosen."""

    GREEDY = "greedy", _("Most votes first")
    GREEDY_COST = "greedy_cost", _("Most votes for the money first")
    EQUAL_SHARES = "equal_shares", _("Equal shares")
    PHRAGMEN = "phragmen", _("Phragmén's rule")
    MAX_WELFARE = "max_welfare", _("Most votes in all")
    MAJORITY = "majority", _("Majority of the deputies")


class Satisfaction(models.TextChoices):
    """What a chosen project counts for those who wanted it."""

    COST = "cost", _("As much as it costs")
    CARDINALITY = "cardinality", _("Each project the same")
    COVERED = "covered", _("Whether a voter gets anything at all")
    SCORE = "score", _("As many points, or as high a place, as it was given")


class Completion(models.TextChoices):
    """What is done with money that equal shares leave over."""

    NONE = "none", _("It stays over")
    ADD1 = "add1", _("The shares are raised while the budget holds")
    ADD1_EXHAUSTIVE = "add1_exhaustive", _("The shares are raised until nothing more fits")
    GREEDY = "greedy", _("It goes to the most votes")


class Ties(models.TextChoices):
    """Which of two that stand equal comes first."""

    CHEAPER = "cheaper", _("The cheaper one, then the one higher on the list")
    LISTED = "listed", _("The one higher on the list")
    DRAWN = "drawn", _("A lot drawn from the seal of the ballots, which anybody can draw again")


class Threshold(models.TextChoices):
    """How many deputies must be for a project."""

    HALF_OF_ALL = "half_of_all", _("More than half of all deputies")
    HALF_OF_CAST = "half_of_cast", _("More than half of those who voted")
    TWO_THIRDS_OF_ALL = "two_thirds_of_all", _("More than two thirds of all deputies")


class Round(models.Model):
    """One choosing of a year's projects. Its state changes only along the declared transitions (see `states.py`)."""

    class State(models.TextChoices):
        COLLECTING = "collecting", _("Candidates are collected")
        CHECKING = "checking", _("Candidates are checked")
        PUBLISHED = "published", _("The list is public")
        VOTING = "voting", _("Voting is open")
        COUNTING = "counting", _("Voting is over")
        OBJECTING = "objecting", _("The result is open to objections")
        FINAL = "final", _("The result is final")
        CALLED_OFF = "called_off", _("Called off")

    class Who(models.TextChoices):
        RESIDENTS = "residents", _("Those who live in the place")
        DEPUTIES = "deputies", _("The deputies of the place")
        MEMBERS = "members", _("Those who work for the named organisations")

    code = models.CharField(max_length=16, unique=True)
    title = models.CharField(max_length=120)
    about = models.TextField(blank=True)
    year = models.PositiveSmallIntegerField()
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    place_path = models.CharField(max_length=255, db_index=True)
    budget_fen = models.BigIntegerField()
    who = models.CharField(max_length=10, choices=Who.choices)
    by_household = models.BooleanField(default=False)
    organisations = models.ManyToManyField("people.Organisation", blank=True, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # How many may be marked, or how many points there are to share out.
    most = models.PositiveSmallIntegerField(null=True, blank=True)
    rule = models.CharField(max_length=16, choices=Rule.choices)
    satisfaction = models.CharField(max_length=16, choices=Satisfaction.choices, default=Satisfaction.COST)
    completion = models.CharField(max_length=16, choices=Completion.choices, default=Completion.ADD1)
    ties = models.CharField(max_length=10, choices=Ties.choices, default=Ties.CHEAPER)
    threshold = models.CharField(max_length=20, choices=Threshold.choices, default=Threshold.HALF_OF_ALL)
    # The list must cost more than there is money for, so that there is something to choose.
    longer_list = models.BooleanField(default=True)
    # Estates with fewer ballots than this are told of together, on every page and in every file.
    smallest_group = models.PositiveSmallIntegerField(default=10)
    collect_until_on = models.DateField()
    check_until_on = models.DateField()
    publish_on = models.DateField()
    opens_on = models.DateField()
    closes_on = models.DateField()
    objections_until_on = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.COLLECTING)
    # Why the state is what it is, in public words.
    reason = models.CharField(max_length=400, blank=True)
    # How many deputies or members there were when voting opened; of residents nobody knows the number.
    electorate = models.PositiveIntegerField(null=True, blank=True)
    # The day on which the open box was shuffled last; the day of opening counts as one.
    shuffled_on = models.DateField(null=True, blank=True)
    # Set when voting is closed: the root over the leaves of all ballots, and how many there are.
    root = models.CharField(max_length=64, blank=True)
    ballot_count = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()
    # When the last recorded act happened. Ballots leave no time behind, here as elsewhere.
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(budget_fen__gt=0), name="round_budget_above_0"),
            models.CheckConstraint(condition=Q(smallest_group__gte=5), name="round_groups_from_5"),
            models.CheckConstraint(
                condition=Q(
                    collect_until_on__lte=F("check_until_on"),
                    check_until_on__lte=F("publish_on"),
                    publish_on__lte=F("opens_on"),
                    opens_on__lte=F("closes_on"),
                    closes_on__lte=F("objections_until_on"),
                ),
                name="round_days_in_order",
            ),
            models.CheckConstraint(condition=Q(by_household=False) | Q(who="residents"), name="round_household_lives"),
        ]
        indexes = [models.Index(fields=["-year", "-id"], name="round_by_year")]


class KindLimit(models.Model):
    """At most so many candidates of a kind are built, or for at most so much money."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="limits")
    category = models.CharField(max_length=40)
    most = models.PositiveSmallIntegerField(null=True, blank=True)
    most_cost_fen = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "category"], name="limit_once_for_kind"),
            models.CheckConstraint(
                condition=Q(most__isnull=False) | Q(most_cost_fen__isnull=False), name="limit_says_something"
            ),
            models.CheckConstraint(
                condition=Q(most_cost_fen__isnull=True) | Q(most_cost_fen__gt=0), name="limit_cost_above_0"
            ),
        ]


class RefusedAttempts(models.Model):
    """How often something was refused on a day, by kind; never who tried."""

    class Why(models.TextChoices):
        SECOND = "second", _("A second ballot")
        CLOSED = "closed", _("A ballot outside the days of voting")
        OVER_BUDGET = "over_budget", _("A ballot over the budget")
        WITHDRAWN = "withdrawn", _("A ballot for a withdrawn candidate")
        UNFIT = "unfit", _("A ballot that was not filled in as it must be")
        CLOCK = "clock", _("An act from before the last recorded one: the clock was set back")

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="refused")
    why = models.CharField(max_length=12, choices=Why.choices)
    on = models.DateField()
    number = models.PositiveIntegerField(default=0)
    # How many of them the ledger has been told.
    told = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "why", "on"], name="refused_once_a_day")]


class Observer(models.Model):
    """Somebody appointed to audit a round: they may open every ballot, and the ledger tells when they do."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="observers")
    account = models.ForeignKey("people.Account", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "account"], name="observer_once_in_round")]
