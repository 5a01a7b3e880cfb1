"""What may be built: candidates with their cost, their check and their reasons."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiting.ballots.models.rounds import Round


class Candidate(models.Model):
    """One project that may be chosen. `number` is its place on the list and on every ballot."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Not checked yet")
        FEASIBLE = "feasible", _("Can be done")
        UNFEASIBLE = "unfeasible", _("Cannot be done")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="candidates")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    purpose = models.TextField(blank=True)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=40, blank=True)
    # At most one of the candidates with the same word here is built.
    alternatives = models.CharField(max_length=40, blank=True)
    cost_fen = models.BigIntegerField(null=True, blank=True)
    need = models.ForeignKey("needs.Need", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    resolution = models.ForeignKey(
        "deliberation.Resolution", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The project that it is in `projects`: there its visits are, and its money once it is chosen.
    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # The division that must say whether it can be done.
    department = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    # Why it can or cannot be done, in the department's public words; and why it was withdrawn.
    check_reason = models.CharField(max_length=400, blank=True)
    checked_role = models.CharField(max_length=160, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=400, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="candidate_number_once"),
            models.UniqueConstraint(
                fields=["round", "need"], condition=Q(need__isnull=False), name="candidate_once_for_need"
            ),
            models.UniqueConstraint(
                fields=["round", "resolution"],
                condition=Q(resolution__isnull=False),
                name="candidate_once_for_resolution",
            ),
            models.CheckConstraint(
                condition=Q(cost_fen__isnull=True) | Q(cost_fen__gt=0), name="candidate_cost_above_0"
            ),
            models.CheckConstraint(
                condition=~Q(state="feasible") | Q(cost_fen__isnull=False), name="candidate_feasible_has_cost"
            ),
        ]
