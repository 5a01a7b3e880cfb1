"""The roll: for whom a round is, whose vote an account or a code uses, and whether it is used."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.utils.translation import gettext as _

from yiting.activities.queries import read_code
from yiting.ballots.errors import NotEligible, PassUnknown
from yiting.ballots.models import RollEntry, Round, VotingPass
from yiting.ballots.policies import can_vote_as_deputy, can_vote_as_member, can_vote_as_resident
from yiting.people import cipher
from yiting.people.actors import YES, Actor, Decision
from yiting.people.models import Household, Person, PersonalRecord, Role
from yiting.people.queries import get_own_person, home_path
from yiting.places.models import Level, Place

# An estate with fewer households is not written beside a ballot: it would say too much.
ESTATE_HOUSEHOLDS = 30


@dataclass(frozen=True, slots=True)
class Voter:
    """Whose vote it is: an account, or a person with the household whose one vote they use, if they have one."""

    person: Person | None = None
    household: Household | None = None
    account_id: int | None = None


def own_voter(round: Round, *, by: Actor) -> Voter:
    """Whose vote an account uses. Refuses those for whom the round is not, with the reason."""
    decision = may_vote(round, by=by)
    if not decision:
        raise NotEligible(decision.reason)
    if round.who != Round.Who.RESIDENTS:
        return Voter(account_id=by.account_id)
    person = get_own_person(by)
    assert person is not None, "only persons live somewhere"
    return resident_voter(round, person)


def may_vote(round: Round, *, by: Actor) -> Decision:
    """Whether the round is for somebody, and why not."""
    if round.who == Round.Who.DEPUTIES:
        mine = Role.objects.filter(account_id=by.account_id, kind="deputy", place_id=round.place_id)
        since = mine.filter(since_on__lte=round.opens_on).exists()
        return can_vote_as_deputy(by, place_path=round.place_path, since_opening=since)
    if round.who == Round.Who.MEMBERS:
        ours = frozenset(round.organisations.values_list("pk", flat=True))
        return can_vote_as_member(by, organisations=ours)
    person = get_own_person(by)
    home = home_path(person)
    proved = (
        person is not None and PersonalRecord.objects.filter(person=person, phone_verified_at__isnull=False).exists()
    )
    decision = can_vote_as_resident(by, place_path=round.place_path, home_path=home, phone_proved=proved)
    if decision and round.by_household and not home.startswith(round.place_path):
        return Decision(
            False,
            _("Each household has one vote here. Say on your own page where you live; the community confirms it."),
        )
    return YES if decision else decision


def has_voted(round: Round, voter: Voter) -> bool:
    """Whether the vote is used."""
    roll = RollEntry.objects.filter(round=round)
    if voter.account_id is not None:
        return roll.filter(account_id=voter.account_id).exists()
    if roll.filter(person=voter.person).exists():
        return True
    if voter.household is not None and roll.filter(household=voter.household).exists():
        return True
    seal = seal_of(round, voter)
    return bool(seal) and roll.filter(seal=seal).exists()


def seal_of(round: Round, voter: Voter) -> str:
    """The keyed hash under which a home, or the proved telephone of a person, is known again in one round alone."""
    if voter.household is not None:
        return cipher.blind_index("vote", f"{round.code}|home|{voter.household.key}")
    phone = PersonalRecord.objects.filter(person=voter.person).values_list("phone_index", flat=True).first()
    return cipher.blind_index("vote", f"{round.code}|phone|{phone}") if phone else ""


def voter_by_pass(round: Round, code: str) -> tuple[Voter, VotingPass]:
    """Whose vote a code from the counter opens."""
    found = (
        VotingPass.objects.select_related("person__household__place")
        .filter(round=round, digest=pass_digest(round, read_code(code)))
        .first()
    )
    if found is None:
        raise PassUnknown
    voter = Voter(account_id=found.account_id) if found.person is None else resident_voter(round, found.person)
    return voter, found


def estate_of(voter: Voter) -> Place | None:
    """The estate to write beside a ballot; None where so few live that it would point at somebody."""
    home = voter.person.household if voter.person is not None else None
    if home is None:
        return None
    keys = [int(key) for key in home.place.path.split("/") if key]
    estate = Place.objects.filter(pk__in=keys, level=Level.ESTATE).first()
    return estate if estate is not None and (estate.households or 0) >= ESTATE_HOUSEHOLDS else None


def resident_voter(round: Round, person: Person) -> Voter:
    """Whose vote a resident uses: their own, or the one of their home."""
    return Voter(person=person, household=person.household if round.by_household else None)


def pass_digest(round: Round, code: str) -> str:
    """What is kept of a code from the counter."""
    return hashlib.sha256(f"{round.code}|{code}".encode()).hexdigest()
