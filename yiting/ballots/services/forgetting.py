"""What is forgotten with a person: their row of the roll and their objections lose them; every count stays.

While voting is open a keyed hash stays on the row, so that nobody votes twice by being erased; closing wipes it.
"""

from __future__ import annotations

from django.db import transaction

from yiting.ballots.models import Objection, RollEntry, Round, VotingPass
from yiting.ballots.queries.roll import Voter, seal_of
from yiting.people.models import Person


@transaction.atomic
def ballots_forget(*, person: Person) -> None:
    """Part of erasing a person. Their ballot cannot be found, by nobody; it stays in the count."""
    rounds = RollEntry.objects.filter(person=person).values("round")
    # the lock of every other write: a box that is shuffled meanwhile would bring the old rows back
    list(Round.objects.select_for_update().filter(pk__in=rounds).order_by("pk"))
    VotingPass.objects.filter(person=person).delete()
    for entry in RollEntry.objects.filter(person=person).select_related("round", "household"):
        if entry.round.state == Round.State.VOTING:
            entry.seal = seal_of(entry.round, Voter(person=person, household=entry.household))
        entry.person = entry.household = None
        entry.save(update_fields=["seal", "person", "household"])
    Objection.objects.filter(person=person).update(person=None)
