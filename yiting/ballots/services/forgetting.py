"""What is forgotten with a person: their row of the roll and their objections lose them; every count stays."""

from __future__ import annotations

from django.db import transaction

from yiting.ballots.models import Objection, RollEntry, VotingPass
from yiting.people.models import Person


@transaction.atomic
def ballots_forget(*, person: Person) -> None:
    """Part of erasing a person. Their ballot cannot be found, by nobody; it stays in the count."""
    VotingPass.objects.filter(person=person).delete()
    RollEntry.objects.filter(person=person).update(person=None, household=None)
    Objection.objects.filter(person=person).update(person=None)
